using Wellmet.Tests;

namespace Wellmet.Browser;

/// <summary>The page of the API in a real browser.</summary>
public sealed class ApiPageTest(ProductionApp app) : IClassFixture<ProductionApp>
{
    [Fact]
    public async Task The_page_fits_every_screen_and_an_operation_opens()
    {
        await Looks.TakeAsync(app, "/console/developers/api", "api");
        foreach (var (width, dark) in new[] { (1440, false), (390, true) })
        {
            var page = await app.OpenAsync(width, dark, "en");
            await page.GotoAsync("/console/developers/api");
            await page.Locator("#list_customers > summary").ClickAsync();
            await page.Locator("#list_customers a[href='#schema-CustomerItemPage']").ClickAsync();
            await page.Locator("#schema-CustomerItemPage > summary").ClickAsync();
            // What lies half below the bar at the top is no small target.
            await page.EvaluateAsync("() => scrollTo(0, 0)");
            await Screenshots.TakeAsync(page, $"api-open-{width}");
            await Accessibility.CheckAsync(page, $"api-open-{width}");
            (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth")).ShouldBe(width);
        }
    }
}
