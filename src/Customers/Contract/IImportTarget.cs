using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Contract;

/// <summary>
/// Takes the lines of a file. The framework reads, groups, batches, checkpoints and undoes; a target says what a line means.
/// </summary>
public interface IImportTarget
{
    /// <summary>Stable name of the layout, e.g. <c>online-retail</c>; the command line and the upload page name it.</summary>
    string Layout { get; }

    /// <summary>English, translated on display.</summary>
    string Title { get; }

    /// <summary>The columns it needs and knows. A fixed layout names them as the file does; a general one lets people map them.</summary>
    IReadOnlyList<ImportField> Fields { get; }

    /// <summary>Whether the person maps columns to <see cref="Fields"/> first.</summary>
    bool NeedsMapping { get; }

    /// <summary>Lines with equal keys belong together and are never cut apart by a batch; null for a line that stands alone.</summary>
    string? GroupOf(ImportLine line);

    /// <summary>
    /// Reads a batch into what is to be written. Runs outside the transaction: resolves people, seals personal data. Never throws for
    /// bad content: it rejects the line, with the reason.
    /// </summary>
    Task<IImportBatch> PrepareAsync(ImportRun run, IReadOnlyList<ImportLine> lines, CancellationToken ct);

    /// <summary>Deletes what an import added to the target's own tables, a bounded number of rows at each call; true when nothing is left.</summary>
    Task<bool> UndoSomeAsync(Transaction tx, Guid importId, CancellationToken ct);
}

/// <summary>A batch that is ready to be written.</summary>
public interface IImportBatch
{
    /// <summary>Lines that were repaired or rejected, with the reason.</summary>
    IReadOnlyList<ImportRemark> Remarks { get; }

    /// <summary>Writes everything, in the transaction that also moves the checkpoint; a transaction may be run again from the start.</summary>
    /// <returns>How many lines fell into each class, e.g. <c>customer</c>, <c>anonymous</c>, <c>cancelled</c>, <c>adjustment</c>, <c>known</c>.</returns>
    Task<IReadOnlyDictionary<string, long>> WriteAsync(Transaction tx, CancellationToken ct);
}

/// <param name="Required">The import cannot start without it.</param>
/// <param name="Synonyms">Header names by which it is recognised, lower case.</param>
public sealed record ImportField(string Name, string Label, bool Required, IReadOnlyList<string> Synonyms);

/// <summary>The import that is running.</summary>
/// <param name="StorefrontId">Where the orders belong.</param>
/// <param name="DecimalComma">Numbers are written 1.234,56.</param>
/// <param name="DayFirst">Dates are written 31/12/2026.</param>
public sealed record ImportRun(Guid ImportId, Guid StorefrontId, bool DecimalComma, bool DayFirst);

/// <summary>A line of the file: its number (the header is 1) and its cells by field name.</summary>
public sealed record ImportLine(long Number, IReadOnlyDictionary<string, string> Cells)
{
    /// <summary>Trimmed; empty where the file has no such column or cell.</summary>
    public string this[string field] => Cells.TryGetValue(field, out var cell) ? cell.Trim() : "";
}

/// <summary>What became of a line that was not taken as it stood.</summary>
public enum RemarkKind
{
    /// <summary>Not imported.</summary>
    Rejected,

    /// <summary>Imported after a repair that the reason names.</summary>
    Repaired,

    /// <summary>Imported as it stood; worth a look.</summary>
    Flagged,
}

/// <param name="Reason">Code in snake_case, e.g. <c>price_not_a_number</c>; shown in words.</param>
/// <param name="Detail">The offending cell, cut to a few characters, or what was done.</param>
public sealed record ImportRemark(long LineNumber, RemarkKind Kind, string Reason, string Detail);
