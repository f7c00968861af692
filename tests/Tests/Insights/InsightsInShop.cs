using Wellmet.Commerce.Contract;
using Wellmet.Insights.Rollups;
using Wellmet.Platform;
using Wellmet.Platform.Log;

namespace Wellmet.Tests.Insights;

/// <summary>What tests of figures do with a shop.</summary>
internal static class InsightsInShop
{
    /// <summary>A new storefront; each has sales of its own, so tests can look at one and leave the others alone.</summary>
    public static async Task<Guid> OpenStorefrontAsync(this TestShop shop, string zone = "Etc/UTC", string currency = "GBP")
    {
        var id = Id.New();
        await shop.Database.WriteAsync(tx => tx.ExecuteAsync("""
            insert into commerce_storefronts (storefront_id, name, currency, locale, time_zone, created_at)
            values (@id, @name, @currency, 'en-GB', @zone, @at)
            """, new { id, name = id.ToString(), currency, zone, at = DateTimeOffset.UnixEpoch }), default);
        return id;
    }

    public static OrderPlaced Order(Guid storefront, Guid subject, string at, long revenue, string currency = "GBP", bool anonymous = false, string? country = "GB", params OrderedProduct[] products) =>
        new(subject, DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture), Id.New(), "1", storefront, currency, revenue, 2, country, anonymous, products);

    /// <summary>Tells the events, and waits until the roll-ups hold them.</summary>
    public static async Task TellAsync(this TestShop shop, Guid? import, params ILogEvent[] events)
    {
        await shop.Database.WriteAsync(tx =>
        {
            foreach (var told in events)
            {
                tx.AppendHistory(told, import);
            }
            return Task.CompletedTask;
        }, default);
        await shop.DrainAsync();
        await shop.CountSalesAsync();
    }

    public static async Task CountSalesAsync(this TestShop shop)
    {
        while (await shop.UseAsync<CountSales, int>(count => count.RunAsync(default)) > 0)
        {
        }
    }
}
