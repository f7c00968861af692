using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Ui;
using Wellmet.Segments.Contract;
using Wellmet.Segments.Definitions;
using Wellmet.Segments.Histories;
using Wellmet.Segments.Rules;

namespace Wellmet.Segments.Console;

/// <summary>Making and changing segments. The form holds the rule: each change of it is posted, and answered with the form anew and the preview beside it.</summary>
internal static class EditorRoutes
{
    /// <summary>Most characters of a rule's text.</summary>
    public const int LongestRule = 50_000;

    public const string WorkbenchPath = SegmentRoutes.Path + "/workbench";

    /// <summary>A new segment begins with a row that is easily changed.</summary>
    private const string First = """{"all":[{"did":"Order Placed","at_least":1,"window":{"last":"30d"}}]}""";

    public static void Map(IEndpointRouteBuilder app)
    {
        var edit = app.MapGroup(SegmentRoutes.Path).RequirePermission(SegmentsPermissions.Edit);
        edit.MapGet("/new", (ListSegments list, PreviewRule preview, OutlineReader outlines, Words words, CancellationToken ct) => EditAsync(null, list, preview, outlines, words, ct));
        edit.MapGet("/{id:guid}/edit", (Guid id, ListSegments list, PreviewRule preview, OutlineReader outlines, Words words, CancellationToken ct) => EditAsync(id, list, preview, outlines, words, ct));
        edit.MapPost("/workbench", WorkAsync);
        edit.MapPost("/new", (HttpRequest request, [FromForm] string? name, SaveSegment save, ListSegments list, PreviewRule preview, OutlineReader outlines, Words words, CancellationToken ct) => SaveAsync(null, request, save, list, preview, outlines, words, ct));
        edit.MapPost("/{id:guid}/edit", (Guid id, HttpRequest request, [FromForm] string? name, SaveSegment save, ListSegments list, PreviewRule preview, OutlineReader outlines, Words words, CancellationToken ct) => SaveAsync(id, request, save, list, preview, outlines, words, ct));
    }

    private static async Task<IResult> EditAsync(Guid? id, ListSegments list, PreviewRule preview, OutlineReader outlines, Words words, CancellationToken ct)
    {
        var segment = id is { } there ? await SegmentRoutes.OneAsync(list, there, ct) : null;
        if (segment is { Kind: SegmentKind.List })
        {
            return Html.Page<ListForm>(new { ListId = id, segment.Name, segment.Description });
        }
        var draft = RuleDraft.Of(segment is null ? First : RuleJson.Write(segment.Rule));
        var bench = await WorkbenchOfAsync(draft, expert: false, segment?.Visitors ?? false, list, preview, outlines, words, ct);
        return Html.Page<SegmentEditor>(new { SegmentId = id, Name = segment?.Name ?? "", Description = segment?.Description ?? "", Visitors = segment?.Visitors ?? false, Bench = bench });
    }

    private static async Task<IResult> WorkAsync(HttpRequest request, [FromForm] string? op, ListSegments list, PreviewRule preview, OutlineReader outlines, Words words, CancellationToken ct)
    {
        var form = await request.ReadFormAsync(ct);
        var draft = RuleDraft.Of(form);
        draft.Apply(op);
        return Html.Part<RuleWorkbench>(new { Bench = await WorkbenchOfAsync(draft, draft.Root is null || (op ?? form["mode"].ToString()) == "expert", form.ContainsKey("visitors"), list, preview, outlines, words, ct) });
    }

    private static async Task<IResult> SaveAsync(Guid? id, HttpRequest request, SaveSegment save, ListSegments list, PreviewRule preview, OutlineReader outlines, Words words, CancellationToken ct)
    {
        var form = await request.ReadFormAsync(ct);
        var draft = RuleDraft.Of(form);
        var (name, description, visitors) = (form["name"].ToString(), form["description"].ToString(), form.ContainsKey("visitors"));
        try
        {
            return Results.LocalRedirect(SegmentRoutes.Of(await save.RunAsync(id, new SegmentDraft(name, description, RuleJson.Read(draft.Text), visitors), ct)));
        }
        catch (ProblemException problem) when (problem.Status is StatusCodes.Status400BadRequest or StatusCodes.Status409Conflict)
        {
            var bench = await WorkbenchOfAsync(draft, draft.Root is null || form["mode"] == "expert", visitors, list, preview, outlines, words, ct);
            return Html.Page<SegmentEditor>(new { SegmentId = id, Name = name, Description = description, Visitors = visitors, Bench = bench, Error = words.Problem(problem) }, problem.Status);
        }
    }

    private static async Task<Workbench> WorkbenchOfAsync(RuleDraft draft, bool expert, bool visitors, ListSegments list, PreviewRule preview, OutlineReader outlines, Words words, CancellationToken ct)
    {
        var names = await SegmentRoutes.NamesAsync(list, ct);
        var (computed, archived) = (await list.TraitNamesAsync(ct), await list.ArchivedTraitsAsync(ct));
        var suggestions = new RuleSuggestions(await outlines.RunAsync(ct));
        try
        {
            var rule = RuleJson.Read(draft.Text);
            return new Workbench(draft, expert, names, suggestions, rule, await preview.RunAsync(rule, visitors, ct), null) { Computed = computed, Archived = archived };
        }
        catch (ProblemException problem) when (problem.Status == StatusCodes.Status400BadRequest)
        {
            return new Workbench(draft, expert, names, suggestions, null, null, words.Problem(problem)) { Computed = computed, Archived = archived };
        }
    }
}

/// <summary>What the editor shows: the rule being edited, and whom it would hold of.</summary>
/// <param name="Expert">Whether the rule is edited as JSON.</param>
/// <param name="Names">Segments and computed traits that a rule may name.</param>
/// <param name="Suggestions">What its fields suggest.</param>
/// <param name="Rule">Null while the draft is no rule; then <paramref name="Error"/> says why.</param>
public sealed record Workbench(RuleDraft Draft, bool Expert, IReadOnlyDictionary<Guid, string> Names, RuleSuggestions Suggestions, Rule? Rule, RulePreview? Preview, string? Error)
{
    /// <summary>The computed traits among the names.</summary>
    public IReadOnlyDictionary<Guid, string> Computed { get; init; } = new Dictionary<Guid, string>();

    /// <summary>Those of them that are offered no more, but where the rule names them already.</summary>
    public IReadOnlySet<Guid> Archived { get; init; } = new HashSet<Guid>();

    public IEnumerable<(string Id, string Name)> OfferedTraits(string chosen) => Computed.Select(n => (Id: n.Key.ToString(), Name: n.Value)).Where(n => n.Id == chosen || !Archived.Contains(Guid.Parse(n.Id)));
}
