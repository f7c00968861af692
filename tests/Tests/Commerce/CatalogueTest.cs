using Wellmet.Commerce.Catalog;
using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Tests.Customers;
using Wellmet.Tests.Customers.Collection;
using static Wellmet.Tests.Customers.Collection.CollectionInShop;
using Said = Wellmet.Commerce.Catalog.SaidProduct;
using Saved = Wellmet.Commerce.Catalog.SaveProducts.Saved;

namespace Wellmet.Tests.Commerce;

/// <summary>What the shop's server says of its products: new ones, changes, and what does not change it.</summary>
public sealed class CatalogueTest
{
    private const string Lantern = "1,71053,WHITE METAL LANTERN,6,2010-12-01 08:26:00,3.39,17850,UK\n";

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_is_left_out_stays_and_null_clears(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var lamp = new ProductFacts
        {
            Name = " Red lamp ", Category = "Lights", Brand = "Acme", Seller = "Lamp House", Stock = 12, AvailableSince = new DateOnly(2026, 1, 31), Price = new Money(1995, "GBP"),
            ImageUrl = "https://shop.example/i/lamp 1.jpg", PageUrl = "https://shop.example/p/1",
        };

        (await SaveAsync(shop, new Said("LAMP-1", lamp), new("LAMP-2", new() { Name = "Blue lamp" }))).ShouldAllBe(s => s.IsNew && s.ProductId != null && s.Problem == null);

        (await ReadAsync(shop, "LAMP-1")).ShouldBe("Red lamp|Lights|Acme|Lamp House|12|2026-01-31|19.95 GBP|https://shop.example/i/lamp%201.jpg|https://shop.example/p/1|True");
        (await ReadAsync(shop, "LAMP-2")).ShouldBe("Blue lamp||||||none|||True");

        (await SaveAsync(shop, new Said("LAMP-1", new() { Stock = 0 }))).Single().IsNew.ShouldBeFalse();
        (await ReadAsync(shop, "LAMP-1")).ShouldBe("Red lamp|Lights|Acme|Lamp House|0|2026-01-31|19.95 GBP|https://shop.example/i/lamp%201.jpg|https://shop.example/p/1|True");
        await SaveAsync(shop, new Said("LAMP-1", new() { Brand = null, Category = " ", Seller = null, Stock = null, AvailableSince = null, Price = null, ImageUrl = null, PageUrl = "", Active = false }));
        (await ReadAsync(shop, "LAMP-1")).ShouldBe("Red lamp||||||none|||False");

        // Rows of one product are taken in their order.
        (await SaveAsync(shop, new Said("NEW", new() { Name = "A", Stock = 1 }), new("NEW", new() { Stock = 2 }))).Select(s => s.IsNew).ShouldBe([true, false]);
        (await shop.Get<ICatalog>().BySkuAsync(["NEW"], default))["NEW"].Stock.ShouldBe(2);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_row_is_refused_with_its_reason_and_stops_no_other(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        await shop.ImportTextAsync(ImportsInShop.Header + Lantern);
        (Said Row, string? Code)[] rows =
        [
            (new("71053", new() { Brand = "Acme" }), null),
            (new("UNKNOWN", new() { Stock = 3 }), "name_missing"),
            (new("71053", new() { Name = null }), "name_missing"),
            (new("", new() { Name = "x" }), "sku_invalid"),
            (new(new string('x', 101), new() { Name = "x" }), "sku_invalid"),
            (new("postage", new() { Name = "Postage" }), "sku_of_charge"),
            (new("71053", new() { Stock = -1 }), "stock_out_of_range"),
            (new("71053", new() { Brand = new string('x', 101) }), "name_too_long"),
            (new("71053", new() { AvailableSince = new DateOnly(1800, 1, 1) }), "day_out_of_range"),
            (new("71053", new() { Price = new Money(100, "EUR") }), "price_currency"),
            (new("71053", new() { Price = new Money(-1, "GBP") }), "price_out_of_range"),
            (new("71053", new() { Price = new Money(100, "pound") }), "currency_unknown"),
            (new("71053", new() { ImageUrl = "http://shop.example/i.jpg" }), "address_invalid"),
            (new("71053", new() { PageUrl = "javascript:alert(1)" }), "address_invalid"),
            (new("71053", new() { PageUrl = "https://ann:secret@shop.example/" }), "address_invalid"),
            (new("LAST", new() { Name = "Last" }), null),
        ];

        var saved = await SaveAsync(shop, [.. rows.Select(r => r.Row)]);

        saved.Select(s => s.Problem?.Code).ShouldBe(rows.Select(r => r.Code));
        saved.Count(s => s.ProductId is not null).ShouldBe(2);
        (await ReadAsync(shop, "71053")).ShouldBe("WHITE METAL LANTERN||Acme||||3.39 GBP|||True");
        (await shop.Database.ReadAsync(s => s.CountAsync("select count(*) from commerce_products"), default)).ShouldBe(2);
        (await Should.ThrowAsync<ProblemException>(() => SaveAsync(shop, [.. Enumerable.Range(0, 501).Select(i => new Said($"S{i}", new()))]))).Code.ShouldBe("products_many");
        var reader = new Actor(Guid.CreateVersion7(), "reader", Role.Analyst, p => p == CommercePermissions.ReadProducts);
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<SaveProducts, IReadOnlyList<Saved>>(save => save.RunAsync([rows[0].Row], default), reader));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task No_sale_changes_it_and_an_import_is_taken_back_without_it(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        var import = await shop.ImportTextAsync(ImportsInShop.Header + Lantern + "1,22423,CAKESTAND,1,2010-12-01 08:26:00,9.99,17850,UK\n");
        await SaveAsync(shop, new Said("71053", new() { Brand = "Acme", Stock = 4, Price = new Money(500, "GBP") }));

        await shop.ImportTextAsync(ImportsInShop.Header + Lantern + "2,71053,ANOTHER NAME,6,2010-12-02 08:26:00,3.75,17850,UK\n");
        await shop.CollectAsync([Bought("3", "GBP", new { sku = "71053", name = "Told", brand = "Other", price = 4.00, quantity = 1 })]);
        await shop.DrainAsync();

        (await ReadAsync(shop, "71053")).ShouldBe("WHITE METAL LANTERN||Acme||4||5.00 GBP|||True");
        await SaveAsync(shop, new Said("71053", new() { Price = null }));
        (await ReadAsync(shop, "71053")).ShouldBe("WHITE METAL LANTERN||Acme||4||4.00 GBP|||True", "what the latest order paid");

        await shop.UndoImportAsync(import.ImportId);
        (await ReadAsync(shop, "71053")).ShouldStartWith("WHITE METAL LANTERN||Acme||4|");
        (await shop.Get<ICatalog>().BySkuAsync(["22423"], default)).ShouldBeEmpty("nobody told it, and nothing sells it any more");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_product_that_only_the_server_told_survives_the_import_that_sold_it_first(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        var import = await shop.ImportTextAsync(ImportsInShop.Header + Lantern);
        await SaveAsync(shop, new Said("71053", new() { Stock = 4 }));

        await shop.UndoImportAsync(import.ImportId);

        (await ReadAsync(shop, "71053")).ShouldStartWith("WHITE METAL LANTERN||||4|");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_the_server_tells_by_the_way_fills_what_is_empty_and_a_page_fills_nothing(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        await SaveAsync(shop, new Said("L1", new() { Name = "Red lamp", Brand = "Acme" }), new("L2", new() { Name = "Blue lamp" }));
        var told = new { sku = "L1", brand = "Other", category = "Lights", image_url = "https://shop.example/l1.jpg", url = "/p/l1" };

        await shop.CollectAsync([Event("Product Viewed", told), Bought("1", "EUR", told)], Page);
        await shop.DrainAsync();
        (await ReadAsync(shop, "L1")).ShouldStartWith("Red lamp||Acme|");

        await shop.CollectAsync([Event("Product Viewed", told), Event("Product Viewed", new { sku = "nobody knows it", brand = "Acme" }),
            Bought("2", "EUR", new { sku = "L2", price = 1, quantity = 1, brand = "Bright", url = "https://shop.example/l2?utm_source=x" }, new { sku = "L3", name = "Green lamp", price = 1, quantity = 1, brand = "Bright" })]);
        await shop.DrainAsync();

        (await ReadAsync(shop, "L1")).ShouldBe("Red lamp|Lights|Acme||||none|https://shop.example/l1.jpg||True", "an address without its host is none");
        (await ReadAsync(shop, "L2")).ShouldStartWith("Blue lamp||Bright||||1.00 EUR||https://shop.example/l2");
        (await ReadAsync(shop, "L3")).ShouldStartWith("Green lamp||Bright|");
        (await shop.Database.ReadAsync(s => s.CountAsync("select count(*) from commerce_products"), default)).ShouldBe(3);
    }

    [Fact]
    public async Task A_new_name_says_anew_what_it_is_unless_a_person_said_it()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);
        await SaveAsync(shop, new Said("LA", new() { Name = "White lantern" }), new("LB", new() { Name = "White lantern", Type = ProductType.Collectable, Kind = "figure" }));

        await SaveAsync(shop, new Said("LA", new() { Name = "Scented candle" }), new("LB", new() { Name = "Scented candle" }));
        var labels = await shop.Get<ICatalog>().BySkuAsync(["LA", "LB"], default);
        (labels["LA"].Type, labels["LA"].Kind).ShouldBe((ProductType.Consumable, "candle"));
        (labels["LB"].Type, labels["LB"].Kind).ShouldBe((ProductType.Collectable, "figure"));

        await SaveAsync(shop, new Said("LB", new() { Type = null }));
        (await shop.Get<ICatalog>().BySkuAsync(["LB"], default))["LB"].Type.ShouldBe(ProductType.Consumable);
    }

    private static Task<IReadOnlyList<Saved>> SaveAsync(TestShop shop, params Said[] rows) => shop.UseAsync<SaveProducts, IReadOnlyList<Saved>>(save => save.RunAsync(rows, default));

    private static async Task<string> ReadAsync(TestShop shop, string sku)
    {
        var d = await shop.UseAsync<ReadProduct, ProductDetails>(read => read.RunAsync(sku, default));
        var p = d.Product;
        var price = p.PriceMinor is { } minor ? new Money(minor, p.Currency).ToString() : "none";
        return string.Join('|', p.Name, p.Category, p.Brand, p.Seller, p.Stock, d.AvailableSince?.ToString("yyyy-MM-dd"), price, d.Links.ImageUrl, d.Links.PageUrl, p.Active);
    }

    private static object Bought(string order, string currency, params object[] products) => Event("Order Completed", new { order_id = order, currency, products });

    private static object Event(string name, object properties) => new { type = "track", messageId = Guid.CreateVersion7().ToString(), userId = "u1", @event = name, properties };
}
