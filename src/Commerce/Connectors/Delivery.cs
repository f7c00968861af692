using System.Security.Cryptography;
using System.Text;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Connectors;

/// <summary>What became of a delivery.</summary>
public enum DeliveryState
{
    /// <summary>It is durable, and worked on next.</summary>
    Waiting,

    /// <summary>It speaks of an order that has not been told yet.</summary>
    Held,
    Done,

    /// <summary>There was nothing to do; the reason says why.</summary>
    Ignored,

    /// <summary>The reason says why; its content is kept for a time, so that it can be tried again.</summary>
    Failed,
}

/// <summary>A delivery in a list.</summary>
/// <param name="Reason">A code; null where there is none.</param>
/// <param name="Detail">Where in the payload it lies.</param>
public sealed record DeliveryItem(Guid DeliveryId, string Topic, DateTimeOffset ReceivedAt, DeliveryState State, string? Reason, long Attempts, DateTimeOffset? FinishedAt, string? Detail)
{
    internal const string Columns = "delivery_id, topic, received_at, state, reason, attempts, finished_at, detail";

    internal static DeliveryItem Of(Row r) => new(r.Guid(0), r.Text(1), r.Time(2), r.Enum<DeliveryState>(3), r.TextOrNull(4), r.Long(5), r.TimeOrNull(6), r.TextOrNull(7));
}

/// <summary>Ids that follow from what the shop calls a thing, so that the same is the same however often it is told.</summary>
internal static class ShopIds
{
    public static Guid Of(Guid connection, string kind, string externalId) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}|{connection:N}|{externalId}")).AsSpan(0, 16), bigEndian: true);

    /// <summary>Under which the bodies of one day are sealed: destroyed with the last of them.</summary>
    public static Guid BodyKeyOf(Guid connection, DateTimeOffset at) => Of(connection, "bodies", $"{at.UtcDateTime:yyyy-MM-dd}");
}
