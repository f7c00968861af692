using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Profiles;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Sessions;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Ui;

namespace Wellmet.Customers.Erasure;

/// <summary>Handing out and forgetting everything about one customer.</summary>
[Uses(Purpose.Service, "shows staff whom they are about to erase")]
internal static class ErasureRoutes
{
    public static void MapErasure(this IEndpointRouteBuilder app)
    {
        app.MapGet(CustomerRoutes.Path + "/{id:guid}/data.json", async (Guid id, ExportCustomer export, CancellationToken ct) =>
            Results.File(ExportCustomer.ToJson(await export.RunAsync(id, ct)), "application/json", $"customer-{id}.json")).RequirePermission(CustomersPermissions.Export).RequireRecentSignIn();
        app.MapGet(CustomerRoutes.Path + "/{id:guid}/data.csv", async (Guid id, ExportCustomer export, CancellationToken ct) =>
            Results.File(ExportCustomer.ToCsv(await export.RunAsync(id, ct)), "text/csv", $"customer-{id}.csv")).RequirePermission(CustomersPermissions.Export).RequireRecentSignIn();
        app.MapGet(CustomerRoutes.Path + "/{id:guid}/erase", async (Guid id, ReadCustomer read, CancellationToken ct) =>
            Html.Page<ErasePage>(new { Customer = await read.RunAsync(id, ct) })).RequirePermission(CustomersPermissions.Erase).RequireRecentSignIn();
        app.MapPost(CustomerRoutes.Path + "/{id:guid}/erase", EraseAsync).RequirePermission(CustomersPermissions.Erase).RequireRecentSignIn();
    }

    private static async Task<IResult> EraseAsync(
        Guid id, [FromForm] string? word, EraseCustomer erase, ReadCustomer read, HttpContext http, Words words, CancellationToken ct)
    {
        try
        {
            await erase.RunAsync(new(id, word), ct);
        }
        catch (ProblemException problem) when (problem.Status == StatusCodes.Status400BadRequest)
        {
            return Html.Page<ErasePage>(new { Customer = await read.RunAsync(id, ct), Error = words.Problem(problem) }, problem.Status);
        }
        new Toast(words["The customer is erased"]).Send(http);
        return Results.LocalRedirect(CustomerRoutes.Path);
    }
}
