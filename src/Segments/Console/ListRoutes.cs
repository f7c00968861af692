using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Ui;
using Wellmet.Platform.Vault;
using Wellmet.Segments.Contract;
using Wellmet.Segments.Definitions;
using Wellmet.Segments.Lists;
using Wellmet.Segments.Lookalikes;

namespace Wellmet.Segments.Console;

/// <summary>Lists in the console: made and renamed, people put on them and taken off; segments kept as a list, compared and combined, and lists of those like others.</summary>
internal static class ListRoutes
{
    private const string Path = SegmentRoutes.Path;
    private const int MostFound = 8, LongestQuery = 100;

    public const string CombinePath = Path + "/combine";

    public static void Map(IEndpointRouteBuilder app)
    {
        var edit = app.MapGroup(Path).RequirePermission(SegmentsPermissions.Edit);
        edit.MapGet("/lists/new", () => Html.Page<ListForm>());
        edit.MapPost("/lists/new", ([FromForm] string? name, [FromForm] string? description, SaveSegment save, Words words, CancellationToken ct) => SaveAsync(null, name, description, save, words, ct));
        edit.MapPost("/lists/{id:guid}", (Guid id, [FromForm] string? name, [FromForm] string? description, SaveSegment save, Words words, CancellationToken ct) => SaveAsync(id, name, description, save, words, ct));
        edit.MapPost("/{id:guid}/members/add", AddAsync);
        edit.MapPost("/{id:guid}/members/remove", (Guid id, [FromForm] Guid customer, ChangeList change, HttpContext http, Words words, CancellationToken ct) => ChangeAsync(id, customer, on: false, SegmentRoutes.Of(id), change, http, words, ct));
        edit.MapPost("/{id:guid}/copy", (Guid id, [FromForm] string? name, CopySegment copy, SegmentView view, Words words, CancellationToken ct) => MakeAsync(id, () => copy.RunAsync(id, name ?? "", "", ct), view, words, ct));
        edit.MapPost("/{id:guid}/lookalikes", (Guid id, [FromForm] string? name, [FromForm] int? count, AskForLookalikes ask, SegmentView view, Words words, CancellationToken ct) => MakeAsync(id, () => ask.RunAsync(id, name ?? "", count ?? 0, ct), view, words, ct));
        edit.MapPost("/{id:guid}/lookalikes/again", async (Guid id, AskForLookalikes ask, CancellationToken ct) =>
        {
            await ask.AgainAsync(id, ct);
            return Results.LocalRedirect(SegmentRoutes.Of(id));
        });
        edit.MapPost("/combine", SaveCombinedAsync);
        // From a customer's page, where the list is chosen.
        edit.MapPost("/lists/of/{customer:guid}/add", (Guid customer, [FromForm] Guid list, ChangeList change, HttpContext http, Words words, CancellationToken ct) => ChangeAsync(list, customer, on: true, PageOf(customer), change, http, words, ct));
        edit.MapPost("/lists/of/{customer:guid}/remove", (Guid customer, [FromForm] Guid list, ChangeList change, HttpContext http, Words words, CancellationToken ct) => ChangeAsync(list, customer, on: false, PageOf(customer), change, http, words, ct));
        app.MapGet(CombinePath, (HttpRequest request, CombineSegments combine, CancellationToken ct) => CombineAsync(Ids(request.Query["with"]), OperationOf(request.Query["as"]), "", "", null, combine, ct)).RequirePermission(SegmentsPermissions.Read);
    }

    private static string PageOf(Guid customer) => $"/console/customers/{customer}";

    private static async Task<IResult> SaveAsync(Guid? id, string? name, string? description, SaveSegment save, Words words, CancellationToken ct)
    {
        try
        {
            return Results.LocalRedirect(SegmentRoutes.Of(await save.RunAsync(id, SegmentDraft.List(name ?? "", description ?? ""), ct)));
        }
        catch (ProblemException problem) when (problem.Status is StatusCodes.Status400BadRequest or StatusCodes.Status409Conflict)
        {
            return Html.Page<ListForm>(new { ListId = id, Name = name ?? "", Description = description ?? "", Error = words.Problem(problem) }, problem.Status);
        }
    }

