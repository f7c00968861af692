using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Profiles;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Ui;

namespace Wellmet.Customers.Traits;

/// <summary>The page of a customer's traits.</summary>
internal static class CustomerTraitRoutes
{
    public static string Of(Guid customerId) => CustomerRoutes.Of(customerId) + "/traits";

    public static void MapCustomerTraits(this IEndpointRouteBuilder app)
    {
        const string Path = CustomerRoutes.Path + "/{id:guid}/traits";
        app.MapGet(Path, (Guid id) => Page(id, null, null, StatusCodes.Status200OK)).RequirePermission(CustomersPermissions.Read);
        app.MapPost(Path + "/{name}", EditAsync).RequirePermission(CustomersPermissions.Edit);
        app.MapPost(Path + "/{name}/withdraw", async (Guid id, string name, EditTrait edit, HttpContext http, Words words, CancellationToken ct) =>
        {
            await edit.WithdrawAsync(id, name, ct);
            new Toast(words["The other sources count again"]).Send(http);
            return Results.LocalRedirect(Of(id));
        }).RequirePermission(CustomersPermissions.Edit);
    }

    private static async Task<IResult> EditAsync(Guid id, string name, [FromForm] string? value, EditTrait edit, HttpContext http, Words words, CancellationToken ct)
    {
        try
        {
            await edit.RunAsync(id, name, value, ct);
        }
        catch (ProblemException problem) when (problem.Status is StatusCodes.Status400BadRequest or StatusCodes.Status409Conflict)
        {
            return Page(id, name, words.Problem(problem), problem.Status);
        }
        new Toast(words["Saved"]).Send(http);
        return Results.LocalRedirect(Of(id));
    }

    private static IResult Page(Guid id, string? refused, string? error, int status) => Html.Page<CustomerTraitsPage>(new { CustomerId = id, Refused = refused, Error = error }, status);
}
