using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Wellmet.Browser;

/// <summary>A shop is connected in a real browser, sends what its system would send, and staff see what became of it.</summary>
public sealed partial class ConnectionsTest(ProductionApp app) : IClassFixture<ProductionApp>
{
    private const string Secret = "the secret that Shopify shows";

    [Fact]
    public async Task A_shop_is_connected_and_what_it_sends_is_seen()
    {
        var page = await app.OpenAsync();
        await page.GotoAsync("/console/settings/storefronts/new");
        await page.Locator("input[name=name]").FillAsync("Lamp shop");
        await page.Locator("main form button.primary").ClickAsync();
        await page.GotoAsync("/console/settings/connections/new");
        await page.Locator("input[name=secret]").FillAsync(Secret);
        await Looks.TakeAsync(app, "/console/settings/connections/new", "connections-new");
        await page.Locator("main form button.primary").ClickAsync();
        var address = await page.Locator("#address").InputValueAsync();
        await Screenshots.TakeAsync(page, "connections-made");

        using var client = new HttpClient();
        var hook = app.BaseUrl + Path().Match(address).Value;
        foreach (var (topic, body) in new[]
        {
            ("products/create", """{"id":1,"title":"Red lamp","updated_at":"2026-11-20T09:00:00Z","variants":[{"id":2,"sku":"LAMP","price":"20.00"}]}"""),
            ("orders/create", """{"id":11,"name":"#1001","created_at":"2026-11-20T10:00:00Z","updated_at":"2026-11-20T10:00:00Z","currency":"EUR","subtotal_price":"40.00","line_items":[{"id":1,"sku":"LAMP","name":"Red lamp","price":"20.00","quantity":2}],"customer":{"id":7,"email":"ann@shop.test","first_name":"Ann","last_name":"Example","updated_at":"2026-11-20T10:00:00Z"}}"""),
            ("fulfillments/create", """{"id":21,"order_id":12,"status":"success","created_at":"2026-11-20T12:00:00Z","updated_at":"2026-11-20T12:00:00Z"}"""),
            ("themes/publish", """{"id":3}"""),
            ("orders/updated", """{"id":13,"name":"#1003"}"""),
            ("customers/redact", """{"customer":{"id":7,"email":"ann@shop.test"}}"""),
        })
        {
            (await SendAsync(client, hook, topic, body, Secret)).ShouldBe(200);
        }
        await page.GotoAsync(hook.Replace("/hooks/", "/console/settings/connections/", StringComparison.Ordinal));
        while (await page.GetByText("Failed").CountAsync() == 0 || await page.GetByText("A customer asks to be forgotten").CountAsync() == 0)
        {
            await Task.Delay(250);
            await page.ReloadAsync();
        }
        await Screenshots.TakeAsync(page, "connection", forDocs: true);
        var path = new Uri(page.Url).AbsolutePath;
        await Looks.TakeAsync(app, path, "connection");
        await Looks.TakeAsync(app, "/console/settings/connections", "connections");

        (await SendAsync(client, hook, "orders/updated", "{}", "another secret")).ShouldBe(401);
        await page.ReloadAsync();
        await page.GetByText("A delivery with a wrong signature was refused").WaitForAsync();
        await page.Locator("#deliveries tbody tr form button").First.ClickAsync();
        await page.Locator(".toast").WaitForAsync();
    }

    private static async Task<int> SendAsync(HttpClient client, string hook, string topic, string body, string secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, hook) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Shopify-Topic", topic);
        request.Headers.Add("X-Shopify-Hmac-Sha256", Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(body))));
        using var response = await client.SendAsync(request);
        return (int)response.StatusCode;
    }

    [GeneratedRegex("/hooks/.*", RegexOptions.None, 1000)]
    private static partial Regex Path();
}
