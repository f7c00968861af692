using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;

namespace Wellmet.Customers.Imports;

/// <summary>How a file would be read.</summary>
/// <param name="Fields">What the layout knows.</param>
/// <param name="Rows">Its first lines, cell by cell.</param>
public sealed record ImportPreview(Import Import, IReadOnlyList<ImportField> Fields, IReadOnlyList<IReadOnlyList<string>> Rows);

/// <summary>Shows the beginning of an uploaded file, to check which column is which.</summary>
public sealed class PreviewImport(ImportLedger ledger, ImportTargets targets, ImportFiles files, CurrentActor actor)
{
    private const int RowsShown = 20, LongestCell = 60;

    /// <exception cref="ProblemException"><c>import_unknown</c>.</exception>
    public async Task<ImportPreview> RunAsync(Guid importId, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Import);
        var import = await ledger.GetAsync(importId, ct);
        var target = targets.Named(import.Layout);
        return new ImportPreview(import, target.Fields, await files.AreHereAsync(import, ct) ? await RowsAsync(import, ct) : []);
    }

    private async Task<IReadOnlyList<IReadOnlyList<string>>> RowsAsync(Import import, CancellationToken ct)
    {
        using var reader = await import.Settings.OpenAsync(files.SourceOf(import.FileId!.Value), ct);
        var rows = new List<IReadOnlyList<string>>();
        while (rows.Count < RowsShown && reader.Read() is { } record)
        {
            rows.Add(record.Fault is null ? [.. record.Cells.Select(Cut)] : [record.Raw]);
        }
        return rows;
    }

    private static string Cut(string cell) => cell.Length <= LongestCell ? cell : cell[..LongestCell] + "…";
}
