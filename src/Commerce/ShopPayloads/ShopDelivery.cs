using System.Text.Json;
using Wellmet.Commerce.Connectors;
using Wellmet.Commerce.Storefronts;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.ShopPayloads;

/// <summary>A delivery, opened.</summary>
/// <param name="Key">The shop's id of it.</param>
/// <param name="TriggeredAt">When it happened in the shop; when it came, where the shop does not say.</param>
/// <param name="Read">Reads the payload.</param>
internal sealed record ShopDelivery(Connection Connection, Storefront Storefront, ShopTopic Topic, string Key, DateTimeOffset TriggeredAt, JsonElement Payload, IShopPayload Read);

/// <summary>What came of a delivery.</summary>
/// <param name="Reason">A code.</param>
/// <param name="WaitsFor">The shop's id of the order that has to be told first.</param>
/// <param name="Detail">Where in the payload it lies; null where that says nothing.</param>
internal sealed record DeliveryOutcome(DeliveryState State, string? Reason = null, string? WaitsFor = null, string? Detail = null)
{
    public static readonly DeliveryOutcome Done = new(DeliveryState.Done);

    public static DeliveryOutcome Ignored(string reason) => new(DeliveryState.Ignored, reason);
}

/// <summary>Writes what a delivery says, in the transaction that marks it as worked off. May be run again from the start.</summary>
internal delegate Task<DeliveryOutcome> WriteShopDelivery(Transaction tx, CancellationToken ct);

/// <summary>Keeps what deliveries of some topics say.</summary>
internal interface IShopKeeper
{
    IReadOnlyList<ShopTopic> Topics { get; }

    /// <summary>Reads, finds people and seals; what it writes already is no more than the same again when it is repeated.</summary>
    /// <exception cref="Platform.ProblemException">What keeps the content from being taken, however often it is tried.</exception>
    Task<WriteShopDelivery> PrepareAsync(ShopDelivery delivery, CancellationToken ct);
}
