using System.Text.Json;
using Wellmet.Customers.Timeline;
using Wellmet.Platform.Storage;
using Wellmet.Tests.Customers.Collection;
using Wellmet.Tests.Platform.Access.Keys;

namespace Wellmet.Tests.Recommendations;

/// <summary>What customers say on a page of the shop, and see of what is known: only of themselves, and it counts from the very next answer on.</summary>
public sealed class PageVoiceTest
{
    private const string Opinions = "/v1/recommendations/page/opinions", Taste = "/v1/recommendations/page/taste", Choice = "/v1/consents/choice";

    /// <summary>Bought A0 and B0 only; E0 speaks for itself.</summary>
    private const string Ann = "1057", Ben = "1054";

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Who_is_signed_in_corrects_what_is_known_of_them(Engine engine)
    {
        await using var shops = await OpenAsync(engine);
        var (web, key) = (shops.Web, shops.Key);
        var (ann, ben) = (await shops.ProofAsync(Ann), await shops.ProofAsync(Ben));
        (await CodesAsync(web, key, ann))[0].ShouldBe("E0");
        var before = await KnownAsync(web, key, ann);
        before.GetProperty("bought").EnumerateArray().Select(b => (b.GetProperty("sku").GetString(), b.GetProperty("gift").GetBoolean())).ShouldBe([("A0", false), ("B0", false)], ignoreOrder: true);
        before.GetProperty("unwanted").GetArrayLength().ShouldBe(0);

        await SayAsync(web, key, ann, "E0", "not_interested");
        await SayAsync(web, key, ann, "E0", "not_interested");
        await SayAsync(web, key, ann, "A0", "gift");

        (await CodesAsync(web, key, ann)).ShouldNotContain("E0");
        (await CodesAsync(web, key, ben, "bestsellers")).ShouldContain("E0", "of somebody else nothing was said");
        var because = (await web.AskAsync(new { writeKey = key, placement = "for-you", identityProof = ann, limit = 1 })).GetProperty("recommendations")[0].GetProperty("reason").GetProperty("because");
        because.EnumerateArray().Select(b => b.GetProperty("sku").GetString()).ShouldBe(["B0"]);
        var known = await KnownAsync(web, key, ann);
        known.GetProperty("unwanted")[0].GetProperty("sku").GetString().ShouldBe("E0");
        known.GetProperty("bought").EnumerateArray().Single(b => b.GetProperty("gift").GetBoolean()).GetProperty("sku").GetString().ShouldBe("A0");
        (await KnownAsync(web, key, ben)).GetProperty("unwanted").GetArrayLength().ShouldBe(0);
        await shops.Shop.RateLowAsync(1057, "X");
        (await KnownAsync(web, key, ann)).GetProperty("rated_low").EnumerateArray().Select(r => r.GetProperty("sku").GetString()).ShouldBe(["X"]);

        await SayAsync(web, key, ann, "E0", "not_interested", takenBack: true);
        (await CodesAsync(web, key, ann)).ShouldContain("E0");
        (await TextsAsync(shops.Shop)).ShouldBe(["Is not interested in a product", "Said that a product was a gift for somebody else", "Took back not being interested in a product"], ignoreOrder: true);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Who_is_signed_in_turns_personal_recommendations_off_and_on(Engine engine)
    {
        await using var shops = await OpenAsync(engine);
        var (web, key, ann) = (shops.Web, shops.Key, await shops.ProofAsync(Ann));

        await ChooseAsync(objects: true);
        await ChooseAsync(objects: true);

        (await web.AskAsync(new { writeKey = key, placement = "for-you", identityProof = ann })).GetProperty("personalised").GetBoolean().ShouldBeFalse();
        var known = await KnownAsync(web, key, ann);
        known.GetProperty("personal").GetBoolean().ShouldBeFalse();
        known.GetProperty("bought").GetArrayLength().ShouldBe(0);
        (await web.Database.ReadAsync(s => s.CountAsync("select count(*) from privacy_consents where purpose = 'personalisation'", null, default), default)).ShouldBe(1, "said twice it is one record");

        await ChooseAsync(objects: false);

        (await web.AskAsync(new { writeKey = key, placement = "for-you", identityProof = ann })).GetProperty("personalised").GetBoolean().ShouldBeTrue();
        (await TextsAsync(shops.Shop)).ShouldBe(["Objected to personal recommendations", "Took the objection to personal recommendations back"], ignoreOrder: true);

        Task<JsonElement> ChooseAsync(bool objects) => web.AskAsync(new { writeKey = key, identityProof = ann, purpose = "personalisation", objects }, path: Choice);
    }

    [Fact]
    public async Task Without_a_proof_that_holds_nothing_is_said_or_shown()
    {
        await using var shops = await OpenAsync(Engine.Sqlite);
        var (web, key, ann) = (shops.Web, shops.Key, await shops.ProofAsync(Ann));
        var other = (await web.MakeWriteKeyAsync()).Text;
        foreach (var proof in new[] { null, "", ann + "x", await shops.ProofAsync("nobody"), await shops.ProofAsync(Ann, minutes: -1) })
        {
            (await web.RefusedAsync(Opinions, Json(new { writeKey = key, identityProof = proof, product = "E0", opinion = "not_interested" }))).ShouldBe((422, "proof_refused"));
            (await web.RefusedAsync(Taste, Json(new { writeKey = key, identityProof = proof }))).ShouldBe((422, "proof_refused"));
            (await web.RefusedAsync(Choice, Json(new { writeKey = key, identityProof = proof, purpose = "personalisation", objects = true }))).ShouldBe((422, "proof_refused"));
        }
        (await web.RefusedAsync(Opinions, Json(new { writeKey = other, identityProof = ann, product = "E0", opinion = "gift" }))).ShouldBe((422, "proof_refused"));
        (await web.RefusedAsync(Opinions, Json(new { identityProof = ann, product = "E0", opinion = "gift" }))).ShouldBe((401, "key_missing"));
        (await web.RefusedAsync(Opinions, Json(new { writeKey = key, identityProof = ann, product = "NEW", opinion = "gift" }))).ShouldBe((404, "product_unknown"));
        (await web.RefusedAsync(Opinions, Json(new { writeKey = key, identityProof = ann, product = "E0", opinion = "hates" }))).ShouldBe((400, "json_unexpected"));
        (await web.RefusedAsync(Choice, Json(new { writeKey = key, identityProof = ann, purpose = "service", objects = true }))).ShouldBe((400, "objection_impossible"));
        (await web.Database.ReadAsync(s => s.CountAsync("select (select count(*) from recommendations_opinions) + (select count(*) from privacy_consents)", null, default), default)).ShouldBe(0);
    }

    [Theory]
    [InlineData("en", "What it does not offer")]
    [InlineData("zh-CN", "不会推荐的商品")]
    public async Task How_products_are_chosen_is_told_to_everybody(string language, string words)
    {
        await using var web = await WebShop.OpenAsync();
        using var client = new HttpClient { BaseAddress = web.Address };
        client.DefaultRequestHeaders.Add("Accept-Language", language);
        (await client.GetStringAsync("/recommendations/how")).ShouldContain(words);
    }

    private static string Json(object body) => JsonSerializer.Serialize(body);

    private static Task<JsonElement> KnownAsync(WebShop web, string key, string proof) => web.AskAsync(new { writeKey = key, identityProof = proof }, path: Taste);

    private static Task<JsonElement> SayAsync(WebShop web, string key, string proof, string product, string opinion, bool takenBack = false) =>
        web.AskAsync(new { writeKey = key, identityProof = proof, product, opinion, takenBack }, path: Opinions);

    private static async Task<List<string>> CodesAsync(WebShop web, string key, string proof, string placement = "for-you") =>
        [.. (await web.AskAsync(new { writeKey = key, placement, identityProof = proof, limit = 20 })).GetProperty("recommendations").EnumerateArray().Select(r => r.GetProperty("sku").GetString()!)];

    private static async Task<List<string>> TextsAsync(TestShop shop)
    {
        var customer = await shop.CustomerAsync(int.Parse(Ann, System.Globalization.CultureInfo.InvariantCulture));
        var page = await shop.UseAsync<ReadTimeline, ReadTimeline.Page>(t => t.RunAsync(new(customer, null, null, 50), default));
        return [.. page.Lines.Select(l => l.Text.Text).Where(t => t.Contains("product", StringComparison.Ordinal) || t.Contains("personal", StringComparison.Ordinal))];
    }

    private static async Task<Shops> OpenAsync(Engine engine)
    {
        var storage = TestShop.NewStorage(engine);
        var shop = await GiftShop.OpenAsync(engine, storage: storage);
        await shop.TrainAsync();
        var web = await WebShop.OpenAsync(engine, storage: storage);
        var (keyId, key) = await KeyAsync(web);
        return new Shops(shop, web, keyId, key);
    }

    private static async Task<(Guid, string)> KeyAsync(WebShop web)
    {
        var made = await web.MakeWriteKeyAsync();
        return (made.KeyId, made.Text);
    }

    private sealed record Shops(TestShop Shop, WebShop Web, Guid KeyId, string Key) : IAsyncDisposable
    {
        public Task<string> ProofAsync(string user, int minutes = 5) => SignedProof.OfUserAsync(Web, KeyId, user, minutes);

        public async ValueTask DisposeAsync()
        {
            await Web.DisposeAsync();
            await Shop.DisposeAsync();
        }
    }
}
