using System.Net;
using System.Text;
using Wellmet.Customers.Imports;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Tests.Customers;

namespace Wellmet.Tests.Commerce;

/// <summary>Pages of imports, products, orders and storefronts, as the server answers them.</summary>
public sealed class CommercePagesTest
{
    internal const string Orders = ImportsInShop.Header
        + "1,71053,WHITE METAL LANTERN,6,2010-12-01 08:26:00,3.39,17850.0,United Kingdom\n"
        + "1,POST,POSTAGE,1,2010-12-01 08:26:00,18.00,17850.0,United Kingdom\n"
        + "2,22423,<script>alert(1)</script>,2,2010-12-02 08:26:00,12.75,13047,France\n"
        + "3,22423,CAKESTAND,two,2010-12-02 08:26:00,12.75,13047,France\n";

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_upload_is_imported_shown_and_undone(Engine engine)
    {
        await using var shop = await WebShop.OpenAsync(engine);
        using var owner = await shop.SignInAsync();
        (await owner.PageAsync("/console/imports")).ShouldContain("Nothing imported yet");

        var page = await UploadAsync(owner, "orders.csv", Orders, "online-retail");
        var done = await UntilAsync(owner, page, "Complete");

        done.ShouldContain("orders.csv");
        done.ShouldContain("The quantity is not a number");
        (await owner.PageAsync(page + "/remarks.csv")).ShouldContain("quantity_not_a_number,two,");
        (await owner.PageAsync("/console/imports")).ShouldContain("orders.csv");
        using var undone = await owner.PostAsync(page + "/undo");
        undone.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        await UntilAsync(owner, page, "Undone");
        (await owner.PageAsync("/console/orders")).ShouldContain("No orders yet");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Products_are_listed_searched_opened_and_edited(Engine engine)
    {
        await using var shop = await WebShop.OpenAsync(engine);
        using var owner = await shop.SignInAsync();
        await UntilAsync(owner, await UploadAsync(owner, "orders.csv", Orders, "online-retail"), "Complete");

        var list = await owner.PageAsync("/console/products");
        list.ShouldContain("WHITE METAL LANTERN");
        list.ShouldContain("&lt;script&gt;alert(1)&lt;/script&gt;");
        list.ShouldNotContain("POSTAGE");
        (await owner.PageAsync("/console/products?q=lantern&sort=price")).ShouldNotContain("22423");
        (await owner.PageAsync("/console/products.csv?q=lantern")).ShouldContain("71053,WHITE METAL LANTERN,durable,lantern,,3.39,GBP,1,6,true");

        var id = await IdAsync(shop, "select product_id from commerce_products where sku = '71053'");
        using var number = await owner.PostAsync($"/console/products/{id}", ("type", "7"));
        number.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, "a number is no type, whatever the language's parser says");
        using var saved = await owner.PostAsync($"/console/products/{id}", ("type", "Collectable"), ("kind", "Lamp"), ("category", "Lights"), ("active", "true"));
        saved.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var product = await owner.PageAsync($"/console/products/{id}");
        product.ShouldContain("Set by a person");
        product.ShouldContain("value=\"lamp\"");
        product.ShouldContain("value=\"Lights\"");
        product.ShouldContain("£20.34");

        using var told = await owner.PostAsync($"/console/products/{id}", ("type", "Collectable"), ("active", "true"), ("brand", "Acme"), ("seller", "Lamp House"), ("stock", "0"), ("since", "2026-01-31"), ("page", "https://shop.example/p/1"));
        told.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        product = await owner.PageAsync($"/console/products/{id}");
        foreach (var expected in new[] { ">Sold out<", "value=\"Acme\"", "value=\"Lamp House\"", "value=\"0\"", "value=\"2026-01-31\"", "value=\"https://shop.example/p/1\"", "value=\"Lights\"" })
        {
            product.ShouldContain(expected);
        }
        (await owner.PageAsync("/console/products.csv?q=lantern")).ShouldContain(",true,Acme,Lamp House,0,2026-01-31");
        using var cleared = await owner.PostAsync($"/console/products/{id}", ("type", "Collectable"), ("active", "true"), ("stock", ""), ("brand", ""));
        (await owner.PageAsync($"/console/products/{id}")).ShouldNotContain(">Sold out<");
        foreach (var (field, text) in new[] { ("stock", "-1"), ("stock", "many"), ("since", "31.1.2026"), ("image", "http://shop.example/i.jpg") })
        {
            using var refused = await owner.PostAsync($"/console/products/{id}", ("type", "Collectable"), ("active", "true"), (field, text));
            refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, $"{field} {text}");
        }
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_order_is_shipped_delivered_returned_and_cancelled(Engine engine)
    {
        await using var shop = await WebShop.OpenAsync(engine);
        using var owner = await shop.SignInAsync();
        await UntilAsync(owner, await UploadAsync(owner, "orders.csv", Orders, "online-retail"), "Complete");
        var order = "/console/orders/" + await IdAsync(shop, "select order_id from commerce_orders where number = '1'");
        (await owner.PageAsync(order)).ShouldContain("£38.34");

        await PostedAsync(owner, order + "/shipments", ("carrier", "Royal Mail"), ("promised", "2010-12-03"));
        (await owner.PageAsync(order)).ShouldContain("Shipped");
        await PostedAsync(owner, $"{order}/shipments/{await IdAsync(shop, "select shipment_id from commerce_shipments")}/delivered");
        (await owner.PageAsync(order)).ShouldContain("Delivered");
        await PostedAsync(owner, order + "/returns", ("reason", "damaged"), ("quantity.71053", "2"));
        (await owner.PageAsync(order)).ShouldContain("Partly returned");
        using (var tooMany = await owner.PostAsync(order + "/cancellations", ("quantity.71053", "5")))
        {
            tooMany.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
            (await tooMany.Content.ReadAsStringAsync()).ShouldContain("at most 4 are left");
        }
        await PostedAsync(owner, order + "/cancellations", ("quantity.71053", "4"));
        (await owner.PageAsync(order)).ShouldContain("Returned");
        (await shop.Database.ReadAsync(s => s.CountAsync("select count(*) from log_events where live"), default)).ShouldBeGreaterThanOrEqualTo(4);
    }

