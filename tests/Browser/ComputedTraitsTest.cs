using System.Globalization;
using System.Text;
using Microsoft.Playwright;

namespace Wellmet.Browser;

/// <summary>A computed trait is made with a preview, seen on a customer's page and asked by a segment; everybody is scored, and a cell of the grid opens and becomes a segment.</summary>
public sealed class ComputedTraitsTest(ShopApp app) : IClassFixture<ShopApp>
{
    private const string Path = "/console/computed-traits", Lifecycle = "/console/lifecycle";

    [Fact]
    public async Task A_trait_is_made_and_asked_and_everybody_is_scored()
    {
        var file = System.IO.Path.Combine(app.DataFolder, "orders.csv");
        await File.WriteAllTextAsync(file, Orders());
        await app.CommandAsync("import", "orders-csv", file);
        var page = await app.OpenAsync();
        await MakeAsync(page);
        await AskAsync(page);
        await ScoreAsync(page);
    }

    private async Task MakeAsync(IPage page)
    {
        await page.GotoAsync(Path);
        await page.GetByText("No computed traits yet").WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "New computed trait" }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Spent this year");
        await page.GetByText("Sum of net, placed orders, in the last 365 days").WaitForAsync();
        await page.GetByText("of 30").First.WaitForAsync();
        await Accessibility.CheckAsync(page, "computed-trait-editor");
        await Screenshots.TakeAsync(page, "computed-traits-editor", forDocs: true, fullPage: false);
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByText("No segment asks it").WaitForAsync();
        await Accessibility.CheckAsync(page, "computed-trait");
        await Looks.TakeAsync(app, new Uri(page.Url).PathAndQuery, "computed-trait");

        await page.GotoAsync(Path + "/new");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Favourite product");
        await page.GetByLabel("What is made of it").SelectOptionAsync("most_frequent");
        await page.GetByText("Most frequent net, placed orders").WaitForAsync();
        await page.GetByLabel("What happened").FillAsync("Product Ordered");
        await page.GetByLabel("What happened").PressAsync("Tab");
        await page.GetByText("Most frequent net, ordered products").WaitForAsync();
        await page.GetByLabel("Property", new() { Exact = true }).FillAsync("name");
        await page.GetByLabel("Property", new() { Exact = true }).PressAsync("Tab");
        await page.GetByText("Most frequent name, ordered products, in the last 365 days").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Only where" }).ClickAsync();
        await page.Locator("[name='/where/0.name']").FillAsync("name");
        await page.Locator("[name='/where/0.name']").PressAsync("Tab");
        await page.Locator("[name='/where/0.name'][value=name]").WaitForAsync();
        await page.Locator("[name='/where/0.values']").FillAsync("Teapot, Lantern");
        await page.Locator("[name='/where/0.values']").PressAsync("Tab");
        await page.GetByText("where name is Teapot or Lantern").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByText("No segment asks it").WaitForAsync();
        await page.GotoAsync(Path);
        await Accessibility.CheckAsync(page, "computed-traits");
        await Screenshots.TakeAsync(page, "computed-traits", forDocs: true, fullPage: false);
        await Looks.TakeAsync(app, Path, "computed-traits");
    }

    private static async Task AskAsync(IPage page)
    {
        await page.GotoAsync("/console/segments/new");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Spent a lot");
        await page.GetByRole(AriaRole.Button, new() { Name = "A computed trait" }).ClickAsync();
        await page.Locator("[name='/all/1.name']").SelectOptionAsync(new SelectOptionValue { Label = "Spent this year" });
        await page.GetByText("Spent this year at least 1").WaitForAsync();
        await page.Locator("[name='/all/1.values']").FillAsync("200");
        await page.Locator("[name='/all/1.values']").PressAsync("Tab");
        await page.GetByText("Spent this year at least 200").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.Locator("#members").GetByRole(AriaRole.Link, new() { Name = "Why", Exact = true }).First.ClickAsync();
        await page.GetByText("Found:").First.WaitForAsync();

        await page.GotoAsync(Path);
        await page.GetByRole(AriaRole.Link, new() { Name = "Spent this year" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Archive" }).ClickAsync();
        await page.GetByText("Segments ask it: Spent a lot.").WaitForAsync();
    }

    private async Task ScoreAsync(IPage page)
    {
        await page.GotoAsync(Lifecycle);
        await page.GetByText("Nobody is scored yet").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Score now" }).ClickAsync();
        await page.GetByText("What the scores mean").WaitForAsync(new() { Timeout = 20_000 });
        await Accessibility.CheckAsync(page, "lifecycle");
        await Screenshots.TakeAsync(page, "lifecycle", forDocs: true, fullPage: false);
        await Looks.TakeAsync(app, Lifecycle, "lifecycle");

        await page.Locator(".score-grid tbody tr").First.GetByRole(AriaRole.Link).Last.ClickAsync();
        await page.Locator("#scored tbody tr").First.WaitForAsync();
        await Accessibility.CheckAsync(page, "lifecycle-customers");
        await Looks.TakeAsync(app, new Uri(page.Url).PathAndQuery, "lifecycle-customers");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make a segment of them" }).ClickAsync();
        await page.Locator("#members tbody tr").First.WaitForAsync(new() { Timeout = 20_000 });
        await page.Locator("#members tbody tr").First.GetByRole(AriaRole.Link).First.ClickAsync();
        await page.GetByText("Usual time between purchases").WaitForAsync();
        await page.GetByText("Spent this year").First.WaitForAsync();
        await Accessibility.CheckAsync(page, "customer-computed-traits");
        await Looks.TakeAsync(app, new Uri(page.Url).PathAndQuery, "customer-computed-traits");
    }

    /// <summary>Thirty people who ordered once to six times, at rhythms and for amounts of their own.</summary>
    private static string Orders()
    {
        var now = TimeProvider.System.GetUtcNow();
        var text = new StringBuilder("Order number,Date,Customer ID,Email,Full name,Phone,Country,SKU,Product,Quantity,Price,Currency\n");
        var number = 1000;
        for (var who = 0; who < 30; who++)
        {
            for (var i = 0; i <= who % 6; i++)
            {
                var daysAgo = 3 + (who * 7 % 90) + i * (12 + who);
                text.AppendLine(CultureInfo.InvariantCulture, $"{number++},{now.AddDays(-daysAgo):yyyy-MM-dd HH:mm},c{who},p{who}@shop.example,Person {who},,DE,L{(who + i) % 2},{((who + i) % 2 == 0 ? "Lantern" : "Teapot")},1,{20 + who * 3}.50,EUR");
            }
        }
        return text.ToString();
    }
}
