using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Wellmet.Commerce.Connectors;
using Wellmet.Platform.Storage;

namespace Wellmet.Tests.Commerce.Connectors;

/// <summary>The door at which shop systems knock, and the pages around it, over HTTP.</summary>
public sealed partial class HookTest
{
    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_signature_over_the_very_bytes_opens_the_door_and_nothing_else_does(Engine engine)
    {
        await using var shop = await WebShop.OpenAsync(engine);
        using var owner = await shop.SignInAsync();
        var storefront = await StorefrontAsync(shop, owner);
        using var made = await owner.PostAsync("/console/settings/connections", ("system", "shopify"), ("storefront", storefront), ("secret", "first secret of shopify"));
        made.StatusCode.ShouldBe(HttpStatusCode.OK);
        var hook = HookAddress().Match(await made.Content.ReadAsStringAsync()).Value;
        var connection = Guid.Parse(hook.Split('/')[^1]);
        using var client = new HttpClient { BaseAddress = shop.Address };
        const string body = "{ \"id\": 1,  \"title\": \"Lamp\", \"updated_at\": \"2026-03-01T10:00:00Z\", \"variants\": [{ \"id\": 2, \"sku\": \"LAMP\", \"price\": \"20.00\" }] }";

        (await SendAsync(client, hook, body, "first secret of shopify", "1")).ShouldBe((HttpStatusCode.OK, "accepted"));
        (await SendAsync(client, hook, body, "first secret of shopify", "1")).ShouldBe((HttpStatusCode.OK, "duplicate"));
        (await SendAsync(client, hook, body, "first secret of shopify", "2", topic: "themes/publish")).ShouldBe((HttpStatusCode.OK, "ignored"));
        (await SendAsync(client, hook, body, "first secret of shopify", "3", altered: body.Replace("  ", " ", StringComparison.Ordinal))).ShouldBe((HttpStatusCode.Unauthorized, "signature_refused"));
        (await SendAsync(client, hook, body, "another secret", "4")).ShouldBe((HttpStatusCode.Unauthorized, "signature_refused"));
        (await SendAsync(client, $"/hooks/{Wellmet.Platform.Id.New()}", body, "first secret of shopify", "5")).ShouldBe((HttpStatusCode.NotFound, "connection_unknown"));
        (await shop.Database.ReadAsync(s => s.CountAsync("select count(*) from commerce_deliveries"), default)).ShouldBe(2, "what is not signed is not kept");
        (await owner.PageAsync($"/console/settings/connections/{connection}")).ShouldContain("A delivery with a wrong signature was refused");

        using var rotated = await owner.PostAsync($"/console/settings/connections/{connection}/rotate", ("secret", "second secret of shopify"), ("grace", "1"));
        rotated.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await SendAsync(client, hook, body, "first secret of shopify", "6")).ShouldBe((HttpStatusCode.OK, "accepted"));
        (await SendAsync(client, hook, body, "second secret of shopify", "7")).ShouldBe((HttpStatusCode.OK, "accepted"));
        using var leaked = await owner.PostAsync($"/console/settings/connections/{connection}/rotate", ("secret", "third secret of shopify"), ("grace", "0"));
        (await SendAsync(client, hook, body, "second secret of shopify", "8")).Status.ShouldBe(HttpStatusCode.Unauthorized);

        using var removed = await owner.PostAsync($"/console/settings/connections/{connection}/remove");
        removed.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await SendAsync(client, hook, body, "third secret of shopify", "9")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task WooCommerce_gets_a_secret_of_ours_its_ping_an_answer_and_what_is_too_large_is_refused()
    {
        await using var shop = await WebShop.OpenAsync();
        using var owner = await shop.SignInAsync();
        var storefront = await StorefrontAsync(shop, owner);
        using var refused = await owner.PostAsync("/console/settings/connections", ("system", "shopify"), ("storefront", storefront), ("secret", "short"));
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        using var made = await owner.PostAsync("/console/settings/connections", ("system", "woo_commerce"), ("storefront", storefront));
        var page = await made.Content.ReadAsStringAsync();
        var hook = HookAddress().Match(page).Value;
        var secret = ShownSecret().Match(page).Groups[1].Value;
        using var client = new HttpClient { BaseAddress = shop.Address };

        using (var ping = await client.PostAsync(hook, new FormUrlEncodedContent([KeyValuePair.Create("webhook_id", "5")])))
        {
            ping.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
        using var request = new HttpRequestMessage(HttpMethod.Post, hook) { Content = new ByteArrayContent("{\"id\":1}"u8.ToArray()) };
        request.Headers.Add("X-WC-Webhook-Topic", "product.deleted");
        request.Headers.Add("X-WC-Webhook-Signature", ConnectedShop.Sign(secret, "{\"id\":1}"u8.ToArray()));
        using (var answer = await client.SendAsync(request))
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
        (await SendAsync(client, hook, new string('x', HookRoutes.LargestBody + 1), secret, "1")).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await owner.PageAsync(hook.Replace("/hooks/", "/console/settings/connections/", StringComparison.Ordinal))).ShouldContain("Address tried by the shop");
        using var again = await owner.PostAsync("/console/settings/connections", ("system", "woo_commerce"), ("storefront", storefront), ("prefix", "b-"));
        again.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    private static async Task<string> StorefrontAsync(WebShop shop, WebBrowser owner)
    {
        using var made = await owner.PostAsync("/console/settings/storefronts", ("name", "Lamps"), ("currency", "EUR"), ("locale", "en-GB"), ("time_zone", "Etc/UTC"));
        return (await shop.Database.ReadAsync(s => s.FirstAsync("select storefront_id from commerce_storefronts where name = 'Lamps'", null, r => (Guid?)r.Guid(0), default), default)).ToString()!;
    }

    private static async Task<(HttpStatusCode Status, string? Said)> SendAsync(HttpClient client, string hook, string body, string secret, string key, string topic = "products/update", string? altered = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, hook) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(altered ?? body)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-Shopify-Topic", topic);
        request.Headers.Add("X-Shopify-Hmac-Sha256", ConnectedShop.Sign(secret, Encoding.UTF8.GetBytes(body)));
        request.Headers.Add("X-Shopify-Webhook-Id", key);
        using var response = await client.SendAsync(request);
        var said = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        return (response.StatusCode, said.TryGetProperty("result", out var result) ? result.GetString() : said.GetProperty("code").GetString());
    }

    [GeneratedRegex("/hooks/[0-9a-f-]{36}", RegexOptions.None, 1000)]
    private static partial Regex HookAddress();

    [GeneratedRegex("name=\"secret-shown\" value=\"([0-9a-f]{64})\"", RegexOptions.None, 1000)]
    private static partial Regex ShownSecret();
}
