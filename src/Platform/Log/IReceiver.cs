using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Log;

/// <summary>
/// Reacts to events. Deliveries come in order per subject, in batches, inside one transaction that also moves the cursor: what a
/// receiver writes through <paramref name="tx"/> takes effect exactly once. What it does elsewhere happens at least once and must be
/// made idempotent by a natural key.
/// </summary>
public interface IReceiver
{
    /// <summary>The event types it wants (<c>typeof(OrderPlaced)</c>, …).</summary>
    IReadOnlyList<Type> Accepts { get; }

    /// <summary>
    /// Throwing for a batch makes the log deliver it one by one; throwing for a single delivery parks it and the later ones of the
    /// same subject, and tries again with back-off.
    /// </summary>
    Task ReceiveAsync(IReadOnlyList<Delivery> deliveries, Transaction tx, CancellationToken ct);
}

/// <summary>An event as it reaches a receiver.</summary>
/// <param name="Live">False for history (imports): it must not fire anything a customer could notice.</param>
public sealed record Delivery(int Partition, long Seq, ILogEvent Event, bool Live, Guid? ImportId)
{
    public Guid SubjectId => Event.SubjectId;

    /// <summary>Of the request behind it; see <see cref="Telemetry.EventTrace"/>.</summary>
    internal byte[]? Trace { get; init; }
}

/// <summary>A receiver under its stable name.</summary>
public sealed record ReceiverRegistration(string Name, Type Type);
