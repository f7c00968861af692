using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform.Access;
using Wellmet.Platform.Ui.Parts;

namespace Wellmet.Platform.Ui.Kit;

/// <summary>The gallery of the interface kit, for those who build pages; mapped in development only.</summary>
internal static class KitRoutes
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/console/kit", () => Html.Page<KitPage>()).RequireSignIn();
        app.MapGet("/console/kit/customers/{number:int}", (int number) => Html.Part<KitPanel>(new { Number = number })).RequireSignIn();
        app.MapGet("/console/kit/sign-in", () => Html.Page<KitSignIn>()).RequireSignIn();
        app.MapGet("/console/kit/error", (Words words) => Html.Page<ErrorPage>(new
        {
            Status = 404,
            Title = words["This page is not here"],
            Message = words["It may have been moved or removed, or the address has a mistake."],
            Reference = "0HN8",
        }, 404)).RequireSignIn();
    }
}
