using System.Globalization;
using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Placements;
using Wellmet.Recommendations.Serving;
using Wellmet.Tests.Customers;

namespace Wellmet.Tests.Recommendations;

/// <summary>How varied, how daring and how much on looks a placement is: settings that an experiment can try, as each is a placement's.</summary>
public sealed class PlacementSettingsTest
{
    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task No_more_of_a_type_than_the_shop_wants_comes_first_and_the_list_is_as_long_as_ever(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        var at = new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
        await shop.ImportTextAsync(ImportsInShop.Header + string.Concat(new[] { "RED LANTERN", "BLUE LANTERN", "GREEN LANTERN", "RED RUG", "BLUE RUG" }.Select((name, i) =>
            $"{9000 + i},P{i},{name},1,{at.AddDays(i).UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)},2.50,,United Kingdom\n")));
        var lantern = (await shop.ProductsAsync()).Single(p => p.Sku == "P2");
        lantern.Kind.ShouldNotBeNull();

        await SaveAsync(shop, "varied", PlacementSource.Bestsellers, new ListRules { MostOfKind = 1, Pinned = [lantern.ProductId] });

        var list = (await ServeAsync(shop, "varied", null, 5)).ConvertAll(p => p.Product);
        list.Select(p => p.Sku).Order().ShouldBe(["P0", "P1", "P2", "P3", "P4"]);
        list[0].Sku.ShouldBe("P2");
        list[1].Kind.ShouldNotBe(lantern.Kind);
        list.Take(2).Select(p => p.Kind).Distinct().Count().ShouldBe(2);
        (await ServeAsync(shop, "varied", null, 2)).ConvertAll(p => p.Product.Kind).Distinct().Count().ShouldBe(2);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Looks_count_as_much_as_the_shop_says(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine, workers: true);
        await shop.TrainAsync();
        // Bought A0 and B0, and looked at what goes with E1.
        await shop.LookAsync(1057, ("A1", 2), ("B1", 1));
        await SaveAsync(shop, "purchases-alone", PlacementSource.ForYou, new ListRules { LooksFactor = 0 });
        await SaveAsync(shop, "mostly-looks", PlacementSource.ForYou, new ListRules { LooksFactor = 20 });
        var customer = await shop.CustomerAsync(1057);

        (await ServeAsync(shop, "purchases-alone", customer, 5)).ShouldNotContain(p => p.Reason.Kind == ReasonKind.BecauseViewed);
        (await ServeAsync(shop, "mostly-looks", customer, 1)).Single().ShouldSatisfyAllConditions(p => p.Product.Sku.ShouldBe("E1"), p => p.Reason.Kind.ShouldBe(ReasonKind.BecauseViewed));
        (await ServeAsync(shop, "for-you", customer, 1)).Single().Product.Sku.ShouldBe("E0");
    }

    [Fact]
    public void So_many_places_are_drawn_from_further_down_the_same_for_the_same_seed()
    {
        var products = Enumerable.Range(0, 200).Select(i => new ProductLabel(Guid.CreateVersion7(), $"P{i}", $"P{i}", ProductType.Durable, null, 100, "EUR", true)).ToList();
        var drawn = 0;
        for (var seed = 0UL; seed < 100; seed++)
        {
            var rules = new ListRules { ExplorePercent = 20, ExploreSeed = seed };
            var list = rules.Arrange(products, p => p).ToList();
            list.ShouldBe(rules.Arrange(products, p => p));
            list.Distinct().Count().ShouldBe(products.Count);
            drawn += list.Take(10).Count(p => products.IndexOf(p) >= 10);
        }
        // Two of ten places; what is drawn lies within the ten itself only seldom.
        (drawn / 100.0).ShouldBe(2, 0.4);
        (new ListRules { ExplorePercent = 20, ExploreSeed = 1 }.Arrange(products, p => p)).ShouldNotBe(new ListRules { ExplorePercent = 20, ExploreSeed = 2 }.Arrange(products, p => p));
    }

    [Fact]
    public async Task What_is_drawn_stays_all_day_and_settings_are_bounded_and_come_back_in_the_form()
    {
        var storage = TestShop.NewStorage(Engine.Sqlite);
        await using var shop = await GiftShop.OpenAsync(Engine.Sqlite, storage: storage);
        await shop.TrainAsync();
        await using var web = await WebShop.OpenAsync(storage: storage);
        using var owner = await web.SignInAsync();
        foreach (var (most, explore, looks, words) in new[] { ("0", "", "", "Of one type at least 1"), ("", "51", "", "from 0 to 50"), ("", "", "21", "How much looks count is a number"), ("", "", "much", "How much looks count is a number") })
        {
            var refused = await owner.PostAsync("/console/recommendations/placements", Fields(most, explore, looks));
            ((int)refused.StatusCode).ShouldBe(400, words);
            (await refused.Content.ReadAsStringAsync()).ShouldContain(words);
        }
        (await owner.PostAsync("/console/recommendations/placements", Fields("3", "50", "0.5"))).Headers.Location!.ToString().ShouldEndWith("/daring");
        var form = await owner.PageAsync(PlacementPages.Href("daring"));
        form.ShouldContain("value=\"0.5\"");
        form.ShouldContain("value=\"50\"");

        var customer = await shop.CustomerAsync(1000);
        var first = (await ServeAsync(shop, "daring", customer, 5)).ConvertAll(p => p.Product.Sku);
        first.Count.ShouldBe(5);
        (await ServeAsync(shop, "daring", customer, 5)).ConvertAll(p => p.Product.Sku).ShouldBe(first);

        static (string, string)[] Fields(string most, string explore, string looks) =>
            [("new", "true"), ("name", "daring"), ("source", "for_you"), ("fills", "true"), ("mostOfKind", most), ("explore", explore), ("looks", looks)];
    }

    private static Task SaveAsync(TestShop shop, string name, PlacementSource source, ListRules rules) =>
        shop.UseAsync<ArrangePlacement>(arrange => arrange.SaveAsync(new Placement(name, source, true, rules), isNew: true, default));

    private static async Task<List<RecommendedProduct>> ServeAsync(TestShop shop, string name, Guid? customer, int limit) =>
        [.. (await shop.UseAsync<ServePlacement, RecommendedProducts>(s => s.RunAsync(new(name, customer?.ToString(), null, null, limit.ToString(CultureInfo.InvariantCulture)), default))).Products];
}
