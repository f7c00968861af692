using Wellmet.Commerce.Catalog;
using Wellmet.Commerce.Connectors;
using Wellmet.Platform;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.ShopPayloads;

/// <summary>Keeps what a shop says of its products, by the same use case as its server's API.</summary>
internal sealed class ShopProducts(SaveProducts save, Database database) : IShopKeeper
{
    public IReadOnlyList<ShopTopic> Topics => [ShopTopic.Product, ShopTopic.ProductGone];

    public async Task<WriteShopDelivery> PrepareAsync(ShopDelivery delivery, CancellationToken ct)
    {
        var said = delivery.Topic == ShopTopic.Product ? delivery.Read.Product(delivery.Payload) : null;
        if (said is null && delivery.Topic == ShopTopic.Product)
        {
            return (_, _) => Task.FromResult(DeliveryOutcome.Ignored("product_of_variants"));
        }
        var id = said?.ExternalId ?? delivery.Read.ProductId(delivery.Payload);
        var known = await database.ReadAsync(s => ConnectedThing.FindAsync(s, delivery.Connection.ConnectionId, ConnectedThing.Product, id, ct), ct);
        // What is gone says no time of its own: it happened when the shop says it did, and nothing older brings it back.
        var changed = said?.ChangedAt ?? (known?.ChangedAt > delivery.TriggeredAt ? known.ChangedAt : delivery.TriggeredAt);
        var thing = new ConnectedThing(delivery.Connection.ConnectionId, ConnectedThing.Product, id, changed, delivery.TriggeredAt)
        {
            Skus = said is null ? known?.Skus ?? [] : [.. said.Variants.Select(v => v.Sku)],
        };
        if (!thing.IsNewerThan(known))
        {
            return (_, _) => Task.FromResult(DeliveryOutcome.Ignored("older"));
        }
        // A variant that is not named any more is not sold any more.
        var gone = (known?.Skus ?? []).Except(said?.Variants.Select(v => v.Sku) ?? []).Select(sku => new SaidProduct(sku, new ProductFacts { Active = false }));
        var outcome = await SaveAsync([.. said?.Variants ?? [], .. gone], ct);
        return async (tx, inner) =>
        {
            await thing.KeepAsync(tx, inner);
            return outcome;
        };
    }

    /// <summary>A variant that cannot be taken does not keep the others from it; its reason is noted.</summary>
    private async Task<DeliveryOutcome> SaveAsync(IReadOnlyList<SaidProduct> rows, CancellationToken ct)
    {
        ProblemException? refused = null;
        var taken = 0;
        foreach (var page in rows.Chunk(SaveProducts.Most))
        {
            var saved = await save.RunAsync(page, ct);
            refused ??= saved.FirstOrDefault(s => s.Problem is not null)?.Problem;
            taken += saved.Count(s => s.Problem is null);
        }
        return refused is not null && taken == 0 ? throw refused : new DeliveryOutcome(DeliveryState.Done, refused?.Code);
    }
}
