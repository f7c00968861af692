using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Storage;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Ui;

namespace Wellmet.Customers.Imports;

internal static class ImportRoutes
{
    public const string Path = "/console/imports";
    private const long FormMargin = 1 << 20;

    public static void MapImports(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup(Path).RequirePermission(CustomersPermissions.Import);
        group.MapGet("", ListAsync);
        group.MapGet("/new", (string? layout, ImportTargets targets, IStorefronts storefronts, CancellationToken ct) => NewAsync(targets, storefronts, layout, null, ct));
        group.MapPost("", UploadAsync)
            .WithMetadata(new RequestSizeLimitAttribute(ImportFiles.LargestUpload + FormMargin))
            .WithFormOptions(multipartBodyLengthLimit: ImportFiles.LargestUpload + FormMargin);
        group.MapGet("/{id:guid}", ShowAsync);
        group.MapGet("/{id:guid}/progress", async (Guid id, ImportLedger ledger, CancellationToken ct) =>
            Html.Part<ImportBar>(new { Import = await ledger.GetAsync(id, ct) }));
        group.MapGet("/{id:guid}/columns", async (Guid id, PreviewImport preview, CancellationToken ct) =>
            Html.Page<ImportColumns>(new { Preview = await preview.RunAsync(id, ct) }));
        group.MapPost("/{id:guid}/columns", ColumnsAsync);
        group.MapPost("/{id:guid}/cancel", CancelAsync);
        group.MapPost("/{id:guid}/continue", ContinueAsync);
        group.MapPost("/{id:guid}/undo", UndoAsync);
        group.MapGet("/{id:guid}/remarks.csv", RemarksAsync);
    }

    private static async Task<IResult> ListAsync(string? after, string? before, ListImports list, CancellationToken ct) =>
        Html.Page<ImportsConsole>(new { Page = await list.RunAsync(after, before, ct) });

    private static async Task<IResult> NewAsync(ImportTargets targets, IStorefronts storefronts, string? layout, string? error, CancellationToken ct)
    {
        var thing = layout is null ? null : ImportTargets.Split(layout).Thing;
        return Html.Page<UploadPage>(new
        {
            Targets = thing is null ? [.. targets.All.Where(t => !t.IsForThing)] : (IReadOnlyList<IImportTarget>)[targets.Named(layout!)],
            Storefronts = (IReadOnlyList<StorefrontLabel>)[.. (await storefronts.AllAsync(ct)).Where(s => !s.Demo)], Layout = layout, Error = error,
            Thing = thing is null ? null : await targets.Named(layout!).DemandThingAsync(thing, ct),
        }, error is null ? 200 : 422);
    }

    private static async Task<IResult> UploadAsync(
        IFormFile? file, [FromForm] string? layout, [FromForm] Guid? storefront, [FromForm] string? dates, UploadImport upload, ImportTargets targets, IStorefronts storefronts, Words words, CancellationToken ct)
    {
        try
        {
            if (file is null)
            {
                throw new ProblemException("file_missing", "Choose a file.", 422);
            }
            await using var content = file.OpenReadStream();
            var importId = await upload.RunAsync(new(content, file.FileName, layout ?? "", storefront, DayFirst(dates)), ct);
            return Results.LocalRedirect($"{Path}/{importId}");
        }
        catch (ProblemException problem) when (problem.Status is >= 400 and < 500)
        {
            return await NewAsync(targets, storefronts, layout, words.Problem(problem), ct);
        }
    }

    private static async Task<IResult> ShowAsync(Guid id, string? kind, ImportDetails details, CancellationToken ct)
    {
        var chosen = EnumText.TryRead<RemarkKind>(kind, out var known) ? known : (RemarkKind?)null;
        var report = await details.RunAsync(id, chosen, ct);
        return report.Import.State == ImportState.Mapping
            ? Results.LocalRedirect($"{Path}/{id}/columns")
            : Html.Page<ImportPage>(new { Report = report, Kind = chosen });
    }

    private static async Task<IResult> ColumnsAsync(Guid id, HttpContext http, ChooseColumns choose, PreviewImport preview, Words words, CancellationToken ct)
    {
        var form = await http.Request.ReadFormAsync(ct);
        var shown = await preview.RunAsync(id, ct);
        var columns = shown.Fields.Select(f => int.TryParse(form["column." + f.Name], out var column) ? column : -1).ToArray();
        try
        {
            await choose.RunAsync(id, columns, DayFirst(form["dates"]), ct);
            return Results.LocalRedirect($"{Path}/{id}");
        }
        catch (ProblemException problem) when (problem.Code is "columns_missing" or "dates_ambiguous")
        {
            var kept = shown with { Import = shown.Import with { Settings = shown.Import.Settings with { Columns = columns } } };
            return Html.Page<ImportColumns>(new { Preview = kept, Error = words.Problem(problem) }, 422);
        }
    }

    /// <summary>What was chosen in <see cref="DatesField"/>.</summary>
    private static bool? DayFirst(string? chosen) => chosen switch { "day" => true, "month" => false, _ => null };

    private static async Task<IResult> CancelAsync(Guid id, CancelImport cancel, CancellationToken ct)
    {
        await cancel.RunAsync(id, ct);
        return Results.LocalRedirect($"{Path}/{id}");
    }

    private static async Task<IResult> ContinueAsync(Guid id, ContinueImport resume, CancellationToken ct)
    {
        await resume.RunAsync(id, ct);
        return Results.LocalRedirect($"{Path}/{id}");
    }

    private static async Task<IResult> UndoAsync(Guid id, UndoImport undo, CancellationToken ct)
    {
        await undo.RunAsync(id, ct);
        return Results.LocalRedirect($"{Path}/{id}");
    }

    private static IResult RemarksAsync(Guid id, string? kind, DownloadRemarks download, CancellationToken ct) => Results.Stream(
        stream => download.RunAsync(id, EnumText.TryRead<RemarkKind>(kind, out var known) ? known : null, stream, ct),
        "text/csv", $"import-{id:N}-remarks.csv");
}
