using System.Globalization;
using System.Text;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Placements;
using Wellmet.Recommendations.Serving;
using Wellmet.Recommendations.Voice;
using Wellmet.Tests.Customers;
using Wellmet.Tests.Platform.Access.Keys;

namespace Wellmet.Tests.Recommendations;

/// <summary>Better models of what lies in the basket, told apart from what goes with it.</summary>
public sealed class UpsellTest
{
    /// <summary>Bought a cushion; a rug; the gold lantern.</summary>
    private const int Soft = 3000, Woven = 3001, Golden = 3002;

    private static readonly (string Sku, string Name, decimal Price)[] Products =
    [
        ("RED", "RED PAPER LANTERN", 10), ("BLUE", "BLUE PAPER LANTERN", 14), ("GOLD", "GOLD LANTERN", 15), ("GRAND", "GRAND LANTERN", 15.01m), ("PLAIN", "PLAIN LANTERN", 9),
        ("CUSHION", "COTTON CUSHION", 12), ("RUG", "WOOL RUG", 14), ("VASE", "GLASS VASE", 11),
    ];

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_better_one_is_of_the_kind_and_a_step_dearer_and_says_than_which(Engine engine)
    {
        await using var shop = await OpenAsync(engine);

        var list = await ServeAsync(shop, "upsell", ["RED", "VASE"]);

        list.Products.Select(p => p.Product.Sku).ShouldBe(["BLUE", "GOLD"], "GRAND is more than half dearer, PLAIN is cheaper, and of vases there is one");
        list.Products.ShouldAllBe(p => p.Reason.Kind == ReasonKind.Upsell && p.Reason.Because.Single().Product.Sku == "RED" && p.Score > 0 && p.Reason.Because.Single().Contribution == p.Score);
        list.Personalised.ShouldBeFalse();
        (await ServeAsync(shop, "upsell", ["PLAIN", "RED"])).Products.Select(p => p.Product.Sku).ShouldBe(["BLUE", "GOLD"], "what lies in the basket is not offered");
        (await ServeAsync(shop, "upsell", ["VASE"])).Products.ShouldBeEmpty("what sells well is no better vase");
        (await ServeAsync(shop, "upsell", [])).Products.ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_fits_the_customer_comes_first_and_never_what_they_have_or_do_not_want(Engine engine)
    {
        await using var shop = await OpenAsync(engine);

        (await SkusAsync(Soft)).ShouldBe(["GOLD", "BLUE"], "who bought a cushion bought the gold one");
        (await SkusAsync(Woven)).ShouldBe(["BLUE", "GOLD"]);
        (await SkusAsync(Golden)).ShouldBe(["BLUE"], "they have the gold one; that they have a lantern does not matter, as they are about to buy another");

        await shop.RateLowAsync(Soft, "GOLD");
        (await SkusAsync(Soft)).ShouldBe(["BLUE"], "they rated it low");
        var (woven, blue) = (await shop.CustomerAsync(Woven), await shop.ProductAsync("BLUE"));
        await shop.UseAsync<GiveOpinion>(give => give.RunAsync(new(woven, blue, ProductOpinion.NotInterested), default));
        (await SkusAsync(Woven)).ShouldBe(["GOLD"]);
        await shop.ObjectAsync(Woven);
        (await ServeAsync(shop, "upsell", ["RED"], Woven)).ShouldSatisfyAllConditions(l => l.Personalised.ShouldBeFalse(), l => l.Products.Select(p => p.Product.Sku).ShouldBe(["BLUE", "GOLD"]));

        async Task<IEnumerable<string>> SkusAsync(int customer) => (await ServeAsync(shop, "upsell", ["RED"], customer)).Products.Select(p => p.Product.Sku);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_goes_with_the_basket_holds_no_better_models_and_rules_hold_here_too(Engine engine)
    {
        await using var shop = await OpenAsync(engine);

        var crossSell = await ServeAsync(shop, "basket", ["RED"]);
        crossSell.Products.Select(p => p.Product.Sku).Intersect(["BLUE", "GOLD", "GRAND", "PLAIN"]).ShouldBeEmpty();
        crossSell.Products.ShouldContain(p => p.Product.Sku == "VASE" && p.Reason.Kind == ReasonKind.GoesWithBasket);

        await shop.UseAsync<ArrangePlacement>(async arrange => await arrange.SaveAsync(
            new Placement("upsell", PlacementSource.Upsell, true, new ListRules { Excluded = [await shop.ProductAsync("BLUE")] }), isNew: false, default));
        var filled = await ServeAsync(shop, "upsell", ["RED"]);
        filled.Products[0].Product.Sku.ShouldBe("GOLD");
        filled.Products.Skip(1).ShouldAllBe(p => p.Reason.Kind == ReasonKind.Bestseller && !p.Product.Name.EndsWith("LANTERN", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_page_and_the_console_show_it_in_both_languages(Engine engine)
    {
        var storage = TestShop.NewStorage(engine);
        await using var shop = await OpenAsync(engine, storage);
        await using var web = await WebShop.OpenAsync(engine, storage: storage);
        var key = (await web.MakeWriteKeyAsync()).Text;

        var first = (await web.AskAsync(new { placement = "upsell", products = new[] { "RED" }, writeKey = key })).GetProperty("recommendations")[0];
        first.GetProperty("sku").GetString().ShouldBe("BLUE");
        first.GetProperty("reason").GetProperty("code").GetString().ShouldBe("upsell");
        first.GetProperty("reason").GetProperty("text").GetString().ShouldBe("A better model of RED PAPER LANTERN");

        using var browser = await web.SignInAsync(Role.Owner);
        var product = await shop.ProductAsync("RED");
        (await browser.PageAsync($"/console/recommendations?product={product}")).ShouldContain("A better model of RED PAPER LANTERN");
        (await browser.PageAsync("/console/recommendations/placements/upsell?q=RED")).ShouldContain("A better model of RED PAPER LANTERN");
        browser.SetCookie("wm_lang", "zh-CN");
        (await browser.PageAsync($"/console/recommendations?product={product}")).ShouldContain("RED PAPER LANTERN 的升级款");
    }

    [Fact]
    public async Task Permissions_and_limits_are_checked()
    {
        await using var shop = await GiftShop.OpenAsync(Engine.Sqlite);
        var nobody = new Actor(Guid.CreateVersion7(), "auditor", Role.Auditor, _ => false);
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<RecommendUpsell, RecommendedProducts>(r => r.RunAsync(new([]), default), nobody));
        (await Should.ThrowAsync<ProblemException>(() => shop.UseAsync<RecommendUpsell, RecommendedProducts>(r => r.RunAsync(new([], null, 101), default)))).Code.ShouldBe("limit_out_of_range");
        (await Should.ThrowAsync<ProblemException>(() => shop.UseAsync<RecommendUpsell, RecommendedProducts>(
            r => r.RunAsync(new([.. Enumerable.Range(0, 51).Select(_ => Guid.CreateVersion7())]), default)))).Code.ShouldBe("basket_too_large");
    }

    /// <summary>Twelve customers bought a cushion and then the gold lantern, twelve a rug and then the blue one, twelve a red lantern with a vase; some bought others.</summary>
    private static async Task<TestShop> OpenAsync(Engine engine, StorageOptions? storage = null)
    {
        var shop = await TestShop.OpenAsync(engine, workers: false, storage: storage);
        var text = new StringBuilder(ImportsInShop.Header);
        var order = 1;
        foreach (var i in Enumerable.Range(0, 12))
        {
            Buy(2000 + i, "CUSHION", "GOLD");
            Buy(2100 + i, "RUG", "BLUE");
            Buy(2200 + i, "RED", "VASE");
        }
        Buy(2300, "GRAND");
        Buy(2301, "PLAIN");
        Buy(Soft, "CUSHION");
        Buy(Woven, "RUG");
        Buy(Golden, "GOLD");
        await shop.ImportTextAsync(text.ToString());
        await shop.TrainAsync();
        return shop;

        void Buy(int customer, params string[] skus)
        {
            order++;
            foreach (var (sku, name, price) in skus.Select(s => Products.Single(p => p.Sku == s)))
            {
                text.Append(CultureInfo.InvariantCulture, $"{order},{sku},{name},1,{new DateTime(2026, 1, 5).AddHours(order):yyyy-MM-dd HH:mm:ss},{price},{customer},United Kingdom\n");
            }
        }
    }

    private static async Task<RecommendedProducts> ServeAsync(TestShop shop, string placement, string[] basket, int? customer = null)
    {
        var all = (await shop.ProductsAsync()).ToDictionary(p => p.Sku, p => p.ProductId);
        var id = customer is { } number ? (await shop.CustomerAsync(number)).ToString() : null;
        return await shop.UseAsync<ServePlacement, RecommendedProducts>(serve => serve.RunAsync(new(placement, id, null, string.Join(',', basket.Select(s => all[s])), null), default));
    }
}
