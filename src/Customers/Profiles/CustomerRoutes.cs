using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Graph;
using Wellmet.Customers.Identities;
using Wellmet.Customers.Timeline;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Sessions;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Ui;

namespace Wellmet.Customers.Profiles;

/// <summary>Pages of customers.</summary>
[Uses(Purpose.Service, "shows staff the customers whom they serve")]
internal static class CustomerRoutes
{
    public const string Path = "/console/customers";
    private const int PageSize = 50;

    public static string Of(Guid customerId) => $"{Path}/{customerId}";

    public static void MapCustomers(this IEndpointRouteBuilder app)
    {
        app.MapGet(Path, ListAsync).RequirePermission(CustomersPermissions.Read);
        app.MapGet(Path + ".csv", ExportListAsync).RequirePermission(CustomersPermissions.Export).RequireRecentSignIn();
        app.MapGet(Path + "/{id:guid}", ShowAsync).RequirePermission(CustomersPermissions.Read);
        app.MapGet(Path + "/{id:guid}/glance", async (Guid id, ReadCustomer read, CancellationToken ct) =>
            Html.Part<CustomerGlance>(new { Customer = await read.RunAsync(id, ct) })).RequirePermission(CustomersPermissions.Read);
        app.MapGet(Path + "/{id:guid}/identities", IdentitiesAsync).RequirePermission(CustomersPermissions.Read);
        app.MapGet(Path + "/{id:guid}/timeline", TimelineAsync).RequirePermission(CustomersPermissions.Read);
        app.MapPost(Path + "/{id:guid}/profile", EditAsync).RequirePermission(CustomersPermissions.Edit);
        app.MapGet(Path + "/{id:guid}/merge-candidates", CandidatesAsync).RequirePermission(CustomersPermissions.Edit);
        app.MapPost(Path + "/{id:guid}/merge", MergeAsync).RequirePermission(CustomersPermissions.Edit);
        app.MapPost(Path + "/{id:guid}/merges/{merge:guid}/undo", UnmergeAsync).RequirePermission(CustomersPermissions.Edit);
    }

    private static async Task<IResult> ListAsync([AsParameters] CustomerListQuery query, ListCustomers list, CurrentActor actor, TimeProvider time, CancellationToken ct) =>
        Html.Page<CustomersConsole>(new
        {
            Page = await list.RunAsync(query.ToRequest(time.GetUtcNow(), PageSize), ct),
            Countries = await list.CountriesAsync(ct),
            MayExport = actor.May(CustomersPermissions.Export),
        });

    private static IResult ExportListAsync([AsParameters] CustomerListQuery query, [FromQuery] string[] columns, ExportCustomers export, TimeProvider time, CancellationToken ct) =>
        Results.Stream(stream => export.RunAsync(new(query.ToRequest(time.GetUtcNow(), PageSize), columns), stream, ct), "text/csv", "customers.csv");

    private static async Task<IResult> ShowAsync(Guid id, string? kind, string? after, ReadCustomer read, ReadIdentityGraph graph, ReadTimeline timeline, CancellationToken ct)
    {
        var customer = await read.RunAsync(id, ct);
        return customer.CustomerId != id
            ? Results.LocalRedirect(Of(customer.CustomerId))
            : Html.Page<CustomerPage>(new
            {
                Customer = customer, Timeline = await timeline.RunAsync(new(id, Chosen(kind), after), ct), TimelineKind = Chosen(kind),
                Graph = customer.ErasedAt is null ? await graph.RunAsync(customer, ct) : null,
            });
    }

    private static async Task<IResult> IdentitiesAsync(Guid id, ReadCustomer read, ReadIdentityGraph graph, CurrentActor actor, CancellationToken ct)
    {
        var customer = await read.RunAsync(id, ct);
        return Html.Page<IdentitiesPage>(new { Customer = customer, Graph = await graph.RunAsync(customer, ct), MayEdit = actor.May(CustomersPermissions.Edit) });
    }

    /// <summary>The whole timeline when a filter was chosen, its next lines when one scrolled to the end.</summary>
    private static async Task<IResult> TimelineAsync(Guid id, string? kind, string? after, ReadTimeline timeline, CancellationToken ct)
    {
        var shown = new { CustomerId = id, Page = await timeline.RunAsync(new(id, Chosen(kind), after), ct), Kind = Chosen(kind) };
        return after is null ? Html.Part<CustomerTimeline>(shown) : Html.Part<TimelineLines>(shown);
    }

    private static async Task<IResult> EditAsync(
        Guid id, [FromForm] ProfileFields fields, EditProfile edit, HttpContext http, Words words, CancellationToken ct)
    {
        var request = new EditProfile.Request(id, fields.Name, fields.Email, fields.Phone, fields.Country, fields.Locale);
        try
        {
            await edit.RunAsync(request, ct);
        }
        catch (ProblemException problem) when (problem.Status is StatusCodes.Status400BadRequest or StatusCodes.Status409Conflict)
        {
            return Html.Page<ProfilePage>(new { Edited = request, Error = words.Problem(problem) }, problem.Status);
        }
        new Toast(words["Saved"]).Send(http);
        return Results.LocalRedirect(Of(id));
    }

    private static async Task<IResult> CandidatesAsync(Guid id, string? q, ListCustomers list, CancellationToken ct)
    {
        var page = await list.RunAsync(new(q, Limit: 8), ct);
        return Html.Part<MergeCandidates>(new { Rows = page.Rows.Where(r => r.CustomerId != id).ToList() });
    }

    private static async Task<IResult> MergeAsync(Guid id, [FromForm] Guid? other, [FromForm] string? reason, MergeCustomers merge, HttpContext http, Words words, CancellationToken ct)
    {
        var chosen = Enum.GetValues<MergeReason>().FirstOrDefault(r => EnumText.Of(r) == reason, MergeReason.Other);
        var joined = other ?? throw new ProblemException("customer_unknown", "This customer does not exist, or was erased.", 404);
        var merged = await merge.RunAsync(new(id, joined, chosen), ct);
        new Toast(words["Both are one customer now"], words["Undo"], $"{Of(merged.SubjectId)}/merges/{merged.MergeId}/undo").Send(http);
        return Results.LocalRedirect(Of(id));
    }

    private static async Task<IResult> UnmergeAsync(Guid id, Guid merge, UnmergeCustomer unmerge, HttpContext http, Words words, CancellationToken ct)
    {
        await unmerge.RunAsync(new(id, merge), ct);
        new Toast(words["They are two customers again"]).Send(http);
        return Results.LocalRedirect(Of(id));
    }

    private static string? Chosen(string? kind) => string.IsNullOrEmpty(kind) ? null : kind;

    /// <summary>The form of a profile.</summary>
    internal sealed record ProfileFields(string? Name, string? Email, string? Phone, string? Country, string? Locale);
}
