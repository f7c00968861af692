using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Ui;
using Wellmet.Segments.ComputedTraits;
using Wellmet.Segments.Contract;
using Wellmet.Segments.Rules;

namespace Wellmet.Segments.Console;

/// <summary>Computed traits in the console: the list, a trait with its values, and the editor, whose form holds the formula.</summary>
internal static class ComputedTraitRoutes
{
    public const string Path = "/console/computed-traits", WorkbenchPath = Path + "/workbench";

    /// <summary>A new one begins with what is easily changed.</summary>
    private const string First = """{"did":"Order Placed","sum":"net","window":{"last":"365d"}}""";

    public static string Of(Guid traitId) => $"{Path}/{traitId}";

    public static void Map(IEndpointRouteBuilder app)
    {
        var read = app.MapGroup(Path).RequirePermission(SegmentsPermissions.Read);
        read.MapGet("", async (bool? archived, ListComputedTraits list, CancellationToken ct) =>
            Html.Page<ComputedTraitsConsole>(new { Traits = await list.RunAsync(archived is true, ct), Archived = archived is true }));
        read.MapGet("/{id:guid}", (Guid id, ListComputedTraits list, PreviewTrait preview, CancellationToken ct) => ShowAsync(id, null, list, preview, ct));
        var edit = app.MapGroup(Path).RequirePermission(SegmentsPermissions.Edit);
        edit.MapGet("/new", (PreviewTrait preview, Words words, CancellationToken ct) => EditAsync(null, preview, words, ct));
        edit.MapGet("/{id:guid}/edit", async (Guid id, ListComputedTraits list, PreviewTrait preview, Words words, CancellationToken ct) => await EditAsync(await OneAsync(list, id, ct), preview, words, ct));
        edit.MapPost("/workbench", WorkAsync);
        edit.MapPost("/new", (HttpRequest request, [FromForm] string? name, SaveComputedTrait save, PreviewTrait preview, Words words, CancellationToken ct) => SaveAsync(null, request, save, preview, words, ct));
        edit.MapPost("/{id:guid}/edit", (Guid id, HttpRequest request, [FromForm] string? name, SaveComputedTrait save, PreviewTrait preview, Words words, CancellationToken ct) => SaveAsync(id, request, save, preview, words, ct));
        edit.MapPost("/{id:guid}/archive", ArchiveAsync);
        edit.MapPost("/{id:guid}/restore", async (Guid id, ArchiveComputedTrait archive, HttpContext http, Words words, CancellationToken ct) =>
        {
            await archive.RunAsync(id, archived: false, ct);
            new Toast(words["It is in force again."]).Send(http);
            return Results.LocalRedirect(Of(id));
        });
    }

    private static async Task<ComputedTraitRow> OneAsync(ListComputedTraits list, Guid id, CancellationToken ct) => await list.OneAsync(id, ct) ?? throw SaveComputedTrait.Missing();

    private static async Task<IResult> ShowAsync(Guid id, string? error, ListComputedTraits list, PreviewTrait preview, CancellationToken ct)
    {
        var trait = await OneAsync(list, id, ct);
        return Html.Page<ComputedTraitPage>(new { Trait = trait, Preview = await preview.RunAsync(trait.Formula, ct), Error = error }, error is null ? StatusCodes.Status200OK : StatusCodes.Status409Conflict);
    }

    private static async Task<IResult> EditAsync(ComputedTraitRow? trait, PreviewTrait preview, Words words, CancellationToken ct)
    {
        var bench = await BenchAsync(TraitDraft.Of(trait is null ? First : TraitFormulaJson.Write(trait.Formula)), preview, words, ct);
        return Html.Page<ComputedTraitEditor>(new { trait?.TraitId, Name = trait?.Name ?? "", Description = trait?.Description ?? "", Bench = bench });
    }

    private static async Task<IResult> WorkAsync(HttpRequest request, [FromForm] string? op, PreviewTrait preview, Words words, CancellationToken ct)
    {
        var draft = TraitDraft.Of(await request.ReadFormAsync(ct));
        draft.Apply(op);
        return Html.Part<ComputedTraitWorkbench>(new { Bench = await BenchAsync(draft, preview, words, ct) });
    }

    private static async Task<IResult> SaveAsync(Guid? id, HttpRequest request, SaveComputedTrait save, PreviewTrait preview, Words words, CancellationToken ct)
    {
        var form = await request.ReadFormAsync(ct);
        var draft = TraitDraft.Of(form);
        var (name, description) = (form["name"].ToString(), form["description"].ToString());
        try
        {
            return Results.LocalRedirect(Of(await save.RunAsync(id, new ComputedTraitDraft(name, description, TraitFormulaJson.Read(draft.Text)), ct)));
        }
        catch (ProblemException problem) when (problem.Status is StatusCodes.Status400BadRequest or StatusCodes.Status409Conflict)
        {
            return Html.Page<ComputedTraitEditor>(new { TraitId = id, Name = name, Description = description, Bench = await BenchAsync(draft, preview, words, ct), Error = words.Problem(problem) }, problem.Status);
        }
    }

    private static async Task<IResult> ArchiveAsync(Guid id, ArchiveComputedTrait archive, ListComputedTraits list, PreviewTrait preview, HttpContext http, Words words, CancellationToken ct)
    {
        try
        {
            await archive.RunAsync(id, archived: true, ct);
        }
        catch (ProblemException problem) when (problem.Status == StatusCodes.Status409Conflict)
        {
            return await ShowAsync(id, words.Problem(problem), list, preview, ct);
        }
        new Toast(words["Archived"], words["Undo"], Of(id) + "/restore").Send(http);
        return Results.LocalRedirect(Path);
    }

    private static async Task<TraitBench> BenchAsync(TraitDraft draft, PreviewTrait preview, Words words, CancellationToken ct)
    {
        try
        {
            var formula = TraitFormulaJson.Read(draft.Text);
            return new TraitBench(draft, formula, await preview.RunAsync(formula, ct), null);
        }
        catch (ProblemException problem) when (problem.Status == StatusCodes.Status400BadRequest)
        {
            return new TraitBench(draft, null, null, words.Problem(problem));
        }
    }
}

/// <summary>What the editor shows: the formula being edited, and what it says of the shop's customers.</summary>
/// <param name="Formula">Null while the draft is none; then <paramref name="Error"/> says why.</param>
public sealed record TraitBench(TraitDraft Draft, TraitFormula? Formula, TraitPreview? Preview, string? Error);
