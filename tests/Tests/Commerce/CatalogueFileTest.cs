using Wellmet.Commerce.Catalog;
using Wellmet.Commerce.Contract;
using Wellmet.Customers.Imports;
using Wellmet.Platform;
using Wellmet.Platform.Storage;
using Wellmet.Tests.Customers;

namespace Wellmet.Tests.Commerce;

/// <summary>Catalogue files: what shop systems export, what is refused of it, and that an undo takes back exactly what the file made.</summary>
public sealed class CatalogueFileTest
{
    private const string Layout = "products-csv";

    /// <summary>A product with two variants and one more picture; one that nobody counts; one that is sold on without stock; a draft.</summary>
    private const string Shopify = """
        Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Image Src,Variant Image,Status
        lamp,Lamp,"<p>A lamp, bright</p>",Acme,Home > Lamps,Lights,,true,Colour,Red,LAMP-R,shopify,3,deny,19.95,https://cdn.example/lamp.jpg,,active
        lamp,,,,,,,,,Blue,LAMP-B,shopify,-2,deny,21.95,https://cdn.example/lamp-2.jpg,,
        lamp,,,,,,,,,,,,,,,https://cdn.example/lamp-3.jpg,,
        mug,Mug,,Bright,,Kitchen,,true,Title,Default Title,MUG,,0,deny,5.00,http://cdn.example/mug.jpg,,active
        rug,Rug,,Bright,,Home,,true,Title,Default Title,RUG,shopify,0,continue,50.00,,,draft

        """;

    private const string WooCommerce = """
        ID,Type,SKU,Name,Published,"In stock?",Stock,"Backorders allowed?","Sale price","Regular price",Categories,Images,Brands
        1,variable,SHIRT,Shirt,1,1,,0,,,"Clothing > Shirts","https://shop.example/a.jpg, https://shop.example/b.jpg",Acme
        2,variation,SHIRT-S,"Shirt - S",1,1,4,0,,15,"Clothing > Shirts",,Acme
        3,simple,SOCKS,Socks,1,0,,0,,5,Clothing,"https://shop.example/a.jpg, https://shop.example/b.jpg",
        4,simple,HAT,Hat,0,backorder,0,1,,9,Clothing,,

        """;

    private static readonly string Google = string.Join('\n',
        "id\ttitle\tlink\timage_link\tavailability\tprice\tbrand\tproduct_type\tavailability_date",
        "G1\tTable\thttps://shop.example/p/g1\thttps://shop.example/g1.jpg\tin_stock\t149.00 GBP\tAcme\tFurniture\t2026-02-01",
        "G2\tChair\thttps://shop.example/p/g2\thttps://shop.example/g2.jpg\tout of stock\t49.00 GBP\tAcme\tFurniture\t", "");

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_product_export_of_Shopify_is_read(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);

        var import = await shop.ImportTextAsync(Shopify, Layout);

