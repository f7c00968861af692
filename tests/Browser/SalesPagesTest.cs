using System.Text;
using Microsoft.Playwright;

namespace Wellmet.Browser;

/// <summary>A shop of its own for files with faults, orders and what happens to them.</summary>
public sealed class SalesApp() : ConsoleApp("Production");

/// <summary>Imports, orders, cancellations, products and storefronts, as a shop owner goes through them; the pictures of their guides.</summary>
public sealed class SalesPagesTest(SalesApp app) : IClassFixture<SalesApp>
{
    /// <summary>A cancellation that finds its order and one that finds none, a repaired price, a line twice, and two that cannot be read.</summary>
    private const string Faults = """
        C7000,706,"Olive wood salad bowl",-1,2026-03-05 10:00:00,15.00,2001,United Kingdom
        C7001,700,"Stoneware teapot",-3,2026-03-05 10:00:00,4.50,2001,United Kingdom
        7002,700,"Stoneware teapot",1,2026-03-25 10:00:00,4.50005,2001,United Kingdom
        7002,711,"Enamel mug, blue",2,2026-03-25 10:00:00,23.75,2001,United Kingdom
        7002,711,"Enamel mug, blue",2,2026-03-25 10:00:00,23.75,2001,United Kingdom
        7003,700,"Stoneware teapot",two,2026-03-25 10:00:00,4.50,2001,United Kingdom
        7004,700,"Stoneware teapot",1,31st of March,4.50,2001,United Kingdom

        """;

    private const string General = "Order number;Date;SKU;Product name;Quantity;Price;E-mail;Customer name\n4711;31.03.2026;T-100;Teapot;2;34,50;anna@example.com;Anna Berg\n4712;01.04.2026;T-200;Strainer;1;9,90;bert@example.com;Bert Ahn\n";

    [Fact]
    public async Task From_a_file_with_faults_to_orders_that_are_sent_returned_and_cancelled()
    {
        var page = await app.OpenAsync();
        await page.GotoAsync("/console/imports/new");
        await Screenshots.TakeAsync(page, "import-new", forDocs: true);
        await UploadAsync(page, "tea.csv", TeaShop.OnlineRetailFile() + Faults, "online-retail");
        await page.GetByText("The first of them").WaitForAsync(new() { Timeout = 60_000 });
        await Screenshots.TakeAsync(page, "import", forDocs: true);
        await LooksAsync(page.Url, "import-remarks");

        await page.GotoAsync("/console/imports/new");
        await UploadAsync(page, "export.csv", General, "orders-csv");
        await page.GetByText("Which column is which?").First.WaitForAsync();
        await Screenshots.TakeAsync(page, "import-columns", forDocs: true);
        await LooksAsync(page.Url, "import-columns");
        await page.GetByRole(AriaRole.Button, new() { Name = "Import", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo the import" }).WaitForAsync(new() { Timeout = 60_000 });

        await OrdersAsync(page);
        await ProductsAsync(page);
    }

    [Fact]
    public async Task Settings_say_where_the_shop_sells_and_who_works_here()
    {
        var page = await app.OpenAsync();
        await page.GotoAsync("/console/settings/storefronts/new");
        await page.GetByLabel("Name").FillAsync("Teehaus Berlin");
        await page.GetByLabel("Time zone").FillAsync("Europe/Berlin");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByText("Teehaus Berlin").First.WaitForAsync();
        await page.GotoAsync("/console/settings/storefronts");
        await Screenshots.TakeAsync(page, "storefronts", forDocs: true);
        await LooksAsync("/console/settings/storefronts", "storefronts");
        await page.GotoAsync("/console/settings/staff");
        await Screenshots.TakeAsync(page, "staff", forDocs: true);
    }

    private async Task OrdersAsync(IPage page)
    {
        await page.GotoAsync("/console/orders");
        await Screenshots.TakeAsync(page, "orders", forDocs: true, fullPage: false);
        await LooksAsync("/console/orders", "orders");
        var first = await page.Locator("#orders tbody a").First.InnerTextAsync();
        await page.Locator(".pager").GetByText("Next").ClickAsync();
        await Assertions.Expect(page.Locator("#orders tbody a").First).Not.ToHaveTextAsync(first);
        await page.Locator(".pager").GetByText("Previous").ClickAsync();
        await Assertions.Expect(page.Locator("#orders tbody a").First).ToHaveTextAsync(first);

        await page.GetByRole(AriaRole.Link, new() { Name = "Cancellations" }).ClickAsync();
        await page.GetByText("No order found").First.WaitForAsync();
        await Screenshots.TakeAsync(page, "cancellations", forDocs: true);
        await LooksAsync("/console/orders/cancellations", "cancellations");
        await page.GetByRole(AriaRole.Link, new() { Name = "5001" }).ClickAsync();
        await page.GetByText("C7000").WaitForAsync();

        await page.GotoAsync("/console/orders?q=7002");
        await page.GetByRole(AriaRole.Link, new() { Name = "7002" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Record a parcel" }).ClickAsync();
        await page.Locator("#ship").GetByLabel("Carrier").FillAsync("Royal Mail");
        await page.Locator("#ship").GetByLabel("Tracking number").FillAsync("RM 1234 5678 9GB");
        await page.Locator("#ship button.primary").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "It arrived" }).ClickAsync();
        await page.GetByText("Delivered").First.WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Record a return" }).ClickAsync();
        await page.Locator("#return").GetByLabel("Enamel mug, blue").FillAsync("1");
        await page.Locator("#return button.primary").ClickAsync();
        await page.GetByText("Partly returned").First.WaitForAsync();
        await Screenshots.TakeAsync(page, "order", forDocs: true);
        await LooksAsync(page.Url, "order");
    }

    private async Task ProductsAsync(IPage page)
    {
        await page.GotoAsync("/console/products");
        await Screenshots.TakeAsync(page, "products", forDocs: true, fullPage: false);
        await page.GetByRole(AriaRole.Link, new() { Name = "Stoneware teapot" }).ClickAsync();
        await page.Locator("select[name=type]").SelectOptionAsync("Collectable");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByText("Set by a person").First.WaitForAsync();
        await LooksAsync(page.Url, "product-edited");
    }

    private static async Task UploadAsync(IPage page, string name, string content, string layout)
    {
        await page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = name, MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(content) });
        await page.Locator("select[name=layout]").SelectOptionAsync(layout);
        await page.GetByRole(AriaRole.Button, new() { Name = "Import", Exact = true }).ClickAsync();
    }

    private async Task LooksAsync(string address, string name) => await Looks.TakeAsync(app, address, name);
}
