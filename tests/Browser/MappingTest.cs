using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Wellmet.Browser;

/// <summary>A program is connected in a real browser, and staff say by clicking what it sends.</summary>
public sealed partial class MappingTest(ProductionApp app) : IClassFixture<ProductionApp>
{
    private const string Payload = """
        {"event_id":"e-1","type":"order.created","orders":[{"no":"T-1001","at":"2026-11-20T10:00:00Z","cur":"EUR","customer":{"id":"K-7","mail":"ann@shop.test","name":"Ann Example"},
        "items":[{"sku":"LAMP","title":"Red lamp","qty":2,"cents":2000},{"sku":"CANDLE","title":"Candle","qty":1,"cents":300}],"postage":"4,90"}]}
        """;

    [Fact]
    public async Task Staff_say_by_clicking_what_a_program_sends()
    {
        var page = await app.OpenAsync();
        await page.GotoAsync("/console/settings/storefronts/new");
        await page.Locator("input[name=name]").FillAsync("Till");
        await page.Locator("main form button.primary").ClickAsync();
        await Looks.TakeAsync(app, "/console/settings/connections/new?system=generic", "mapping-new");
        await page.GotoAsync("/console/settings/connections/new?system=generic");
        await page.Locator("input[name=name]").FillAsync("Our till");
        await page.Locator("main form button.primary").ClickAsync();
        var hook = app.BaseUrl + Path().Match(await page.Locator("#address").InputValueAsync()).Value;
        var secret = await page.Locator("#secret-shown").InputValueAsync();
        using var client = new HttpClient();
        (await SendAsync(client, hook, Payload, secret)).ShouldBe(200);
        (await SendAsync(client, hook, """{"event_id":"e-2","type":"order.created","orders":[{"no":"T-1002","at":"yesterday","items":[]}]}""", secret)).ShouldBe(200);
        (await SendAsync(client, hook, """{"event_id":"e-3","type":"till.opened"}""", secret)).ShouldBe(200);
        (await SendAsync(client, hook, Payload, "another secret")).ShouldBe(401);

        await page.GotoAsync(hook.Replace("/hooks/", "/console/settings/connections/", StringComparison.Ordinal));
        await page.GetByText("Waits for a mapping").First.WaitForAsync();
        await page.GetByText("Make a mapping").ClickAsync();
        await page.Locator("#sample").SelectOptionAsync(new SelectOptionValue { Index = 3 });
        await page.Locator("[data-path='$.orders[0].no']").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await page.Locator("button[value='add:order']").ClickAsync();
        await page.Locator("#rule-0").WaitForAsync();
        await page.GetByText("This field is needed.").First.WaitForAsync();

        await TypeAsync(page, "r0.when", "$.type ==");
        await page.Locator("#rule-0 .error").GetByText("Character").WaitForAsync();
        await TypeAsync(page, "r0.when", "$.type == 'order.created'");
        await PressAsync(page, "r0.each", "$.orders[*]", "$.orders[*]");
        await PressAsync(page, "r0.lines", "$.orders[0].items[*]", "@.items[*]");
        await PressAsync(page, "r0.f.number", "$.orders[0].no", "@.no");
        await PressAsync(page, "r0.f.line_sku", "$.orders[0].items[0].sku", "@.sku");
        await PressAsync(page, "r0.f.customer_id", "$.orders[0].customer.id", "@.customer.id");
        await page.Locator("[id='r0.more'] > summary").ClickAsync();
        await PressAsync(page, "r0.f.placed_at", "$.orders[0].at", "@.at");
        await PressAsync(page, "r0.f.line_quantity", "$.orders[0].items[0].qty", "@.qty");
        await PressAsync(page, "r0.f.line_price", "$.orders[0].items[1].cents", "@.cents");
        await SwappedAsync(page, () => page.Locator("select[name='r0.t.line_price']").SelectOptionAsync("minor"));
        await TypeAsync(page, "r0.f.currency", "@.cur ?? 'EUR'");
        await PressAsync(page, "r0.f.shipping", "$.orders[0].postage", "@.postage");
        await SwappedAsync(page, () => page.Locator("select[name='r0.t.shipping']").SelectOptionAsync("comma"));
        await page.Locator(".mapped-thing").GetByText("Taken").WaitForAsync();
        await page.Locator(".mapped-lines li").First.GetByText("LAMP · 2 · 20").WaitForAsync();
        await PressAsync(page, "delivery_id", "$.event_id", "$.event_id");
        await page.Locator("button[value=try]").ClickAsync();
        await page.Locator("#trial").WaitForAsync();
        (await page.Locator("#trial .figure").AllInnerTextsAsync()).ShouldBe(["3", "1", "1", "1"]);
        await Screenshots.TakeAsync(page, "mapping-try");
        await page.GetByText("Save as a new version").ClickAsync();
        await page.GetByText("Version 1 is in force").WaitForAsync();

        var mapping = new Uri(hook).AbsolutePath.Replace("/hooks/", "/console/settings/connections/", StringComparison.Ordinal);
        while (await page.GetByText("Failed").CountAsync() == 0)
        {
            await Task.Delay(250);
            await page.GotoAsync(mapping);
        }
        await Looks.TakeAsync(app, mapping, "mapping-connection");
        await page.GotoAsync(mapping + "/mapping");
        await page.Locator("#sample").SelectOptionAsync(new SelectOptionValue { Index = 3 });
        await page.Locator(".mapped-thing").GetByText("Taken").WaitForAsync();
        await Screenshots.TakeAsync(page, "mapping", forDocs: true);
        await Looks.TakeAsync(app, mapping + "/mapping", "mapping-editor");
        await page.GotoAsync("/console/orders");
        await page.GetByText("T-1001").WaitForAsync();
    }

    private static async Task TypeAsync(IPage page, string field, string text)
    {
        await SwappedAsync(page, async () =>
        {
            await page.Locator($"[id='{field}']").FillAsync(text);
            await page.Locator($"[id='{field}']").DispatchEventAsync("change");
        });
        await Expect(page.Locator($"[id='{field}']")).ToHaveValueAsync(text);
    }

    /// <summary>Clicks into a field, then on a name of the sample.</summary>
    private static async Task PressAsync(IPage page, string field, string path, string becomes)
    {
        await page.Locator($"[id='{field}']").FocusAsync();
        await SwappedAsync(page, () => page.Locator($"[data-path=\"{path}\"]").DispatchEventAsync("click"));
        await Expect(page.Locator($"[id='{field}']")).ToHaveValueAsync(becomes);
    }

    private static async Task SwappedAsync(IPage page, Func<Task> act) => await page.RunAndWaitForResponseAsync(act, r => r.Url.EndsWith("/workbench", StringComparison.Ordinal));

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    private static async Task<int> SendAsync(HttpClient client, string hook, string body, string secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, hook) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Signature", "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(body))));
        using var response = await client.SendAsync(request);
        return (int)response.StatusCode;
    }

    [GeneratedRegex("/hooks/.*", RegexOptions.None, 1000)]
    private static partial Regex Path();
}