    /// <param name="customer">Whom to put on the list.</param>
    /// <param name="q">Or what they are known by; where several fit, a person chooses.</param>
    private static async Task<IResult> AddAsync(
        Guid id, [FromForm] Guid? customer, [FromForm] string? q, ListSegments list, ChangeList change, ICustomers customers, SearchTokens search, CurrentActor actor, HttpContext http, Words words, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Read);
        var segment = await SegmentRoutes.OneAsync(list, id, ct);
        if (customer is { } chosen)
        {
            return await ChangeAsync(id, chosen, on: true, SegmentRoutes.Of(id), change, http, words, ct);
        }
        var text = q?.Trim() ?? "";
        IReadOnlyList<Guid> subjects = text.Length is 0 or > LongestQuery ? [] : [.. (await customers.FindAsync([text], ct))[text]];
        subjects = subjects.Count > 0 || text.Length is 0 or > LongestQuery ? subjects : await search.FindAsync(text, MostFound, ct);
        var found = (await customers.CustomersOfAsync(subjects, ct)).Values.Distinct().ToList();
        return found is [var only]
            ? await ChangeAsync(id, only, on: true, SegmentRoutes.Of(id), change, http, words, ct)
            : Html.Page<ListPick>(new { Segment = segment, Query = text, Found = found });
    }

    private static async Task<IResult> ChangeAsync(Guid list, Guid customer, bool on, string back, ChangeList change, HttpContext http, Words words, CancellationToken ct)
    {
        var result = await change.RunAsync(list, [customer], on, "hand", ct);
        new Toast(result.Unknown.Count > 0 ? words["This customer does not exist, or was erased."]
            : result.Changed.Count == 0 ? (on ? words["They are on the list already."] : words["They were not on the list."])
            : on ? words["Put on the list"] : words["Taken off the list"]).Send(http);
        return Results.LocalRedirect(back);
    }

    /// <summary>Makes a list of those who belong to a segment; what keeps it from being made is shown on the segment's page.</summary>
    private static async Task<IResult> MakeAsync(Guid segment, Func<Task<Guid>> make, SegmentView view, Words words, CancellationToken ct)
    {
        try
        {
            return Results.LocalRedirect(SegmentRoutes.Of(await make()));
        }
        catch (ProblemException problem) when (problem.Status is StatusCodes.Status400BadRequest or StatusCodes.Status409Conflict)
        {
            return await view.PageAsync(segment, words.Problem(problem), problem.Status, ct);
        }
    }

    private static async Task<IResult> SaveCombinedAsync(HttpRequest request, CombineSegments combine, Words words, CancellationToken ct)
    {
        var form = await request.ReadFormAsync(ct);
        var (ids, operation, name, description) = (Ids(form["with"]), OperationOf(form["as"]), form["name"].ToString(), form["description"].ToString());
        try
        {
            return Results.LocalRedirect(SegmentRoutes.Of(await combine.SaveAsync(ids, operation, name, description, ct)));
        }
        catch (ProblemException problem) when (problem.Code is not "segments_to_combine" && problem.Status is StatusCodes.Status400BadRequest or StatusCodes.Status409Conflict)
        {
            return await CombineAsync(ids, operation, name, description, words.Problem(problem), combine, ct);
        }
    }

    private static async Task<IResult> CombineAsync(IReadOnlyList<Guid> ids, SetOperation operation, string name, string description, string? error, CombineSegments combine, CancellationToken ct) => ids.Distinct().Count() < 2
        ? Results.LocalRedirect(Path)
        : Html.Page<CombinePage>(new { Overlap = await combine.RunAsync(ids, ct), Operation = operation, Name = name, Description = description, Error = error }, error is null ? 200 : 400);

    private static List<Guid> Ids(Microsoft.Extensions.Primitives.StringValues values) => [.. values.Take(20).Select(v => Guid.TryParse(v, out var id) ? id : Guid.Empty).Where(id => id != Guid.Empty)];

    private static SetOperation OperationOf(string? text) => EnumText.TryRead<SetOperation>(text, out var operation) ? operation : SetOperation.Union;
}