        (await AllAsync(shop)).ShouldBe([
            "LAMP-B|Lamp - Blue|Lights|Acme|0||21.95 EUR|https://cdn.example/lamp-2.jpg||True", "LAMP-R|Lamp - Red|Lights|Acme|3||19.95 EUR|https://cdn.example/lamp.jpg||True",
            "MUG|Mug|Kitchen|Bright|||5.00 EUR|||True", "RUG|Rug|Home|Bright|||50.00 EUR|||False"]);
        (import.Count("product"), import.Count("passed"), import.Count("rejected")).ShouldBe((4, 1, 0));
        (await shop.ReportAsync(import.ImportId)).Remarks.Select(r => r.Reason).ShouldBe(["address_left_out"]);
    }

    [Fact]
    public async Task A_product_export_of_WooCommerce_is_read()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);

        var import = await shop.ImportTextAsync(WooCommerce, Layout);

        (await AllAsync(shop)).ShouldBe(["HAT|Hat|Clothing||||9.00 EUR|||False", "SHIRT-S|Shirt - S|Clothing > Shirts|Acme|4||15.00 EUR|||True", "SOCKS|Socks|Clothing||0||5.00 EUR|https://shop.example/a.jpg||True"]);
        (await shop.ReportAsync(import.ImportId)).Remarks.Select(r => r.Reason).ShouldBe(["product_of_variants"]);
    }

    [Fact]
    public async Task A_product_feed_for_Google_is_read()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);

        await shop.ImportTextAsync(Google, Layout);

        (await AllAsync(shop)).ShouldBe([
            "G1|Table|Furniture|Acme||2026-02-01|149.00 GBP|https://shop.example/g1.jpg|https://shop.example/p/g1|True", "G2|Chair|Furniture|Acme|0||49.00 GBP|https://shop.example/g2.jpg|https://shop.example/p/g2|True"]);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Lines_that_cannot_be_taken_are_kept_with_their_reason_and_the_others_are_taken(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        await shop.ImportTextAsync(ImportsInShop.Header + "1,71053,WHITE METAL LANTERN,6,2010-12-01 08:26:00,3.39,17850,UK\n");

        var import = await shop.ImportTextAsync($"""
            sku,name,price,currency,stock,available_since,brand
            71053,,4.50,GBP,7,,Acme
            71053,,4.50,EUR,7,,
            NEW,,1.00,GBP,,,
            ,Nothing,1.00,GBP,,,
            POSTAGE,Postage,1.00,GBP,,,
            A1,Half,1.00,GBP,2.5,,
            A2,Free,free,GBP,,,
            A3,Debt,-1,GBP,,,
            A4,Long,1.00,GBP,,,{new string('x', 101)}
            A5,Someday,1.00,GBP,,soon,

            """, Layout);

        (await AllAsync(shop)).ShouldBe(["71053|WHITE METAL LANTERN||Acme|7||4.50 GBP|||True", "A5|Someday|||||1.00 GBP|||True"]);
        import.Count("rejected").ShouldBe(8);
        var remarks = (await shop.ReportAsync(import.ImportId)).Sample.Select(r => (r.Line, r.Reason)).ToList();
        remarks.ShouldBe([(3, "price_currency"), (4, "name_missing"), (5, "sku_invalid"), (6, "sku_of_charge"), (7, "stock_out_of_range"), (8, "price_not_a_number"), (9, "price_out_of_range"), (10, "name_too_long"), (11, "day_left_out")]);
        (await shop.UseAsync<IOrders, SalesTotals>(o => o.TotalsAsync(default))).Lines["rejected"].ShouldBe(0, "no sale was rejected");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_undo_takes_back_what_the_file_made_and_nothing_that_was_said_since(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        await shop.ImportTextAsync(ImportsInShop.Header + "1,SOLD,WHITE METAL LANTERN,6,2010-12-01 08:26:00,3.39,17850,UK\n1,TOLD,CAKESTAND,6,2010-12-01 08:26:00,3.39,17850,UK\n");
        await shop.UseAsync<SaveProducts, IReadOnlyList<SaveProducts.Saved>>(save => save.RunAsync([new("SOLD", new() { Brand = "Before", Stock = 1 })], default));
        var before = await WholeAsync(shop);

        var first = await shop.ImportTextAsync("sku,name,brand,stock,category\nSOLD,Lantern,First,2,Lights\nNEW,Candle,First,3,Candles\nTOLD,Stand,First,4,Lights\n", Layout);
        var second = await shop.ImportTextAsync("sku,name,brand,stock\nSOLD,,,5\nNEW,,Second,\n", Layout);
        await shop.UseAsync<SaveProducts, IReadOnlyList<SaveProducts.Saved>>(save => save.RunAsync([new("TOLD", new() { Stock = 9 })], default));
        (await AllAsync(shop)).ShouldBe(["NEW|Candle|Candles|Second|3||none|||True", "SOLD|Lantern|Lights|First|5||3.39 GBP|||True", "TOLD|Stand|Lights|First|9||3.39 GBP|||True"]);

        // The first file alone: what the second one said stands.
        await shop.UndoImportAsync(first.ImportId);
        (await AllAsync(shop)).ShouldBe(["SOLD|WHITE METAL LANTERN||Before|5||3.39 GBP|||True", "TOLD|Stand|Lights|First|9||3.39 GBP|||True"]);
        await shop.UndoImportAsync(second.ImportId);
        (await AllAsync(shop))[0].ShouldBe("SOLD|WHITE METAL LANTERN||Before|1||3.39 GBP|||True");
        (await WholeAsync(shop)).Where(p => !p.StartsWith("TOLD", StringComparison.Ordinal) && p != "Lights").ShouldBe(before.Where(p => !p.StartsWith("TOLD", StringComparison.Ordinal)));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task The_same_file_again_changes_nothing_and_a_product_that_was_sold_since_stays(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        var first = await shop.ImportTextAsync(Google, Layout);
        var all = await AllAsync(shop);

        var again = await shop.ImportTextAsync(Google, Layout);
        (await AllAsync(shop)).ShouldBe(all);
        await shop.UndoImportAsync(again.ImportId);
        (await AllAsync(shop)).ShouldBe(all);

        await shop.ImportTextAsync(ImportsInShop.Header + "1,G1,Table,1,2026-03-01 08:26:00,99.00,17850,UK\n");
        (await AllAsync(shop))[0].ShouldContain("149.00 GBP", Case.Sensitive, "what the shop asks for it");
        await shop.UndoImportAsync(first.ImportId);
        (await AllAsync(shop)).ShouldBe(["G1|Table|||||99.00 GBP|||True"]);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_another_file_says_stands_in_whatever_order_they_are_taken_back(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        const string january = "sku,name,brand,category\nA1,Candle,Acme,Candles\nA2,Lamp,Acme,\n", march = "sku,name,brand,stock\nA1,Candle,Bright,3\n";
        var first = await shop.ImportTextAsync(january, Layout);
        var second = await shop.ImportTextAsync(january, Layout);
        var third = await shop.ImportTextAsync(march, Layout);

        await shop.UndoImportAsync(first.ImportId);
        (await AllAsync(shop)).ShouldBe(["A1|Candle|Candles|Bright|3||none|||True", "A2|Lamp||Acme|||none|||True"], "the second file says the same");
        await shop.UndoImportAsync(second.ImportId);
        (await AllAsync(shop)).ShouldBe(["A1|Candle||Bright|3||none|||True"]);
        await shop.UndoImportAsync(third.ImportId);
        (await AllAsync(shop)).ShouldBeEmpty();
        (await WholeAsync(shop)).ShouldBeEmpty("no category is left, either");
        (await shop.Database.ReadAsync(s => s.CountAsync("select count(*) from commerce_catalogue_words"), default)).ShouldBe(0);
    }

    private static async Task<List<string>> AllAsync(TestShop shop)
    {
        var products = await shop.Get<ICatalog>().AllAsync(default);
        var links = await shop.Get<ICatalog>().LinksAsync([.. products.Select(p => p.ProductId)], default);
        var since = (await shop.Database.ReadAsync(s => s.QueryAsync("select sku, available_since from commerce_products", null, r => (Sku: r.Text(0), Since: r.TextOrNull(1)), default), default)).ToDictionary(p => p.Sku, p => p.Since);
        return [.. products.OrderBy(p => p.Sku, StringComparer.Ordinal).Select(p => string.Join('|', p.Sku, p.Name, p.Category, p.Brand, p.Stock, since[p.Sku],
            p.PriceMinor is { } minor ? new Money(minor, p.Currency).ToString() : "none", links[p.ProductId].ImageUrl, links[p.ProductId].PageUrl, p.Active))];
    }

    /// <summary>Every product with all that can be told of it, and the categories.</summary>
    private static async Task<List<string>> WholeAsync(TestShop shop) =>
        [.. await shop.Database.ReadAsync(s => s.QueryAsync("select sku, name, type, type_source, kind, kind_source, brand, seller, stock, available_since, listed_price, image_url, page_url from commerce_products order by sku", null,
            r => string.Join('|', Enumerable.Range(0, 8).Select(i => r.TextOrNull(i) ?? "-")) + $"|{r.LongOrNull(8)}|{r.TextOrNull(9)}|{r.LongOrNull(10)}|{r.TextOrNull(11)}|{r.TextOrNull(12)}", default), default),
         .. await shop.Database.ReadAsync(s => s.QueryAsync("select name from commerce_categories order by name", null, r => r.Text(0), default), default)];
}
