using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Contract;

/// <summary>
/// A layout of files: takes their lines. The framework reads, groups, batches, checkpoints and undoes; a target says what a line means.
/// </summary>
public interface IImportTarget
{
    /// <summary>Stable name, e.g. <c>online-retail</c>; the command line and the upload page name it.</summary>
    string Layout { get; }

    /// <summary>English, translated on display.</summary>
    string Title { get; }

    /// <summary>The columns it knows; a line's cells are read by position in this list.</summary>
    IReadOnlyList<ImportField> Fields { get; }

    /// <summary>Whether a person checks which column is which first. A fixed layout names its columns as the file does.</summary>
    bool NeedsMapping { get; }

    /// <summary>
    /// How this layout writes dates where a whole file does not show it: true for the day before the month. Null where whoever brings the file has to say.
    /// </summary>
    bool? DayFirst { get; }

    /// <summary>
    /// Whether a file of this layout is for some thing of the shop, whose id follows the name after a colon: <c>list-csv:0199…</c>. Such a file begins on that thing's page, and a person
    /// is asked for columns only where one is not found.
    /// </summary>
    bool IsForThing => false;

    /// <summary>What that thing is called; asked before a file is taken.</summary>
    /// <exception cref="Platform.ProblemException">There is no such thing, or it takes no files.</exception>
    /// <exception cref="Platform.Access.ForbiddenException">The actor may not change it.</exception>
    Task<string> DemandThingAsync(string thing, CancellationToken ct) => throw new NotSupportedException($"The layout '{Layout}' is for no thing.");

    /// <summary>Neighbouring lines with equal keys are not cut apart by a batch; null for a line that stands alone.</summary>
    string? GroupOf(ImportLine line);

    /// <summary>Begins, or takes up again, the import of one file.</summary>
    Task<IImportReader> StartAsync(ImportRun run, CancellationToken ct);

    /// <exception cref="Platform.ProblemException">What keeps the import from being undone.</exception>
    Task DemandUndoableAsync(Guid importId, CancellationToken ct);

    /// <summary>Deletes what an import added to the target's own tables, a bounded number of rows at each call; true when nothing is left.</summary>
    Task<bool> UndoSomeAsync(Transaction tx, Guid importId, CancellationToken ct);
}

/// <summary>Reads the lines of one file, from the first to the last, in one process.</summary>
public interface IImportReader
{
    /// <summary>Lines that were taken before the run was interrupted: nothing is written, but they count where lines are told apart by how often they came.</summary>
    void Skip(IReadOnlyList<ImportLine> lines);

    /// <summary>
    /// Reads a batch into what is to be written. Runs outside the transaction: resolves people, seals personal data. Never throws for
    /// bad content: it rejects the line, with the reason.
    /// </summary>
    Task<IImportBatch> PrepareAsync(IReadOnlyList<ImportLine> lines, CancellationToken ct);

    /// <summary>Everything is written: brings up to date what is derived from all lines together. May run again after an interruption.</summary>
    Task CompleteAsync(CancellationToken ct);
}

/// <summary>A batch that is ready to be written.</summary>
public interface IImportBatch
{
    /// <summary>Lines that were rejected, repaired or flagged, with the reason.</summary>
    IReadOnlyList<ImportRemark> Remarks { get; }

    /// <summary>How many lines fell into each class, e.g. <c>customer</c>, <c>anonymous</c>, <c>cancelled</c>, <c>adjustment</c>, <c>rejected</c>, <c>known</c>.</summary>
    IReadOnlyDictionary<string, long> Counts { get; }

    /// <summary>
    /// Writes everything, in the transaction that also moves the checkpoint. The transaction may be run again from the start; a unique
    /// key that turns out taken means that somebody else wrote since <see cref="IImportReader.PrepareAsync"/>, and the run starts again from the checkpoint.
    /// </summary>
    Task WriteAsync(Transaction tx, CancellationToken ct);
}

/// <summary>What kind of content a column has; numbers and dates are looked at to find out how the file writes them.</summary>
public enum ImportFieldKind
{
    Text,
    Number,
    Time,
}

/// <param name="Required">The import cannot start without it.</param>
/// <param name="Synonyms">Header names by which it is recognised, lower case, without spaces and punctuation.</param>
public sealed record ImportField(string Name, string Label, bool Required, ImportFieldKind Kind, IReadOnlyList<string> Synonyms);

/// <summary>The import that is running.</summary>
/// <param name="StorefrontId">Where the orders belong; null for the shop's first storefront, which is made where there is none.</param>
/// <param name="Thing">What the file is for; null where the layout is for none.</param>
public sealed record ImportRun(Guid ImportId, Guid? StorefrontId, ImportFormat Format, string? Thing = null)
{
    /// <summary>The headings of the file, column by column.</summary>
    public IReadOnlyList<string> Headings { get; init; } = [];

    /// <summary>For each field of the layout the column it is in, or -1.</summary>
    public IReadOnlyList<int> Columns { get; init; } = [];
}

/// <summary>A line of the file: its number (the header is 1) and its cells by position of the field in the layout.</summary>
/// <param name="cells">All cells of the line.</param>
/// <param name="columns">For each field the column it is in, or -1.</param>
public sealed class ImportLine(long number, string[] cells, int[] columns)
{
    public long Number { get; } = number;

    public IReadOnlyList<string> Cells => cells;

    /// <summary>Trimmed; empty where the file has no such column or cell.</summary>
    public string this[int field] => columns[field] is >= 0 and var column && column < cells.Length ? cells[column].Trim() : "";
}

/// <summary>What became of a line that was not simply taken as it stood.</summary>
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
/// <param name="Detail">The offending cell, cut to a few characters, or what was done; may be empty.</param>
public sealed record ImportRemark(long LineNumber, RemarkKind Kind, string Reason, string Detail);

/// <summary>What others may ask about imports.</summary>
public interface IImports
{
    /// <summary>Lines that were rejected, over all imports that stand, but for those of some layouts and of those that are for some thing.</summary>
    Task<long> RejectedLinesAsync(IReadOnlyCollection<string> exceptLayouts, CancellationToken ct);
}
