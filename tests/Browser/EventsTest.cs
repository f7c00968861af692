using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace Wellmet.Browser;

/// <summary>A shop is connected in a real browser: its page, on another origin, sends with the lines that were copied, and they arrive before one's eyes.</summary>
public sealed class EventsTest(ProductionApp app) : IClassFixture<ProductionApp>
{
    [Fact]
    public async Task What_a_shops_page_sends_with_the_copied_lines_appears_at_once()
    {
        var console = await app.OpenAsync();
        await console.GotoAsync("/console/settings/storefronts");
        await console.Locator("main a[href$='/new'], main button[data-open]").First.ClickAsync();
        await console.Locator("input[name=name]").FillAsync("Lamp shop");
        await console.Locator("main form:has(input[name=name]) button.primary, dialog form button.primary").First.ClickAsync();
        await console.GetByText("Lamp shop").First.WaitForAsync();
        await console.GotoAsync("/console/settings/keys/new?kind=write");
        await console.Locator("input[name=name]").FillAsync("Lamp shop pages");
        await console.Locator("main form button.primary").ClickAsync();
        var lines = await console.Locator("#page-snippet").InputValueAsync();
        await console.GotoAsync("/console/settings/events");
        await console.GetByText("Nothing arrived yet").WaitForAsync();

        var visitor = await (await app.Browser.NewContextAsync()).NewPageAsync();
        await using var shop = await ServeAsync($"<!doctype html><title>Lamps</title><h1>Lamps</h1>{lines}");
        await visitor.GotoAsync(shop.Urls.First() + "/lamps");
        await visitor.EvaluateAsync("() => wellmet.shop('Product Viewed', { price: 'cheap' })");

        await console.GetByText("Product Viewed").WaitForAsync();
        (await console.Locator("#calls-table tbody tr").CountAsync()).ShouldBe(2);
        (await console.Locator("#calls-table").InnerTextAsync()).ShouldContain("claimed");
        await Screenshots.TakeAsync(console, "events", forDocs: true, fullPage: false);
        await console.GetByRole(AriaRole.Link, new() { Name = "Pause" }).ClickAsync();
        await visitor.EvaluateAsync("() => wellmet.shop('Product Added', { sku: 'L1' })");
        await console.GetByRole(AriaRole.Link, new() { Name = "Go on" }).ClickAsync();
        await console.GetByText("Product Added").WaitForAsync();

        await Looks.TakeAsync(app, "/console/settings/events", "events-live");
        await Looks.TakeAsync(app, "/console/settings/events/problems", "events-problems");
    }

    /// <summary>A page of a shop, on an origin of its own.</summary>
    private static async Task<WebApplication> ServeAsync(string html)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var shop = builder.Build();
        shop.Urls.Add("http://127.0.0.1:0");
        shop.MapGet("/lamps", () => Results.Content(html, "text/html"));
        await shop.StartAsync();
        return shop;
    }
}
