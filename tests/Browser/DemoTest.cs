using Microsoft.Playwright;

namespace Wellmet.Browser;

/// <summary>A program that was started for the first time, as newcomers do.</summary>
public sealed class FirstStartApp() : ConsoleApp("Production", demo: true);

/// <summary>The demo shop as a newcomer meets it: it is there, says what it is, and goes by one button.</summary>
public sealed class DemoTest(FirstStartApp app) : IClassFixture<FirstStartApp>
{
    [Fact]
    public async Task A_newcomer_looks_around_and_removes_it()
    {
        var page = await app.OpenAsync();
        await page.GotoAsync("/console");
        await page.GetByText("This is a demo shop").WaitForAsync(new() { Timeout = 120_000 });
        await page.GotoAsync("/console?period=all");
        await page.GetByText("Repeat-purchase rate").First.WaitForAsync();
        await Assertions.Expect(page.GetByText("still being counted")).ToHaveCountAsync(0, new() { Timeout = 120_000 });
        await Screenshots.TakeAsync(page, "demo", forDocs: true, fullPage: false);
        await Looks.TakeAsync(app, "/console", "demo");
        await Looks.TakeAsync(app, "/console/settings/demo", "demo-settings");
        await page.GotoAsync("/console/customers");
        await page.GetByText("Demo", new() { Exact = true }).First.WaitForAsync();
        await Screenshots.TakeAsync(page, "demo-customers", fullPage: false);
        await MeasureAsync(page);

        await page.GotoAsync("/console");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove the demo shop" }).ClickAsync();
        await page.Locator("#remove-demo button.danger").WaitForAsync();
        await Screenshots.TakeAsync(page, "demo-remove", fullPage: false);
        await page.Locator("#remove-demo button.danger").ClickAsync();
        await page.GetByText("The demo shop is being removed").First.WaitForAsync();
        await Screenshots.TakeAsync(page, "demo-removing", fullPage: false);
        await page.GetByText("Your shop's figures begin with its first order").WaitForAsync(new() { Timeout = 300_000 });
        await Assertions.Expect(page.Locator("#demo-notice")).ToHaveCountAsync(0);

        await page.GotoAsync("/console/settings/demo");
        await page.GetByLabel("Customers").FillAsync("300");
        await page.GetByLabel("Months").FillAsync("3");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make it" }).ClickAsync();
        await page.GetByText("This is a demo shop").WaitForAsync(new() { Timeout = 120_000 });
    }

    /// <summary>How well its model foretells.</summary>
    private async Task MeasureAsync(IPage page)
    {
        await page.GotoAsync("/console/recommendations");
        await page.GetByText("Learnt from orders").WaitForAsync(new() { Timeout = 120_000 });
        await page.GetByRole(AriaRole.Button, new() { Name = "Measure and tune now" }).ClickAsync();
        await page.GetByText("found it among the twenty products").WaitForAsync(new() { Timeout = 240_000 });
        await page.GetByText("Learnt from orders").WaitForAsync(new() { Timeout = 120_000 });
        await Screenshots.TakeAsync(page, "recommendations-quality", forDocs: true, fullPage: false);
        await Looks.TakeAsync(app, "/console/recommendations", "recommendations-quality");

        await page.GotoAsync("/console/recommendations");
        await page.GetByText("What counts, and how much").ClickAsync(new() { Timeout = 120_000 });
        (await page.Locator("#signals tbody tr").CountAsync()).ShouldBe(9);
        await Screenshots.TakeAsync(page, "recommendations-signals", fullPage: false);
    }
}
