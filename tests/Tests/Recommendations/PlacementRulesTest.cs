using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Placements;
using Wellmet.Recommendations.Serving;
using Wellmet.Recommendations.Voice;
using Wellmet.Tests.Customers;

namespace Wellmet.Tests.Recommendations;

/// <summary>What the shop arranges holds in every list from the next answer on, and never against a customer.</summary>
public sealed class PlacementRulesTest
{
    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_placement_of_ones_own_pins_leaves_out_and_bounds_prices(Engine engine)
    {
        await using var shop = await OpenAsync(engine);
        var (f0, a0, x) = (await shop.ProductAsync("F0"), await shop.ProductAsync("A0"), await shop.ProductAsync("X"));
        await SaveAsync(shop, new Placement("our-picks", PlacementSource.Bestsellers, true, new ListRules { Pinned = [x, f0], Excluded = [a0] }));

        var picks = await ServeAsync(shop, new("our-picks", null, null, null, "100"));
        picks.Products.Take(2).Select(p => p.Product.Sku).ShouldBe(["X", "F0"]);
        picks.Products.Take(2).ShouldAllBe(p => p.Reason.Kind == ReasonKind.Pinned);
        picks.Products.Select(p => p.Product.Sku).ShouldNotContain("A0");
        picks.Products.Count.ShouldBe(GiftShop.Products - 1);
        picks.Products.DistinctBy(p => p.Product.ProductId).Count().ShouldBe(picks.Products.Count);

        // Everything costs 2.50 pounds.
        await SaveAsync(shop, new Placement("our-picks", PlacementSource.Bestsellers, true, new ListRules { HighestPriceMinor = 249, Currency = "GBP" }));
        (await ServeAsync(shop, new("our-picks", null, null, null, null))).Products.ShouldBeEmpty();
        await SaveAsync(shop, new Placement("our-picks", PlacementSource.Bestsellers, true, new ListRules { LowestPriceMinor = 250, HighestPriceMinor = 250, Currency = "GBP" }));
        (await ServeAsync(shop, new("our-picks", null, null, null, null))).Products.Count.ShouldBe(Limit.Default);
        await SaveAsync(shop, new Placement("our-picks", PlacementSource.Bestsellers, true, new ListRules { LowestPriceMinor = 1, Currency = "EUR" }));
        (await ServeAsync(shop, new("our-picks", null, null, null, null))).Products.ShouldBeEmpty();

        // A new one of the same name does not take its place.
        (await Should.ThrowAsync<ProblemException>(() => SaveAsync(shop, new Placement("our-picks", PlacementSource.Bestsellers, true, ListRules.None), isNew: true))).Code.ShouldBe("placement_exists");
        (await ServeAsync(shop, new("our-picks", null, null, null, null))).Products.ShouldBeEmpty();
        (await Should.ThrowAsync<ProblemException>(() => SaveAsync(shop, new Placement("bestsellers", PlacementSource.Bestsellers, true, ListRules.None), isNew: true))).Code.ShouldBe("placement_exists");

        await shop.UseAsync<ArrangePlacement>(arrange => arrange.ResetAsync("our-picks", default));
        (await Should.ThrowAsync<ProblemException>(() => ServeAsync(shop, new("our-picks", null, null, null, null)))).Code.ShouldBe("placement_unknown");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Nobody_is_shown_what_they_have_or_do_not_want_however_it_is_pinned(Engine engine)
    {
        await using var shop = await OpenAsync(engine);
        var (customer, bought, unwanted, free) = (await shop.CustomerAsync(1000), await shop.ProductAsync("A0"), await shop.ProductAsync("X"), await shop.ProductAsync("Y"));
        await shop.UseAsync<GiveOpinion>(give => give.RunAsync(new(customer, unwanted, ProductOpinion.NotInterested), default));
        await SaveAsync(shop, new Placement("for-you", PlacementSource.ForYou, true, new ListRules { Pinned = [bought, unwanted, free] }));

        var list = await ServeAsync(shop, new("for-you", customer.ToString(), null, null, "100"));
        list.Products[0].Product.Sku.ShouldBe("Y");
        list.Products.Select(p => p.Product.Sku).ShouldNotContain("A0");
        list.Products.Select(p => p.Product.Sku).ShouldNotContain("X");
    }

    [Fact]
    public void Boosts_move_by_places_and_types_are_told_apart()
    {
        var products = Enumerable.Range(1, 12).Select(i => new ProductLabel(Guid.CreateVersion7(), $"P{i}", $"P{i}", ProductType.Durable, i == 10 ? "Lantern" : i == 3 ? "rug" : null, 100, "EUR", true)).ToList();
        var boosted = new ListRules { Boosts = [new("lantern", 2), new("rug", 0.5)] };
        // The lantern's place 10 is 5 now, after the one that was there; the rug's place 3 is 6, before the one that was there, as it came earlier.
        boosted.Arrange(products, p => p).Select(p => p.Sku).ShouldBe(["P1", "P2", "P4", "P5", "P10", "P3", "P6", "P7", "P8", "P9", "P11", "P12"]);
        ListRules.None.Arrange(products, p => p).ShouldBe(products);
        products.Count(new ListRules { OnlyKinds = ["LANTERN"] }.Allow).ShouldBe(1);
        products.Count(new ListRules { NotKinds = ["rug"] }.Allow).ShouldBe(11);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_basket_is_completed_and_each_score_is_the_sum_of_its_reasons(Engine engine)
    {
        await using var shop = await OpenAsync(engine);
        var (a0, a1) = (await shop.ProductAsync("A0"), await shop.ProductAsync("A1"));

        var answer = await ServeAsync(shop, new("basket", null, null, $"{a0},{a1}", "100"));
        answer.Products.Take(2).Select(p => p.Product.Sku).Order().ShouldBe(["B0", "B1"]);
        var reasoned = answer.Products.Where(p => p.Reason.Kind == ReasonKind.GoesWithBasket).ToList();
        reasoned.Count.ShouldBeGreaterThanOrEqualTo(2);
        reasoned.ShouldAllBe(p => Math.Abs(p.Score - p.Reason.Because.Sum(b => b.Contribution)) < 1e-6f);
        answer.Products.Select(p => p.Product.ProductId).ShouldNotContain(a0);
        // All that the shop has, but for the two in the basket.
        answer.Products.Count.ShouldBe(GiftShop.Products - 2);

        // Somebody known is not offered what they have: 1000 bought A0, B0, E0 and F0.
        var known = await ServeAsync(shop, new("basket", (await shop.CustomerAsync(1000)).ToString(), null, a1.ToString(), "100"));
        known.Personalised.ShouldBeTrue();
        known.Products[0].Product.Sku.ShouldBe("B1");
        known.Products.Select(p => p.Product.Sku).Intersect(["A0", "B0", "E0", "F0"]).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task After_a_purchase_comes_what_goes_with_the_last_order(Engine engine)
    {
        await using var shop = await OpenAsync(engine);
        // 1057 bought A0 and B0, and now A1, which goes with B1.
        await shop.ImportTextAsync(ImportsInShop.Header + GiftShop.Line("9000", "A1", 1, new DateTimeOffset(2026, 3, 1, 9, 0, 0, TimeSpan.Zero), 1057));
        var list = await ServeAsync(shop, new("after-purchase", (await shop.CustomerAsync(1057)).ToString(), null, null, "3"));
        list.Products.Count.ShouldBe(3);
        list.Products[0].Reason.Kind.ShouldBe(ReasonKind.GoesWithBasket);
        list.Products[0].Reason.Because.Single().Product.Sku.ShouldBe("A1");
        list.Products[0].Product.Sku.ShouldBe("B1");
        list.Products.Select(p => p.Product.Sku).Intersect(["A0", "B0", "A1"]).ShouldBeEmpty();

        await shop.ObjectAsync(1057);
        var objecting = await ServeAsync(shop, new("after-purchase", (await shop.CustomerAsync(1057)).ToString(), null, null, "3"));
        (objecting.Personalised, objecting.Products.Count).ShouldBe((false, 3));
        objecting.Products.ShouldAllBe(p => p.Reason.Because.Count == 0);
    }

    [Fact]
    public async Task Bad_arrangements_are_refused_and_change_nothing()
    {
        await using var shop = await OpenAsync(Engine.Sqlite);
        var product = await shop.ProductAsync("A0");
        foreach (var (placement, code) in new[]
        {
            (new Placement("Our picks", PlacementSource.Bestsellers, true, ListRules.None), "placement_name"),
            (new Placement(new string('a', 41), PlacementSource.Bestsellers, true, ListRules.None), "placement_name"),
            (new Placement("-new", PlacementSource.Bestsellers, true, ListRules.None), "placement_name"),
            (new Placement("prospects", PlacementSource.Bestsellers, true, ListRules.None), "placement_name_reserved"),
            (new Placement("for-you", PlacementSource.Bestsellers, true, ListRules.None), "placement_source_fixed"),
            (new Placement("picks", PlacementSource.Bestsellers, true, new ListRules { LowestPriceMinor = 2, HighestPriceMinor = 1, Currency = "GBP" }), "price_range"),
            (new Placement("picks", PlacementSource.Bestsellers, true, new ListRules { OnlyKinds = ["unicorn"] }), "kind_unknown"),
            (new Placement("picks", PlacementSource.Bestsellers, true, new ListRules { Boosts = [new("unicorn", 0)] }), "boost_out_of_range"),
            (new Placement("picks", PlacementSource.Bestsellers, true, new ListRules { Boosts = [new("unicorn", double.NaN)] }), "boost_out_of_range"),
            (new Placement("picks", PlacementSource.Bestsellers, true, new ListRules { Pinned = [product], Excluded = [product] }), "product_twice"),
            (new Placement("picks", PlacementSource.Bestsellers, true, new ListRules { NotKinds = [.. Enumerable.Range(0, 51).Select(i => $"k{i}")] }), "rules_many"),
        })
        {
            (await Should.ThrowAsync<ProblemException>(() => SaveAsync(shop, placement))).Code.ShouldBe(code);
        }
        var all = await shop.UseAsync<ReadPlacements, IReadOnlyList<Placement>>(read => read.AllAsync(default));
        all.ShouldBe(Placement.BuiltIn);
    }

    [Fact]
    public async Task Only_who_may_arrange_does()
    {
        await using var shop = await OpenAsync(Engine.Sqlite);
        var agent = new Actor(Guid.CreateVersion7(), "agent", Role.Agent, p => p == RecommendationsPermissions.Read);
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<ArrangePlacement>(arrange =>
            arrange.SaveAsync(new Placement("picks", PlacementSource.Bestsellers, true, ListRules.None), isNew: true, default), agent));
    }

    private static async Task<TestShop> OpenAsync(Engine engine)
    {
        var shop = await GiftShop.OpenAsync(engine);
        await shop.TrainAsync();
        return shop;
    }

    private static Task SaveAsync(TestShop shop, Placement placement, bool isNew = false) => shop.UseAsync<ArrangePlacement>(arrange => arrange.SaveAsync(placement, isNew, default));

    private static Task<RecommendedProducts> ServeAsync(TestShop shop, ServePlacement.Request request) => shop.UseAsync<ServePlacement, RecommendedProducts>(serve => serve.RunAsync(request, default));
}
