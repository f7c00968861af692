namespace Wellmet.Platform.Log;

/// <summary>Settings of the log's workers; the defaults suit production, tests shorten them.</summary>
public sealed record LogOptions
{
    /// <summary>Name of this process among the nodes; unique for each start.</summary>
    public string Node { get; init; } = $"{Environment.MachineName}:{Environment.ProcessId}:{Id.New().ToString("N")[^6..]}";

    /// <summary>How long a partition stays ours without renewal.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often leases are renewed.</summary>
    public TimeSpan Renewal { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long to sleep where no signal comes.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a receiver leaves news that are not for it; its cursor moves past them then.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a receiver that has delivered all there was rests before it looks again: what comes all the time is delivered together, what comes after a silence at once. On PostgreSQL.</summary>
    public TimeSpan Rest { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Events in one transaction of a receiver.</summary>
    public int Batch { get; init; } = 500;

    /// <summary>About so many bytes of what this process told last stay in memory for its receivers.</summary>
    public long RecentBytes { get; init; } = 32L * 1024 * 1024;

    /// <summary>Tries before an event becomes a dead letter.</summary>
    public int Attempts { get; init; } = 12;

    /// <summary>First wait after a failure; doubles each time, with full jitter, up to an hour.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromSeconds(1);
}
