using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Ui;
using Wellmet.Privacy.Contract;

namespace Wellmet.Privacy.Purposes;

/// <summary>What the panel on the customer page posts to.</summary>
internal static class PurposeRoutes
{
    private const string Customers = "/console/customers";

    public static string Of(Guid customerId, bool withdraw) => $"{Customers}/{customerId}/objections{(withdraw ? "/withdraw" : "")}";

    public static void MapPurposes(this IEndpointRouteBuilder app)
    {
        app.MapPost(Customers + "/{id:guid}/objections", async (Guid id, [FromForm] string? purpose, ObjectToPurpose act, HttpContext http, Words words, CancellationToken ct) =>
        {
            await act.RunAsync(new(id, Demand(purpose)), ct);
            new Toast(words["The objection is recorded and holds at once"]).Send(http);
            return Results.LocalRedirect($"{Customers}/{id}");
        }).RequirePermission(PrivacyPermissions.Write);
        app.MapPost(Customers + "/{id:guid}/objections/withdraw", async (Guid id, [FromForm] string? purpose, WithdrawObjection act, HttpContext http, Words words, CancellationToken ct) =>
        {
            await act.RunAsync(new(id, Demand(purpose)), ct);
            new Toast(words["The objection is withdrawn"]).Send(http);
            return Results.LocalRedirect($"{Customers}/{id}");
        }).RequirePermission(PrivacyPermissions.Write);
    }

    private static Purpose Demand(string? purpose) => Enum.GetValues<Purpose>().Where(p => EnumText.Of(p) == purpose).Select(p => (Purpose?)p).FirstOrDefault()
        ?? throw new ProblemException("purpose_unknown", "Choose what the data is used for.");
}
