using Wellmet.Commerce.Storefronts;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.ShopEvents;

/// <summary>Counts by day what shoppers looked at, put into baskets and wished for.</summary>
internal static class CountInterest
{
    private static readonly BulkInsert<Interest> Add = new("commerce_daily_interest",
        new("product_id", typeof(Guid), i => i.ProductId),
        new("storefront_id", typeof(Guid), i => i.StorefrontId),
        new("day", typeof(DateOnly), i => i.Day),
        new("views", typeof(long), i => i.Views),
        new("baskets", typeof(long), i => i.Baskets),
        new("wishes", typeof(long), i => i.Wishes))
    {
        OnConflict = """
            on conflict (product_id, storefront_id, day) do update set views = commerce_daily_interest.views + excluded.views,
              baskets = commerce_daily_interest.baskets + excluded.baskets, wishes = commerce_daily_interest.wishes + excluded.wishes
            """,
    };

    public static async Task RunAsync(Transaction tx, IReadOnlyCollection<ToldProduct> told, CancellationToken ct)
    {
        if (told.Count == 0)
        {
            return;
        }
        var shops = await tx.QueryAsync($"select {Storefront.Columns} from commerce_storefronts order by created_at, storefront_id", null, Storefront.Of, ct);
        var counted = told.Where(t => t.Event.Name is "Product Viewed" or "Product Added" or "Product Added to Wishlist").Select(t => Of(t.Event, t.ProductId, shops)).OfType<Interest>()
            .GroupBy(i => (i.ProductId, i.StorefrontId, i.Day))
            .Select(g => new Interest(g.Key.ProductId, g.Key.StorefrontId, g.Key.Day, g.Sum(i => i.Views), g.Sum(i => i.Baskets), g.Sum(i => i.Wishes)))
            .OrderBy(i => i.ProductId).ThenBy(i => i.StorefrontId).ThenBy(i => i.Day).ToList(); // one order for all nodes: no deadlocks
        await Add.RunAsync(tx, counted, ct);
    }

    private static Interest? Of(ShopEventCollected e, Guid product, IReadOnlyList<Storefront> shops)
    {
        var shop = shops.FirstOrDefault(s => s.StorefrontId == e.Source.StorefrontId) ?? shops.FirstOrDefault(s => !s.Demo);
        if (shop is null)
        {
            return null;
        }
        var zone = TimeZoneInfo.TryFindSystemTimeZoneById(shop.TimeZone, out var found) ? found : TimeZoneInfo.Utc;
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(e.OccurredAt, zone).DateTime);
        return new Interest(product, shop.StorefrontId, day, e.Name == "Product Viewed" ? 1 : 0, e.Name == "Product Added" ? 1 : 0, e.Name == "Product Added to Wishlist" ? 1 : 0);
    }

    private sealed record Interest(Guid ProductId, Guid StorefrontId, DateOnly Day, long Views, long Baskets, long Wishes);
}
