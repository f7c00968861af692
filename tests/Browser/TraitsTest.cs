using Microsoft.Playwright;

namespace Wellmet.Browser;

/// <summary>Traits: seen, defined with one click, edited on a customer's page with their history, archived and brought back.</summary>
public sealed class TraitsTest(ShopApp app) : IClassFixture<ShopApp>
{
    private const string Path = "/console/settings/traits";

    [Fact]
    public async Task A_trait_is_defined_filled_edited_and_archived()
    {
        var page = await app.OpenAsync();
        await page.GotoAsync(Path);
        await page.GetByText("No traits are defined").WaitForAsync();
        await DefineAsync(page, "loyalty_tier", "Loyalty tier", "text", "clear");
        await DefineAsync(page, "birthday", "Birthday", "date", "month_and_day");
        await DefineAsync(page, "points", "Points", "number", "clear", rule: "highest");
        await page.GotoAsync(Path + "/new");
        await page.GetByLabel("Name").FillAsync("email");
        await page.GetByLabel("Label").FillAsync("E-mail");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByText("The name email means something else already.").WaitForAsync();
        await Accessibility.CheckAsync(page, "trait");
        await Looks.TakeAsync(app, Path + "/new", "trait");

        var file = System.IO.Path.Combine(app.DataFolder, "customers.csv");
        await File.WriteAllTextAsync(file, "Customer ID,Name,Loyalty Tier,Birthday,Points\n4711,Ann Lee,gold,1984-05-17,120\n4712,Bob Ray,silver,1990-11-02,15\n");
        await app.CommandAsync("import", "customers-csv", file);
        await page.GotoAsync(Path);
        await Screenshots.TakeAsync(page, "traits", forDocs: true, fullPage: false);
        await Accessibility.CheckAsync(page, "traits");
        await Looks.TakeAsync(app, Path, "traits");

        await page.GotoAsync("/console/customers");
        await page.Locator("#customers tbody a", new() { HasText = "Ann Lee" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "All traits and their history" }).ClickAsync();
        await page.GetByLabel("Value of Loyalty tier").FillAsync("platinum");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save Loyalty tier" }).ClickAsync();
        await page.Locator("strong", new() { HasText = "platinum" }).WaitForAsync();
        await page.GetByLabel("Value of Points").FillAsync("many");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save Points" }).ClickAsync();
        await page.GetByText("A trait should be a number").WaitForAsync();
        await page.Locator(".card", new() { HasText = "Loyalty tier" }).Locator("summary").ClickAsync();
        await Accessibility.CheckAsync(page, "customer-traits");
        await Screenshots.TakeAsync(page, "customer-traits", forDocs: true, fullPage: false);
        await page.GetByRole(AriaRole.Button, new() { Name = "Withdraw what staff said of Loyalty tier" }).ClickAsync();
        await page.Locator("strong", new() { HasText = "gold" }).WaitForAsync();
        await Looks.TakeAsync(app, new Uri(page.Url).PathAndQuery, "customer-traits");

        await page.GotoAsync(Path + "/points");
        await page.GetByRole(AriaRole.Button, new() { Name = "Archive" }).ClickAsync();
        await page.GetByText("Archived").First.WaitForAsync();
        await page.GotoAsync("/console/segments");
        await Assertions.Expect(page.GetByText("which segments cannot ask yet")).ToHaveCountAsync(1);
    }

    private static async Task DefineAsync(IPage page, string name, string label, string type, string telling, string rule = "trusted")
    {
        await page.GotoAsync(Path + "/new");
        await page.GetByLabel("Name").FillAsync(name);
        await page.GetByLabel("Label").FillAsync(label);
        await page.GetByLabel("Type").SelectOptionAsync(type);
        await page.GetByLabel("Is it personal?").SelectOptionAsync(telling);
        await page.GetByLabel("What counts").SelectOptionAsync(rule);
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.Locator("#traits td", new() { HasText = label }).First.WaitForAsync();
    }
}
