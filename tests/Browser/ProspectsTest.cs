using Microsoft.Playwright;

namespace Wellmet.Browser;

/// <summary>Who is likely to buy soon, in a made-up shop: foretold on demand, measured, listed, and said on a customer's page.</summary>
public sealed class ProspectsTest(TeaShopApp app) : IClassFixture<TeaShopApp>
{
    private const string Path = "/console/recommendations/prospects";

    [Fact]
    public async Task What_customers_do_next_is_foretold_and_said_why()
    {
        await app.CommandAsync("demo", "--customers", "1200", "--json");
        var page = await app.OpenAsync();
        await page.GotoAsync("/console/recommendations");
        await page.GetByText("Learnt from orders").WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Hot prospects" }).ClickAsync();
        await page.RunAndWaitForResponseAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Predict now" }).ClickAsync(), answer => answer.Request.Method == "POST");
        var rows = page.Locator("#prospects tbody tr");
        for (var i = 0; i < 90 && await rows.CountAsync() < 10; i++)
        {
            await Task.Delay(1000);
            await page.ReloadAsync();
        }
        (await rows.CountAsync()).ShouldBeGreaterThan(9);
        await page.GotoAsync(Path + "?least=75");
        await Screenshots.TakeAsync(page, "prospects", forDocs: true);
        await Accessibility.CheckAsync(page, "prospects");
        await app.LooksAsync(page.Url, "prospects");

        await rows.First.Locator("a").First.ClickAsync();
        var panel = page.GetByRole(AriaRole.Region, new() { Name = "What comes next" });
        (await panel.InnerTextAsync()).ShouldContain("likely");
        await Screenshots.TakeAsync(page, "customer-predicted");
        await app.LooksAsync(page.Url, "customer-predicted");
        await app.LooksAsync("/console/recommendations/placements/near-you?q=France", "placement-near-you");
    }
}
