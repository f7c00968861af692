using System.Text.Json;
using Wellmet.Customers.Imports.Reading;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Imports;

/// <summary>How far an import has come.</summary>
public enum ImportState
{
    /// <summary>Waits until somebody says which column is which.</summary>
    Mapping,
    Queued,
    Running,

    /// <summary>Stops at the end of its batch.</summary>
    Cancelling,

    /// <summary>Stopped on request; can go on.</summary>
    Cancelled,

    /// <summary>Stopped by a fault; can go on.</summary>
    Failed,
    Completed,
    Undoing,
    Undone,
}

/// <summary>A file that is or was imported.</summary>
/// <param name="LinesTotal">An estimate until the import is complete.</param>
/// <param name="LinesDone">Lines up to the checkpoint, rejected ones included.</param>
/// <param name="ResumedAt">Lines at which the present run began.</param>
/// <param name="FileId">The upload, until the import is done; null where whoever runs the import brings the file.</param>
/// <param name="Counts">Lines by class: customer, anonymous, cancelled, adjustment, rejected; and known, those of them that stood already.</param>
/// <param name="Problem">Why it failed, in English.</param>
public sealed record Import(
    Guid ImportId, string Layout, string FileName, ImportState State, long LinesTotal, long LinesDone, long ResumedAt, Guid? FileId, Guid? StorefrontId,
    FileLayout Settings, IReadOnlyDictionary<string, long> Counts, string? Problem, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt)
{
    internal const string Columns = """
        import_id, layout, file_name, state, lines_total, lines_done, resumed_at, file_id, storefront_id, settings, counts, problem, created_at, started_at, finished_at
        """;

    internal static Import Of(Row r) => new(
        r.Guid(0), r.Text(1), r.Text(2), r.Enum<ImportState>(3), r.Long(4), r.Long(5), r.Long(6), r.GuidOrNull(7), r.GuidOrNull(8),
        JsonSerializer.Deserialize<FileLayout>(r.Text(9))!, JsonSerializer.Deserialize<Dictionary<string, long>>(r.Text(10))!,
        r.TextOrNull(11), r.Time(12), r.IsNull(13) ? null : r.Time(13), r.IsNull(14) ? null : r.Time(14));

    public long Count(string name) => Counts.GetValueOrDefault(name);

    /// <summary>Where the import stands, for a bar.</summary>
    public ImportProgress Progress(DateTimeOffset now)
    {
        var elapsed = StartedAt is { } started ? (FinishedAt ?? now) - started : TimeSpan.Zero;
        var rate = elapsed > TimeSpan.FromMilliseconds(200) && LinesDone > ResumedAt ? (LinesDone - ResumedAt) / elapsed.TotalSeconds : (double?)null;
        var left = rate is > 0 && State is ImportState.Running ? TimeSpan.FromSeconds(Math.Max(0, LinesTotal - LinesDone) / rate.Value) : (TimeSpan?)null;
        return new ImportProgress(ImportId, State, LinesDone, Math.Max(LinesTotal, LinesDone), rate, left);
    }
}

/// <param name="Rate">Lines a second; null while nothing can be said.</param>
public sealed record ImportProgress(Guid ImportId, ImportState State, long Done, long Total, double? Rate, TimeSpan? Left);
