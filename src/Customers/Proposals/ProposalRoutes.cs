using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Profiles;
using Wellmet.Platform.Access;
using Wellmet.Platform.Ui;

namespace Wellmet.Customers.Proposals;

/// <summary>The page where people decide who is one person.</summary>
internal static class ProposalRoutes
{
    public const string Path = CustomerRoutes.Path + "/proposals";

    public static void MapProposals(this IEndpointRouteBuilder app)
    {
        app.MapGet(Path, async (string? after, string? before, ListProposals list, CancellationToken ct) => Html.Page<ProposalsConsole>(new { Page = await list.RunAsync(after, before, ct) }))
            .RequirePermission(CustomersPermissions.Edit);
        app.MapGet(Path + "/run", async (ListProposals list, CancellationToken ct) => Html.Part<ProposalRun>(new { Page = await list.RunAsync(null, null, ct) }))
            .RequirePermission(CustomersPermissions.Edit);
        app.MapPost(Path + "/find", (RequestProposals request) =>
        {
            request.Run();
            return Results.LocalRedirect(Path);
        }).RequirePermission(CustomersPermissions.Edit);
        app.MapPost(Path + "/accept", AcceptAsync).RequirePermission(CustomersPermissions.Edit);
        app.MapPost(Path + "/refuse", RefuseAsync).RequirePermission(CustomersPermissions.Edit);
        app.MapPost(Path + "/automatic", AutomaticAsync).RequirePermission(CustomersPermissions.MergeAutomatically);
    }

    private static async Task<IResult> AcceptAsync([FromForm] Guid first, [FromForm] Guid other, DecideProposal decide, HttpContext http, Words words, CancellationToken ct)
    {
        var merged = await decide.AcceptAsync(new(first, other), ct);
        new Toast(words["Both are one customer now"], words["Undo"], $"{CustomerRoutes.Of(merged.SubjectId)}/merges/{merged.MergeId}/undo").Send(http);
        return Results.LocalRedirect(Path);
    }

    private static async Task<IResult> RefuseAsync([FromForm] Guid first, [FromForm] Guid other, DecideProposal decide, HttpContext http, Words words, CancellationToken ct)
    {
        await decide.RefuseAsync(new(first, other), ct);
        new Toast(words["They stay two customers"]).Send(http);
        return Results.LocalRedirect(Path);
    }

    private static async Task<IResult> AutomaticAsync([FromForm] string? precision, SaveAutomaticMerging save, HttpContext http, Words words, CancellationToken ct)
    {
        await save.RunAsync(double.TryParse(precision, CultureInfo.InvariantCulture, out var wished) ? wished : null, ct);
        new Toast(words["Saved"]).Send(http);
        return Results.LocalRedirect(Path);
    }
}
