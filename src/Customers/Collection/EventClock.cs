namespace Wellmet.Customers.Collection;

/// <summary>When an event happened, by our clock: devices' clocks are wrong, but the time between two of their readings is right.</summary>
/// <remarks>Segment, Common Fields: timestamp = receivedAt − (sentAt − originalTimestamp).</remarks>
internal static class EventClock
{
    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="happenedAt">As the sender's clock said it; null for now.</param>
    /// <param name="sentAt">When the sender sent it, by the same clock; null for a file of old events, whose times are true.</param>
    public static DateTimeOffset OccurredAt(DateTimeOffset? happenedAt, DateTimeOffset? sentAt, DateTimeOffset receivedAt)
    {
        if (happenedAt is not { } happened)
        {
            return receivedAt;
        }
        // Computed in ticks: both times come from outside, and their difference need not be a date.
        var ticks = sentAt is { } sent ? receivedAt.UtcTicks - (sent.UtcTicks - happened.UtcTicks) : happened.UtcTicks;
        return ticks > receivedAt.UtcTicks + CollectionLimits.Ahead.Ticks || ticks < Earliest.UtcTicks ? receivedAt : new DateTimeOffset(ticks, TimeSpan.Zero);
    }
}
