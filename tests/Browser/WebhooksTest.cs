using Microsoft.Playwright;

namespace Wellmet.Browser;

/// <summary>An endpoint in a real browser: made, tried, its messages seen, turned off. What it is sent is tested against a real server elsewhere: this program calls nothing on loopback.</summary>
public sealed class WebhooksTest(ProductionApp app) : IClassFixture<ProductionApp>
{
    [Fact]
    public async Task An_endpoint_is_made_tried_and_looked_at()
    {
        var page = await app.OpenAsync();
        await Looks.TakeAsync(app, "/console/settings/webhooks", "webhooks-none");
        await page.GotoAsync("/console/settings/webhooks/new");
        await page.Locator("input[name=name]").FillAsync("Warehouse");
        await page.Locator("input[name=url]").FillAsync("https://10.1.2.3/hook");
        await page.Locator("input[value='order.placed']").CheckAsync();
        await page.Locator("main form button.primary").ClickAsync();
        await page.GetByText("lead to the public internet").WaitForAsync();
        await page.Locator("input[name=url]").FillAsync("https://warehouse.invalid/hook");
        await Looks.TakeAsync(app, "/console/settings/webhooks/new", "webhooks-new");
        await page.Locator("main form button.primary").ClickAsync();
        (await page.Locator("#webhook-secret").InputValueAsync()).ShouldStartWith("whsec_");
        await page.Locator("main a.primary").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Send a test message" }).ClickAsync();
        await page.Locator(".toast").WaitForAsync();
        while (await page.GetByText("It could not be reached").CountAsync() == 0)
        {
            await Task.Delay(250);
            await page.ReloadAsync();
        }
        await Screenshots.TakeAsync(page, "webhook", forDocs: true);
        var path = new Uri(page.Url).AbsolutePath;
        await page.Locator("details summary").First.ClickAsync();
        await Screenshots.TakeAsync(page, "webhook-open");
        await Looks.TakeAsync(app, path, "webhook");
        await Looks.TakeAsync(app, "/console/settings/webhooks", "webhooks");
        await page.GetByRole(AriaRole.Button, new() { Name = "Turn off" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Turn on" }).WaitForAsync();
    }
}
