using System.Text.Json;
using Wellmet.Commerce.Connectors;
using Wellmet.Commerce.ShopPayloads;
using Wellmet.Commerce.Storefronts;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Mappings;

/// <summary>
/// Keeps what a mapping makes of a delivery: each thing goes the way of what shop systems send, in a transaction of its own, and each has an id, so that a delivery which is taken up again repeats nothing. A thing that
/// cannot be taken stops no other; the delivery failed then, with the first reason and its place, unless something in it waits: then all of it is taken up again when that has come.
/// </summary>
internal sealed class WorkMapped(Database database, MappingStore mappings, IEnumerable<IShopKeeper> keepers)
{
    public async Task<WriteShopDelivery> PrepareAsync(DueDelivery due, Connection connection, Storefront storefront, string body, ConnectionLease lease, CancellationToken ct)
    {
        if (await mappings.CurrentAsync(connection.ConnectionId, ct) is not { } version)
        {
            return async (tx, inner) => await MappingStore.HasAsync(tx, connection.ConnectionId, inner) ? new DeliveryOutcome(DeliveryState.Waiting) : new DeliveryOutcome(DeliveryState.Held, "mapping_missing");
        }
        var payload = new MappedPayload(connection, storefront, due.Topic, due.Key, due.ReceivedAt, ParsePayload(body));
        var outcomes = new List<DeliveryOutcome>();
        var things = ReadMapped.Run(CompiledMapping.Of(version.Mapping), payload);
        foreach (var thing in things)
        {
            outcomes.Add(await TakeAsync(thing, payload, lease, ct));
        }
        for (var i = 0; i < things.Count; i++)
        {
            // What it waits for may stand behind it in the same payload.
            outcomes[i] = outcomes[i].State == DeliveryState.Held ? await TakeAsync(things[i], payload, lease, ct) : outcomes[i];
        }
        var outcome = outcomes.Count == 0 ? DeliveryOutcome.Ignored("mapping_none") : outcomes.MinBy(o => o.State switch { DeliveryState.Held => 0, DeliveryState.Failed => 1, DeliveryState.Done => 2, _ => 3 })!;
        return (_, _) => Task.FromResult(outcome);
    }

    /// <exception cref="ProblemException"><c>payload_invalid</c> (422).</exception>
    public static JsonElement ParsePayload(string body) => ShopJson.Parse(body, JsonValueKind.Object, JsonValueKind.Array);

    private async Task<DeliveryOutcome> TakeAsync(MappedThing thing, MappedPayload payload, ConnectionLease lease, CancellationToken ct)
    {
        if (thing.Value is null)
        {
            var error = thing.Errors[0];
            return new DeliveryOutcome(DeliveryState.Failed, error.Problem.Code, Detail: $"{error.Field} ({error.At})");
        }
        var topic = TopicOf(thing.Kind);
        try
        {
            var delivery = new ShopDelivery(payload.Connection, payload.Storefront, topic, payload.Key, payload.At, payload.Root, new Mapped(thing.Value));
            var write = await keepers.First(k => k.Topics.Contains(topic)).PrepareAsync(delivery, ct);
            return await database.WriteAsync(async tx =>
            {
                await lease.DemandAsync(tx, ct);
                return await write(tx, ct);
            }, ct);
        }
        catch (ProblemException refused) when (refused.Status < 500)
        {
            return new DeliveryOutcome(DeliveryState.Failed, refused.Code, Detail: EnumText.Of(thing.Kind));
        }
    }

    private static ShopTopic TopicOf(MappingKind kind) => kind switch
    {
        MappingKind.Order => ShopTopic.Order,
        MappingKind.Refund => ShopTopic.Refund,
        MappingKind.Parcel => ShopTopic.Parcel,
        MappingKind.Customer => ShopTopic.Customer,
        MappingKind.Product => ShopTopic.Product,
        _ => ShopTopic.Event,
    };

    /// <summary>What was read already.</summary>
    private sealed record Mapped(object Value) : IShopPayload
    {
        public ShopOrder? Order(JsonElement payload, out string? ignored)
        {
            ignored = null;
            return (ShopOrder)Value;
        }

        public ShopRefund Refund(JsonElement payload) => (ShopRefund)Value;

        public ShopParcel Parcel(JsonElement payload) => (ShopParcel)Value;

        public ShopPerson Customer(JsonElement payload) => (ShopPerson)Value;

        public ShopProduct? Product(JsonElement payload) => (ShopProduct)Value;

        public string ProductId(JsonElement payload) => ((ShopProduct)Value).ExternalId;

        public ShopPerson About(JsonElement payload) => (ShopPerson)Value;

        public MappedEvent Event(JsonElement payload) => (MappedEvent)Value;
    }
}

/// <summary>Keeps events that programs tell, as the collection API keeps those of the shop's server.</summary>
internal sealed class MappedEvents(ICollectedEvents events) : IShopKeeper
{
    public IReadOnlyList<ShopTopic> Topics => [ShopTopic.Event];

    public async Task<WriteShopDelivery> PrepareAsync(ShopDelivery delivery, CancellationToken ct)
    {
        var told = delivery.Read.Event(delivery.Payload);
        var isNew = await events.TellAsync(new(delivery.Connection.ConnectionId, delivery.Storefront.StorefrontId, told.MessageId, told.Person, told.At, told.Name, told.Properties), ct);
        return (_, _) => Task.FromResult(isNew ? DeliveryOutcome.Done : DeliveryOutcome.Ignored("older"));
    }
}
