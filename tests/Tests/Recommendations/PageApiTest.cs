using System.Text.Json;
using Wellmet.Platform.Storage;
using Wellmet.Tests.Customers.Collection;
using Wellmet.Tests.Platform.Access.Keys;

namespace Wellmet.Tests.Recommendations;

/// <summary>What a page of the shop gets with its public key: nothing about anybody who is not proved to sit there.</summary>
public sealed class PageApiTest
{
    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Purchases_are_used_only_for_who_is_proved_to_be_signed_in(Engine engine)
    {
        var storage = TestShop.NewStorage(engine);
        await using var shop = await GiftShop.OpenAsync(engine, storage: storage);
        await shop.TrainAsync();
        await using var web = await WebShop.OpenAsync(engine, storage: storage);
        var (key, other) = (await web.MakeWriteKeyAsync(), await web.MakeWriteKeyAsync());
        var proof = await SignedProof.OfUserAsync(web, key.KeyId, "1057");

        var known = await web.AskAsync(new { placement = "for-you", identityProof = proof, writeKey = key.Text, limit = 3 });
        known.GetProperty("personalised").GetBoolean().ShouldBeTrue();
        known.GetProperty("recommendations")[0].GetProperty("reason").GetProperty("code").GetString().ShouldBe("because_bought");

        foreach (var nobody in new object[]
        {
            new { placement = "for-you", writeKey = key.Text, limit = 3 },
            new { placement = "for-you", identityProof = proof, writeKey = other.Text, limit = 3 },
            new { placement = "for-you", identityProof = proof + "x", writeKey = key.Text, limit = 3 },
            new { placement = "for-you", identityProof = await SignedProof.OfUserAsync(web, key.KeyId, "1057", minutes: -1), writeKey = key.Text, limit = 3 },
            new { placement = "for-you", identityProof = await SignedProof.OfUserAsync(web, key.KeyId, "nobody"), writeKey = key.Text, limit = 3 },
        })
        {
            var answer = await web.AskAsync(nobody);
            answer.GetProperty("personalised").GetBoolean().ShouldBeFalse();
            answer.GetProperty("recommendations").EnumerateArray().Select(r => r.GetProperty("reason").GetProperty("code").GetString()).ShouldBe(["bestseller", "bestseller", "bestseller"]);
        }
        (await web.AskAsync(new { placement = "for-you", identityProof = proof, writeKey = key.Text }, privacyControl: true)).GetProperty("personalised").GetBoolean().ShouldBeFalse();
        (await web.AskAsync(new { placement = "buy-again", writeKey = key.Text })).GetProperty("recommendations").GetArrayLength().ShouldBe(0);

        await shop.ObjectAsync(1057);
        (await web.AskAsync(new { placement = "for-you", identityProof = proof, writeKey = key.Text })).GetProperty("personalised").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Products_are_named_by_their_codes_and_what_is_wrong_is_said()
    {
        var storage = TestShop.NewStorage(Engine.Sqlite);
        await using var shop = await GiftShop.OpenAsync(Engine.Sqlite, storage: storage);
        await shop.TrainAsync();
        await using var web = await WebShop.OpenAsync(Engine.Sqlite, storage: storage);
        var key = (await web.MakeWriteKeyAsync()).Text;

        (await web.AskAsync(new { placement = "bought-together", products = new[] { "A0" }, writeKey = key, limit = 1 })).GetProperty("recommendations")[0].GetProperty("sku").GetString().ShouldBe("B0");
        // What the shop sells and Wellmet does not know yet does not spoil the rest of a basket.
        (await web.AskAsync(new { placement = "basket", products = new[] { "NEW", "A1" }, writeKey = key, limit = 1 })).GetProperty("recommendations")[0].GetProperty("sku").GetString().ShouldBe("B1");
        (await web.AskAsync(new { placement = "basket", products = Array.Empty<string>(), writeKey = key, limit = 2 })).GetProperty("recommendations").GetArrayLength().ShouldBe(2);

        foreach (var (body, status, code) in new (string, int, string)[]
        {
            ($$"""{"placement":"for-you"}""", 401, "key_missing"), ("nonsense", 401, "key_missing"), ($$"""{"placement":"for-you","writeKey":"wmw_x"}""", 401, "key_refused"),
            ($$"""{"placement":"for-you","writeKey":"{{key}}","limit":"4"}""", 400, "json_unexpected"), ($$"""{"placement":"for-you","writeKey":"{{key}}","customer":"1057"}""", 400, "json_unexpected"),
            ($$"""{"placement":"nowhere","writeKey":"{{key}}"}""", 404, "placement_unknown"), ($$"""{"placement":"similar","writeKey":"{{key}}"}""", 400, "parameter_missing"),
            ($$"""{"placement":"similar","products":["NEW"],"writeKey":"{{key}}"}""", 404, "product_unknown"), ($$"""{"placement":"basket","products":[""],"writeKey":"{{key}}"}""", 400, "json_unexpected"),
            ($$"""{"placement":"for-you","writeKey":"{{key}}","limit":0}""", 400, "limit_out_of_range"), (new string(' ', 17_000), 401, "key_missing"),
            ("""{"writeKey":"\ud800"}""", 401, "key_missing"), ($$"""{"placement":"basket","products":[null],"writeKey":"{{key}}"}""", 400, "json_unexpected"),
        })
        {
            using var answer = await web.TellAsync("/v1/recommendations/page", body);
            var text = await answer.Content.ReadAsStringAsync();
            ((int)answer.StatusCode).ShouldBe(status, body.Trim() + text);
            JsonElement.Parse(text).GetProperty("type").GetString().ShouldBe("/problems/" + code, body.Trim());
        }
    }
}
