using Wellmet.Commerce.Storefronts;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.ShopEvents;

/// <summary>
/// Finds the storefront that an event is of: that of its key; else the one that it names (<c>affiliation</c>: name, domain or id); else the only one
/// in which its number stands, so that a server confirms what a page of that storefront told; else the first.
/// </summary>
internal sealed class FindToldStorefront(ImportStorefront storefronts)
{
    public async Task<Storefront> RunAsync(Transaction tx, OrderEventCollected told, string number, CancellationToken ct)
    {
        var all = await tx.QueryAsync($"select {Storefront.Columns} from commerce_storefronts where not demo order by created_at, storefront_id", null, Storefront.Of, ct);
        return all.Find(s => s.StorefrontId == told.Source.StorefrontId) ?? Named(all, told)
            ?? (all.Count > 1 ? await StandingAsync(tx, all, number, ct) : null) ?? all.FirstOrDefault()
            ?? await storefronts.FirstAsync(tx, ToldOrder.CurrencyOf(told, "EUR"), ct);
    }

    private static Storefront? Named(List<Storefront> all, OrderEventCollected told) =>
        EventProperties.TextIn(told.Source.Properties.Root, "affiliation") is not { } name ? null
            : all.Find(s => new[] { s.Name, s.Domain, s.StorefrontId.ToString() }.Contains(name, StringComparer.OrdinalIgnoreCase));

    private static async Task<Storefront?> StandingAsync(Transaction tx, List<Storefront> all, string number, CancellationToken ct)
    {
        var standing = await tx.QueryAsync("select storefront_id from commerce_order_numbers where number = @number and document = 'order'", new { number }, r => r.Guid(0), ct);
        return all.FindAll(s => standing.Contains(s.StorefrontId)) is [var only] ? only : null;
    }
}
