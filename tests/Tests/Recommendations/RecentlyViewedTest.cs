using System.Text.Json;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Placements;
using Wellmet.Recommendations.Serving;
using Wellmet.Recommendations.Voice;
using Wellmet.Tests.Customers;
using Wellmet.Tests.Customers.Collection;
using Wellmet.Tests.Platform.Access.Keys;

namespace Wellmet.Tests.Recommendations;

/// <summary>What a customer looked at last, as a list of its own.</summary>
public sealed class RecentlyViewedTest
{
    /// <summary>Bought A0 and B0, long ago.</summary>
    private const int Ann = 1057;

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task It_holds_what_was_looked_at_newest_first_but_not_what_was_bought_since_or_is_not_wanted(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine, workers: true);
        await shop.TrainAsync();
        var now = TimeProvider.System.GetUtcNow();
        await shop.ImportTextAsync(ImportsInShop.Header + GiftShop.Line("9000", "F0", 1, now.AddHours(-3.5), Ann) + GiftShop.Line("9000", "F1", 1, now.AddHours(-3.5), Ann));
        await shop.LookAsync(Ann, ("F2", 6), ("E0", 5), ("F0", 4), ("F1", 4), ("F1", 3), ("X", 2), ("F2", 1), ("NEVER SOLD", 1));
        await GiveAsync(shop, "X");

        var list = await ServeAsync(shop);
        list.Products.Select(p => p.Product.Sku).ShouldBe(["F2", "F1", "E0"]);
        list.Products.ShouldAllBe(p => p.Reason.Kind == ReasonKind.Viewed && p.Score > 0);
        list.Personalised.ShouldBeTrue();
        (await ServeAsync(shop, customer: Ann - 3)).Products.ShouldBeEmpty("of somebody else nothing is known");
        (await ServeAsync(shop, limit: 1)).Products.Single().Product.Sku.ShouldBe("F2");

        await shop.Database.WriteAsync(tx => tx.ExecuteAsync("update commerce_products set active = @off where sku = 'F2'", new { off = false }), default);
        (await ServeAsync(shop)).Products.Select(p => p.Product.Sku).ShouldBe(["F1", "E0"]);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task It_is_filled_where_the_shop_wants_that_and_empty_for_who_objects(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine, workers: true);
        await shop.TrainAsync();
        await shop.LookAsync(Ann, ("E0", 1));
        await SaveAsync(shop, fills: true, [await shop.ProductAsync("A0"), await shop.ProductAsync("Y")]);

        var filled = (await ServeAsync(shop, limit: 100)).Products.Select(p => p.Product.Sku).ToList();
        filled[..2].ShouldBe(["Y", "E0"], "A0 is pinned, but they have it");
        filled.Intersect(["A0", "B0"]).ShouldBeEmpty();
        filled.Count.ShouldBe(GiftShop.Products - 2);

        await shop.ObjectAsync(Ann);
        var refused = await ServeAsync(shop, limit: 100);
        (refused.Personalised, refused.Products.Count).ShouldBe((false, GiftShop.Products));
        refused.Products.ShouldAllBe(p => p.Reason.Kind != ReasonKind.Viewed);
        await SaveAsync(shop, fills: false, []);
        (await ServeAsync(shop)).Products.ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_page_shows_it_to_who_is_proved_to_be_signed_in_and_their_account_lists_it(Engine engine)
    {
        var storage = TestShop.NewStorage(engine);
        await using var shop = await GiftShop.OpenAsync(engine, workers: true, storage: storage);
        await shop.TrainAsync();
        await shop.LookAsync(Ann, ("A0", 3), ("A1", 2), ("Y", 1));
        await using var web = await WebShop.OpenAsync(engine, storage: storage);
        var key = await web.MakeWriteKeyAsync();
        var proof = await SignedProof.OfUserAsync(web, key.KeyId, "1057");

        var viewed = await AskAsync("recently-viewed", proof);
        viewed.Select(r => r.GetProperty("sku").GetString()).ShouldBe(["Y", "A1", "A0"]);
        viewed[0].GetProperty("reason").GetProperty("text").GetString().ShouldBe("You looked at this");
        (await AskAsync("recently-viewed", null)).ShouldBeEmpty();
        var because = (await AskAsync("for-you", proof)).Select(r => r.GetProperty("reason")).First(r => r.GetProperty("code").GetString() == "because_viewed");
        because.GetProperty("text").GetString()!.ShouldStartWith("Because you looked at A1 PRODUCT");
        because.GetProperty("because")[0].GetProperty("viewed").GetBoolean().ShouldBeTrue();
        (await KnownAsync("viewed")).ShouldBe(["Y", "A1"], "A0 they bought");

        await web.AskAsync(new { writeKey = key.Text, identityProof = proof, product = "Y", opinion = "not_interested" }, path: "/v1/recommendations/page/opinions");

        (await KnownAsync("viewed")).ShouldBe(["A1"]);
        (await KnownAsync("unwanted")).ShouldBe(["Y"]);
        (await AskAsync("recently-viewed", proof)).Select(r => r.GetProperty("sku").GetString()).ShouldBe(["A1", "A0"]);
        await shop.ObjectAsync(Ann);
        (await KnownAsync("viewed")).ShouldBeEmpty();

        async Task<List<JsonElement>> AskAsync(string placement, string? identityProof) =>
            [.. (await web.AskAsync(new { writeKey = key.Text, placement, identityProof, limit = 20 })).GetProperty("recommendations").EnumerateArray()];

        async Task<List<string?>> KnownAsync(string list) =>
            [.. (await web.AskAsync(new { writeKey = key.Text, identityProof = proof }, path: "/v1/recommendations/page/taste")).GetProperty(list).EnumerateArray().Select(p => p.GetProperty("sku").GetString())];
    }

    private static async Task<RecommendedProducts> ServeAsync(TestShop shop, int customer = Ann, int limit = 10)
    {
        var id = (await shop.CustomerAsync(customer)).ToString();
        return await shop.UseAsync<ServePlacement, RecommendedProducts>(serve => serve.RunAsync(new("recently-viewed", id, null, null, limit.ToString(System.Globalization.CultureInfo.InvariantCulture)), default));
    }

    private static async Task GiveAsync(TestShop shop, string sku)
    {
        var (customer, product) = (await shop.CustomerAsync(Ann), await shop.ProductAsync(sku));
        await shop.UseAsync<GiveOpinion>(give => give.RunAsync(new(customer, product, ProductOpinion.NotInterested), default));
    }

    private static Task SaveAsync(TestShop shop, bool fills, IReadOnlyList<Guid> pinned) => shop.UseAsync<ArrangePlacement>(arrange =>
        arrange.SaveAsync(new Placement("recently-viewed", PlacementSource.RecentlyViewed, fills, new ListRules { Pinned = pinned }), isNew: false, default));
}
