using System.Text.Json;
using Wellmet.Commerce.Catalog;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.ShopEvents;

/// <summary>
/// What the shop's server says of products by the way, in events: brand, category, picture and page of a product that is known, where none stands yet. What a person or the catalogue's own
/// words said stays; what a page of the shop says is not looked at.
/// </summary>
internal static class FillProducts
{
    private static readonly string[] OfOneProduct = ["Product Viewed", "Product Clicked", "Product Added", "Product Added to Wishlist"];

    public static async Task RunAsync(Transaction tx, IEnumerable<ILogEvent> events, CancellationToken ct)
    {
        var words = events.SelectMany(Products).Select(Said.Of).OfType<Said>().Distinct().ToList();
        if (words.Count == 0)
        {
            return;
        }
        var open = (await tx.QueryAsync("""
            select sku from commerce_products where sku in @skus and (brand is null or category_id is null or image_url is null or page_url is null)
            """, new { skus = words.Select(w => w.Sku).Distinct() }, r => r.Text(0), ct)).ToHashSet();
        words.RemoveAll(w => !open.Contains(w.Sku));
        var categories = await CategoryNames.IdsAsync(tx, words.Select(w => w.Category).OfType<string>(), null, ct);
        foreach (var word in words.OrderBy(w => w.Sku, StringComparer.Ordinal)) // one order for all nodes: no deadlocks
        {
            await tx.ExecuteAsync("""
                update commerce_products set brand = coalesce(brand, @Brand), category_id = coalesce(category_id, @category), image_url = coalesce(image_url, @ImageUrl), page_url = coalesce(page_url, @PageUrl)
                where sku = @Sku and ((brand is null and @Brand is not null) or (category_id is null and @category is not null) or (image_url is null and @ImageUrl is not null) or (page_url is null and @PageUrl is not null))
                """, new { word.Sku, word.Brand, category = word.Category is { } name ? categories[name] : (Guid?)null, word.ImageUrl, word.PageUrl }, ct);
        }
    }

    private static IEnumerable<JsonElement> Products(ILogEvent happened) => happened switch
    {
        ShopEventCollected { Source.FromServer: true } shown when OfOneProduct.Contains(shown.Name) => [shown.Source.Properties.Root],
        OrderEventCollected { Source.FromServer: true, Name: "Order Completed" or "Order Updated" } order => ToldValues.Products(order.Source.Properties),
        _ => [],
    };

    /// <summary>What cannot be taken is passed over: nobody is there to mend it.</summary>
    private sealed record Said(string Sku, string? Brand, string? Category, string? ImageUrl, string? PageUrl)
    {
        /// <summary>Null where nothing is said of a product that has a code.</summary>
        public static Said? Of(JsonElement product)
        {
            if (ToldValues.ProductCode(product) is not { } sku)
            {
                return null;
            }
            var said = new Said(sku, Taken(product, f => f.Brand, t => new() { Brand = t }, "brand", "item_brand"), Taken(product, f => f.Category, t => new() { Category = t }, "category", "item_category"),
                Taken(product, f => f.ImageUrl, t => new() { ImageUrl = t }, "image_url"), Taken(product, f => f.PageUrl, t => new() { PageUrl = t }, "url"));
            return said is { Brand: null, Category: null, ImageUrl: null, PageUrl: null } ? null : said;
        }

        private static string? Taken(JsonElement product, Func<ProductFacts, Told<string?>> field, Func<string, ProductFacts> facts, params ReadOnlySpan<string> names)
        {
            try
            {
                return EventProperties.TextIn(product, names) is { } text ? field(facts(text).Checked()).Value : null;
            }
            catch (ProblemException)
            {
                return null;
            }
        }
    }
}