    [Fact]
    public async Task Orders_are_filtered_and_storefronts_edited()
    {
        await using var shop = await WebShop.OpenAsync();
        using var owner = await shop.SignInAsync();
        await UntilAsync(owner, await UploadAsync(owner, "orders.csv", Orders, "online-retail"), "Complete");
        (await owner.PageAsync("/console/orders.csv?after=nonsense")).ShouldContain("2010-12-01T08:26:00Z,placed,United Kingdom,6,38.34,GBP", customMessage: "a file holds the whole list");

        (await owner.PageAsync("/console/orders?q=2&state=&country=&from=&to=&kind=")).ShouldContain(">2</a>");
        (await owner.PageAsync("/console/orders?country=Spain")).ShouldContain("Nothing found");
        (await owner.PageAsync("/console/orders?from=2010-12-02")).ShouldNotContain(">1</a>");
        (await owner.PageAsync("/console/settings/storefronts")).ShouldContain("Main shop");
        using var refused = await owner.PostAsync("/console/settings/storefronts", ("name", "Zwei"), ("currency", "EURO"), ("locale", "de-DE"), ("time_zone", "Europe/Berlin"));
        (await refused.Content.ReadAsStringAsync()).ShouldContain("code of three letters");
        await PostedAsync(owner, "/console/settings/storefronts", ("name", "Zwei"), ("currency", "EUR"), ("locale", "de-DE"), ("time_zone", "Europe/Berlin"));
        (await owner.PageAsync("/console/settings/storefronts")).ShouldContain("Europe/Berlin");
    }

