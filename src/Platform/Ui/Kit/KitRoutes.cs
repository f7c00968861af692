using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform.Access;
using Wellmet.Platform.Ui.Live;
using Wellmet.Platform.Ui.Parts;

namespace Wellmet.Platform.Ui.Kit;

/// <summary>The gallery of the interface kit, for those who build pages; mapped in development only.</summary>
internal static class KitRoutes
{
    private static long done = 324_500;

    /// <summary>How far the example job is; it starts again at the end.</summary>
    public static long Done => Interlocked.Read(ref done) % 541_909;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/console/kit", () => Html.Page<KitPage>()).RequireSignIn();
        app.MapGet("/console/kit/customers/{number:int}", (int number) => Html.Part<KitPanel>(new { Number = number })).RequireSignIn();
        app.MapGet("/console/kit/progress", () => Html.Part<KitProgress>(new { Done })).RequireSignIn();
        app.MapPost("/console/kit/progress", (LiveTopics live) =>
        {
            Interlocked.Add(ref done, 24_180);
            live.Publish("kit:progress");
            return Results.NoContent();
        }).RequireSignIn();
        app.MapPost("/console/kit/upload", (IFormFile file) => Results.LocalRedirect($"/console/kit?uploaded={file.Length}")).RequireSignIn();
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
