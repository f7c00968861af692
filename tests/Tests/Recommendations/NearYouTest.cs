using System.Text.Json;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Models;
using Wellmet.Recommendations.Placements;
using Wellmet.Recommendations.Serving;
using Wellmet.Tests.Customers;
using Wellmet.Tests.Customers.Collection;
using Wellmet.Tests.Platform.Access.Keys;

namespace Wellmet.Tests.Recommendations;

/// <summary>What sells where somebody lives.</summary>
public sealed class NearYouTest
{
    private const int German = 3000, Orders = 300;

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_sells_in_a_country_comes_first_and_what_few_bought_there_is_said_of_nobody(Engine engine)
    {
        await using var shop = await OpenAsync(engine);

        var german = (await ServeAsync(shop, country: "Germany")).Products;
        german[0].Product.Sku.ShouldBe("GLOBE");
        (german[0].Reason.Kind, german[0].Reason.Count, german[0].Reason.Country).ShouldBe((ReasonKind.PopularNear, Orders, "DE"));
        german.Single(p => p.Product.Sku == "SECRET").Reason.Kind.ShouldBe(ReasonKind.Bestseller, "two orders");
        german.Single(p => p.Product.Sku == "A0").Reason.Kind.ShouldBe(ReasonKind.Bestseller, "nobody there bought it");
        (await ServeAsync(shop, country: "de")).Products.Select(p => (p.Product, p.Score)).ShouldBe(german.Select(p => (p.Product, p.Score)));

        var british = (await ServeAsync(shop, country: "GB")).Products;
        (british[0].Product.Sku, british[0].Reason.Country).ShouldBe(("TEA", "GB"));
        british.Single(p => p.Product.Sku == "GLOBE").Reason.Kind.ShouldBe(ReasonKind.Bestseller);

        var everywhere = await shop.UseAsync<RecommendBestsellers, RecommendedProducts>(b => b.RunAsync(100, ListRules.None, default));
        foreach (var unknown in new[] { "Atlantis", "European Community", "FR" })
        {
            (await ServeAsync(shop, country: unknown)).Products.Select(p => (p.Product.Sku, p.Reason.Kind)).ShouldBe(everywhere.Products.Select(p => (p.Product.Sku, p.Reason.Kind)), unknown);
        }

        shop.Get<ModelStore>().Load();
        (await ServeAsync(shop, country: "DE")).Products.Select(p => (p.Product.Sku, p.Score, p.Reason.Count)).ShouldBe(german.Select(p => (p.Product.Sku, p.Score, p.Reason.Count)), "the file holds it, too");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_customer_is_shown_what_sells_where_they_live_without_what_they_have_unless_they_object(Engine engine)
    {
        await using var shop = await OpenAsync(engine);

        var list = await ServeAsync(shop, customer: German);
        list.Personalised.ShouldBeTrue();
        list.Products[0].Product.Sku.ShouldBe("GLOBE");
        list.Products.Select(p => p.Product.Sku).ShouldNotContain("SECRET", "they have it");
        (await ServeAsync(shop, customer: German, country: "GB")).Products[0].Reason.Country.ShouldBe("GB", "where they are counts more than where they live");

        await shop.RateLowAsync(German, "GLOBE");
        (await ServeAsync(shop, customer: German)).Products.Select(p => p.Product.Sku).ShouldNotContain("GLOBE", "they rated it low");

        await shop.ObjectAsync(German);
        var refused = await ServeAsync(shop, customer: German);
        refused.Personalised.ShouldBeFalse();
        refused.Products.ShouldAllBe(p => p.Reason.Kind == ReasonKind.NotPersonalised || p.Reason.Kind == ReasonKind.Catalogue);
        refused.Products.Select(p => p.Product.Sku).ShouldContain("SECRET", "nothing of theirs is read");
        (await ServeAsync(shop, customer: German, country: "DE")).Products[0].Reason.Country.ShouldBe("DE", "that is known from the page, not from them");
    }

    [Fact]
    public async Task A_page_says_where_it_is_looked_at_and_the_console_shows_it()
    {
        var storage = TestShop.NewStorage(Engine.Sqlite);
        await using var shop = await OpenAsync(Engine.Sqlite, storage);
        await using var web = await WebShop.OpenAsync(Engine.Sqlite, storage: storage);
        var key = await web.MakeWriteKeyAsync();

        (await ReasonAsync(new { placement = "near-you", country = "DE", writeKey = key.Text })).GetProperty("text").GetString().ShouldBe("Popular in Germany");
        var proof = await SignedProof.OfUserAsync(web, key.KeyId, "3000");
        (await ReasonAsync(new { placement = "near-you", identityProof = proof, writeKey = key.Text })).GetProperty("country").GetString().ShouldBe("DE");
        (await ReasonAsync(new { placement = "near-you", writeKey = key.Text })).GetProperty("code").GetString().ShouldBe("bestseller");
        (await web.RefusedAsync("/v1/recommendations/page", JsonSerializer.Serialize(new { placement = "near-you", country = new string('x', 61), writeKey = key.Text }))).ShouldBe((400, "json_unexpected"));

        using var browser = await web.SignInAsync(Role.Owner);
        (await browser.PageAsync("/console/recommendations/placements/near-you?q=Germany")).ShouldContain("Popular in Germany");
        (await browser.PageAsync("/console/recommendations/placements/near-you?q=3000")).ShouldContain("Popular in Germany");
        browser.SetCookie("wm_lang", "zh-CN");
        (await browser.PageAsync("/console/recommendations/placements/near-you?q=Germany")).ShouldContain("德国 热门");

        async Task<JsonElement> ReasonAsync(object body) => (await web.AskAsync(body)).GetProperty("recommendations")[0].GetProperty("reason");
    }

    /// <summary>Beside the gift shop, three hundred unknown people bought TEA in the United Kingdom, and as many GLOBE in Germany. Two customers who live there bought SECRET.</summary>
    private static async Task<TestShop> OpenAsync(Engine engine, StorageOptions? storage = null)
    {
        var shop = await GiftShop.OpenAsync(engine, storage: storage);
        var at = new DateTimeOffset(2026, 1, 14, 9, 0, 0, TimeSpan.Zero);
        await shop.ImportTextAsync(ImportsInShop.Header
            + string.Concat(Enumerable.Range(0, Orders).Select(i => GiftShop.Line($"{10000 + i}", "TEA", 1, at, null) + InGermany(GiftShop.Line($"{20000 + i}", "GLOBE", 1, at, null))))
            + InGermany(GiftShop.Line("30000", "SECRET", 1, at, German)) + InGermany(GiftShop.Line("30001", "SECRET", 1, at, German + 1)));
        await shop.TrainAsync();
        return shop;

        static string InGermany(string line) => line.Replace("United Kingdom", "Germany", StringComparison.Ordinal);
    }

    private static async Task<RecommendedProducts> ServeAsync(TestShop shop, int? customer = null, string? country = null)
    {
        var id = customer is { } number ? (await shop.CustomerAsync(number)).ToString() : null;
        return await shop.UseAsync<ServePlacement, RecommendedProducts>(serve => serve.RunAsync(new("near-you", id, null, null, "100") { Country = country }, default));
    }
}
