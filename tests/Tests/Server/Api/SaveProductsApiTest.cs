using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Wellmet.Platform.Storage;

namespace Wellmet.Tests.Server.Api;

/// <summary>The catalogue as the shop's server sends it.</summary>
public sealed class SaveProductsApiTest
{
    private const string Path = "/v1/products";

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Each_row_is_saved_or_refused_for_itself(Engine engine)
    {
        await using var shop = await ApiShop.OpenAsync(engine);

        var rows = (await shop.SendAsync(Path, """
            {"products": [
              {"sku": "71053", "brand": "Acme", "stock": 4, "price": {"amount_minor": 450, "currency": "GBP"}, "page_url": "https://shop.example/p/71053"},
              {"sku": "71053", "stok": 4},
              {"sku": "71053", "stock": "4"},
              {"stock": 4},
              17,
              {"sku": "UNKNOWN", "stock": 4},
              {"sku": "LAMP-9", "name": "Red lamp", "available_since": "2026-01-31", "type": "collectable"}
            ]}
            """)).GetProperty("products").EnumerateArray().ToList();

        rows.Select(r => r.GetProperty("status").GetString()).ShouldBe(["saved", "refused", "refused", "refused", "refused", "refused", "added"]);
        rows.Select(r => r.GetProperty("sku").GetString()).ShouldBe(["71053", "71053", "71053", "", "", "UNKNOWN", "LAMP-9"]);
        rows.Select(r => r.GetProperty("problem") is { ValueKind: JsonValueKind.Object } p ? p.GetProperty("code").GetString() : null)
            .ShouldBe([null, "json_unexpected", "json_unexpected", "json_unexpected", "json_unexpected", "name_missing", null]);
        rows[2].GetProperty("problem").GetProperty("detail").GetString()!.ShouldContain("$.products[2].stock");
        var lantern = await shop.GetAsync(Path + "/71053");
        (lantern.GetProperty("brand").GetString(), lantern.GetProperty("stock").GetInt64(), lantern.GetProperty("price").GetProperty("amount_minor").GetInt64(), lantern.GetProperty("page_url").GetString(), lantern.GetProperty("seller").ValueKind)
            .ShouldBe(("Acme", 4, 450, "https://shop.example/p/71053", JsonValueKind.Null));
        (await shop.GetAsync(Path + "?q=lantern")).GetProperty("data")[0].GetRawText().ShouldBe(lantern.GetRawText());
        (await shop.GetAsync(Path + "/LAMP-9")).GetProperty("available_since").GetString().ShouldBe("2026-01-31");

        await shop.SendAsync(Path, """{"products": [{"sku": "71053", "price": null, "active": false}]}""");
        lantern = await shop.GetAsync(Path + "/71053");
        (lantern.GetProperty("brand").GetString(), lantern.GetProperty("active").GetBoolean(), lantern.GetProperty("price").GetProperty("amount_minor").GetInt64()).ShouldBe(("Acme", false, 339));
    }

    [Fact]
    public async Task A_request_that_comes_twice_is_answered_as_the_first_time()
    {
        await using var shop = await ApiShop.OpenAsync();
        const string body = """{"products": [{"sku": "LAMP-9", "name": "Red lamp"}, {"sku": "NOBODY", "stock": 1}, {"sku": ""}]}""";

        var (first, second) = (await SendAsync(shop, body, "k-1"), await SendAsync(shop, body, "k-1"));

        first.Replayed.ShouldBeFalse();
        second.ShouldBe((true, first.Text));
        first.Text.ShouldContain("\"status\":\"added\"");
        foreach (var wrong in new[] { "{}", """{"products": []}""", """{"products": [], "more": 1}""", $$"""{"products": [{{string.Join(',', Enumerable.Range(0, 501).Select(i => $$"""{"sku": "S{{i}}"}"""))}}]}""" })
        {
            await shop.SendAsync(Path, wrong, HttpStatusCode.BadRequest);
        }
        var reader = await shop.KeyAsync("products.read");
        using var client = new HttpClient { BaseAddress = shop.Web.Address };
        using var refused = await client.SendAsync(Request(body, "k-2", reader));
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private static async Task<(bool Replayed, string Text)> SendAsync(ApiShop shop, string body, string idempotency)
    {
        using var client = new HttpClient { BaseAddress = shop.Web.Address };
        using var answer = await client.SendAsync(Request(body, idempotency, shop.Key));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return (answer.Headers.Contains("Idempotent-Replayed"), await answer.Content.ReadAsStringAsync());
    }

    private static HttpRequestMessage Request(string body, string idempotency, string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Headers.Add("Idempotency-Key", idempotency);
        return request;
    }
}
