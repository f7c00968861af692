using System.Globalization;
using System.Text;
using Microsoft.Playwright;

namespace Wellmet.Browser;

/// <summary>The program as shops run it.</summary>
public sealed class ShopApp() : ConsoleApp("Production");

/// <summary>Finding a customer, reading the story, changing it, merging two and forgetting one, as staff do it.</summary>
public sealed class CustomersTest(ShopApp app) : IClassFixture<ShopApp>
{
    private const string Customers = "/console/customers";

    [Fact]
    public async Task From_the_list_to_the_page_and_through_everything_one_can_do_there()
    {
        await ImportAsync();
        var page = await app.OpenAsync();
        var complaints = Complaints(page);
        await page.GotoAsync(Customers);
        await page.Locator("#customers tbody tr").First.WaitForAsync();
        await Accessibility.CheckAsync(page, "list");
        await Screenshots.TakeAsync(page, "customers", forDocs: true);

        await FindAsync(page, "70001");
        await page.Locator("#customers tbody a", new() { HasText = "70001" }).ClickAsync();
        await page.Locator("ol.timeline li").First.WaitForAsync();
        (await page.Locator("dl.facts").First.InnerTextAsync()).ShouldContain("70001");
        await Screenshots.TakeAsync(page, "customer", forDocs: true, fullPage: false);
        await ScrollToTheEndAsync(page, entries: 46);
        await page.Locator("#timeline .switcher a", new() { HasText = "Profile" }).ClickAsync();
        await page.Locator("#timeline .switcher a[aria-current=true]", new() { HasText = "Profile" }).WaitForAsync();
        (await page.Locator("ol.timeline li").CountAsync()).ShouldBe(1);

        await EditAsync(page);
        await MergeAndUndoAsync(page);
        await ObjectAsync(page);
        await Accessibility.CheckAsync(page, "page");
        await Screenshots.TakeAsync(page, "customer-changed");
        await EraseAsync(page);
        complaints.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1440, true, "zh-CN")]
    [InlineData(390, false, "en")]
    [InlineData(390, true, "zh-CN")]
    public async Task Pages_fit_and_are_accessible(int width, bool dark, string language)
    {
        await ImportAsync();
        var page = await app.OpenAsync(width, dark, language);
        var complaints = Complaints(page);
        var look = $"{width}-{(dark ? "dark" : "light")}-{language}";

        await page.GotoAsync(Customers);
        await CheckAsync("customers");
        await page.Locator("#customers tbody a").Last.ClickAsync();
        await page.Locator("ol.timeline li").First.WaitForAsync();
        await CheckAsync("customer");
        await page.GotoAsync(page.Url + "/erase");
        await CheckAsync("erase");
        complaints.ShouldBeEmpty();

        async Task CheckAsync(string what)
        {
            await Screenshots.TakeAsync(page, $"{what}-{look}");
            await Accessibility.CheckAsync(page, $"{what} {look}");
            (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth")).ShouldBe(width, what);
        }
    }

    private static async Task FindAsync(IPage page, string query)
    {
        await page.Locator("#customers-filter input[type=search]").FillAsync(query);
        await Assertions.Expect(page.Locator("#customers tbody tr")).ToHaveCountAsync(1);
    }

    private static async Task ScrollToTheEndAsync(IPage page, int entries)
    {
        await page.Keyboard.PressAsync("End");
        await Assertions.Expect(page.Locator("ol.timeline li.more")).ToHaveCountAsync(0);
        (await page.Locator("ol.timeline > li:not(.more)").CountAsync()).ShouldBe(entries);
    }

    private static async Task EditAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        var dialog = page.Locator("#edit-profile");
        await dialog.GetByLabel("Name").FillAsync("<b>Änne</b> & Söhne");
        await dialog.GetByLabel("E-mail address").FillAsync("not an address");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByText("An e-mail address looks like").WaitForAsync();
        (await page.GetByLabel("Name").InputValueAsync()).ShouldBe("<b>Änne</b> & Söhne", "a refused form keeps its text");
        await page.GetByLabel("E-mail address").FillAsync("aenne@example.com");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "<b>Änne</b> & Söhne" }).WaitForAsync();
    }

    private static async Task MergeAndUndoAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Merge" }).ClickAsync();
        await page.Locator("#merge-search").FillAsync("70002");
        await page.Locator("#merge-candidates button").First.ClickAsync();
        await page.GetByText("Merged customers").WaitForAsync();
        (await page.Locator("dl.facts").First.InnerTextAsync()).ShouldContain("70002");
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await page.GotoAsync(Customers);
        await FindAsync(page, "70002");
        await page.Locator("#customers-filter input[type=search]").FillAsync("aenne@example.com");
        await page.Locator("#customers tbody a", new() { HasText = "Änne" }).ClickAsync();
        await page.Locator("ol.timeline li").First.WaitForAsync();
        (await page.GetByText("Merged customers").CountAsync()).ShouldBe(0);
    }

    private static async Task ObjectAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Record an objection" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Withdraw the objection" }).WaitForAsync();
    }

    private static async Task EraseAsync(IPage page)
    {
        await page.GotoAsync(page.Url + "/erase");
        await page.GetByLabel("Type ERASE").FillAsync("never");
        await page.GetByRole(AriaRole.Button, new() { Name = "Erase for good" }).ClickAsync();
        await page.Locator(".field .error").WaitForAsync();
        await page.GetByLabel("Type ERASE").FillAsync("ERASE");
        await page.GetByRole(AriaRole.Button, new() { Name = "Erase for good" }).ClickAsync();
        await page.Locator("#customers").WaitForAsync();
        await page.Locator("#customers-filter input[type=search]").FillAsync("aenne@example.com");
        await page.GetByText("No customer fits").WaitForAsync();
    }

    /// <summary>Two customers, the first with 45 orders; twice adds nothing.</summary>
    private async Task ImportAsync()
    {
        var text = new StringBuilder("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n");
        for (var i = 0; i < 47; i++)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"5{i:00000},85123A,WHITE HANGING HEART T-LIGHT HOLDER,6,2026-01-{1 + i % 28:00} 08:26:00,2.55,{(i < 45 ? 70001 : 70000 + i - 43)}.0,United Kingdom");
        }
        var file = Path.Combine(app.DataFolder, "orders.csv");
        await File.WriteAllTextAsync(file, text.ToString());
        await app.CommandAsync("import", "online-retail", file);
    }

    private static List<string> Complaints(IPage page)
    {
        var complaints = new List<string>();
        page.Console += (_, message) => { if (message.Type is "error" or "warning" && !message.Text.Contains("status of 4", StringComparison.Ordinal)) { complaints.Add(message.Text); } };
        page.PageError += (_, error) => complaints.Add(error);
        return complaints;
    }
}