    [Fact]
    public async Task A_general_file_is_mapped_first_and_the_mapping_remembered()
    {
        await using var shop = await WebShop.OpenAsync();
        using var owner = await shop.SignInAsync();
        const string file = "Bestellnummer;Datum;Artikel;Menge;Preis;E-Mail\n4711;31.12.2025;T-100;2;1.234,50;anna@example.com\n";

        var page = await UploadAsync(owner, "export.csv", file, "orders-csv");
        var columns = await owner.PageAsync(page + "/columns");
        columns.ShouldContain("Bestellnummer");
        columns.ShouldContain("1.234,50");
        using (var missing = await owner.PostAsync(page + "/columns", ("column.order_number", "0")))
        {
            missing.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        }
        using (var ambiguous = await owner.PostAsync((await UploadAsync(owner, "dates.csv", file.Replace("31.12.2025", "01.12.2025", StringComparison.Ordinal), "orders-csv")) + "/columns",
            ("column.order_number", "0"), ("column.date", "1"), ("column.sku", "2"), ("column.quantity", "3"), ("column.unit_price", "4")))
        {
            ambiguous.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
            (await ambiguous.Content.ReadAsStringAsync()).ShouldContain("with the day or the month first");
        }
        await PostedAsync(owner, page + "/columns", ("column.order_number", "0"), ("column.date", "1"), ("column.sku", "2"), ("column.quantity", "3"),
            ("column.unit_price", "4"), ("column.email", "5"));
        await UntilAsync(owner, page, "Complete");
        (await owner.PageAsync("/console/orders")).ShouldContain("2,469.00");
        var again = await UploadAsync(owner, "next.csv", file + "4712;01.02.2026;T-100;1;1.234,50;bert@example.com\n", "orders-csv");
        (await owner.PageAsync(again + "/columns")).ShouldContain("<option value=\"4\" selected");
    }

    [Fact]
    public async Task What_is_no_sales_file_is_refused_on_the_form()
    {
        await using var shop = await WebShop.OpenAsync();
        using var owner = await shop.SignInAsync();

        (await RefusedAsync(owner, "book.xlsx", "PK\u0003\u0004")).ShouldContain("Excel workbook");
        (await RefusedAsync(owner, "empty.csv", "")).ShouldContain("The file is empty.");
        (await RefusedAsync(owner, "other.csv", "a,b\n1,2\n")).ShouldContain("InvoiceNo");
        Directory.Exists(Path.Combine(shop.Folder, "files")).ShouldBeTrue();
        Directory.GetFiles(Path.Combine(shop.Folder, "files"), "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    internal static async Task<string> UploadAsync(WebBrowser browser, string name, string content, string layout)
    {
        using var response = await SendAsync(browser, name, content, layout);
        response.StatusCode.ShouldBe(HttpStatusCode.Redirect, await response.Content.ReadAsStringAsync());
        return response.Headers.Location!.ToString();
    }

    private static async Task<string> RefusedAsync(WebBrowser browser, string name, string content)
    {
        using var response = await SendAsync(browser, name, content, "online-retail");
        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        return await response.Content.ReadAsStringAsync();
    }

    private static async Task<HttpResponseMessage> SendAsync(WebBrowser browser, string name, string content, string layout) =>
        await browser.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/console/imports")
        {
            Content = new MultipartFormDataContent { { new ByteArrayContent(Encoding.UTF8.GetBytes(content)), "file", name }, { new StringContent(layout), "layout" } },
        });

    private static async Task PostedAsync(WebBrowser browser, string path, params (string, string)[] form)
    {
        using var response = await browser.PostAsync(path, form);
        response.StatusCode.ShouldBe(HttpStatusCode.Redirect, await response.Content.ReadAsStringAsync());
    }

    internal static async Task<string> UntilAsync(WebBrowser browser, string path, string text)
    {
        for (var i = 0; i < 300; i++)
        {
            if (await browser.PageAsync(path) is var page && page.Contains(text, StringComparison.Ordinal))
            {
                return page;
            }
            await Task.Delay(100);
        }
        throw new TimeoutException($"{path} did not come to say '{text}' within 30 seconds.");
    }

    private static Task<Guid> IdAsync(WebShop shop, string sql) => shop.Database.ReadAsync(s => s.FirstAsync(sql, null, r => r.Guid(0), default), default);
}
