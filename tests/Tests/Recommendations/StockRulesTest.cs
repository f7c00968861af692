using Wellmet.Commerce.Catalog;
using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Placements;
using Wellmet.Recommendations.Serving;
using Wellmet.Recommendations.Suggestions;
using Wellmet.Tests.Customers;

namespace Wellmet.Tests.Recommendations;

/// <summary>What is sold out or still to come is not offered anywhere; brand, seller, category and age are rules of a placement.</summary>
public sealed class StockRulesTest
{
    /// <summary>Bought A0 and B0.</summary>
    private const int Ann = 1057;

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_is_sold_out_or_still_to_come_leaves_every_list_from_the_next_answer_on(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine, workers: true);
        await shop.TrainAsync();
        await shop.LookAsync(Ann, ("E0", 1), ("F0", 2), ("Y", 3));
        var (ann, a0, a1) = ((await shop.CustomerAsync(Ann)).ToString(), await shop.ProductAsync("A0"), await shop.ProductAsync("A1"));
        await shop.UseAsync<MakeSuggestions>(async make => await make.RunAsync(await shop.CustomerAsync(Ann), default));
        var asked = new (string Placement, ServePlacement.Request Request)[]
        {
            ("for-you", new("for-you", ann, null, null, "100")), ("recently-viewed", new("recently-viewed", ann, null, null, "100")), ("after-purchase", new("after-purchase", ann, null, null, "100")),
            ("basket", new("basket", null, null, a1.ToString(), "100")), ("also-bought", new("also-bought", null, a0.ToString(), null, "100")), ("bought-together", new("bought-together", null, a0.ToString(), null, "100")),
            ("also-viewed", new("also-viewed", null, a0.ToString(), null, "100")), ("near-you", new("near-you", null, null, null, "100") { Country = "GB" }),
            ("bestsellers", new("bestsellers", null, null, null, "100")),
        };
        foreach (var (placement, request) in asked)
        {
            (await SkusAsync(shop, request)).Intersect(["E0", "F0"]).ShouldNotBeEmpty(placement);
        }
        (await SuggestedAsync(shop)).ShouldContain("E0");

        await SayAsync(shop, "E0", new() { Stock = 0 });
        await SayAsync(shop, "F0", new() { AvailableSince = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(2) });

        foreach (var (placement, request) in asked)
        {
            (await SkusAsync(shop, request)).Intersect(["E0", "F0"]).ShouldBeEmpty(placement);
        }
        (await SuggestedAsync(shop)).Intersect(["E0", "F0"]).ShouldBeEmpty();

        await SayAsync(shop, "E0", new() { Stock = null });
        (await SkusAsync(shop, asked[0].Request)).ShouldContain("E0", "what is not counted is there");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_placement_shows_what_is_sold_out_where_the_shop_says_so_and_pins_nothing_that_is(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine);
        await shop.TrainAsync();
        var (x, y) = (await shop.ProductAsync("X"), await shop.ProductAsync("Y"));
        await SayAsync(shop, "X", new() { Stock = 0 });

        await SaveAsync(shop, new ListRules { Pinned = [x, y] });
        (await SkusAsync(shop))[0].ShouldBe("Y");
        (await SkusAsync(shop)).ShouldNotContain("X");
        await SaveAsync(shop, new ListRules { Pinned = [x, y], SoldOut = true });
        (await SkusAsync(shop))[..2].ShouldBe(["X", "Y"]);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Lists_go_by_brand_seller_category_and_age(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine);
        await shop.TrainAsync();
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        await SayAsync(shop, "A0", new() { Brand = "Acme, Inc.", Category = "Lights", AvailableSince = today });
        await SayAsync(shop, "A1", new() { Brand = "Acme, Inc.", Seller = "Lamp House", AvailableSince = today.AddDays(-30) });
        await SayAsync(shop, "A2", new() { Brand = "Bright", Seller = "Lamp House", Category = "Lights", AvailableSince = today.AddDays(-31) });

        foreach (var (rules, expected) in new (ListRules Rules, string[] Expected)[]
        {
            (new() { OnlyBrands = ["acme, inc."] }, ["A0", "A1"]), (new() { OnlyBrands = ["Acme, Inc.", "Bright"], NotSellers = ["Lamp House"] }, ["A0"]), (new() { OnlySellers = ["Lamp House"] }, ["A1", "A2"]),
            (new() { OnlyCategories = ["Lights"], NotBrands = ["Bright"] }, ["A0"]), (new() { OnlySellers = ["Lamp House"], NotCategories = ["lights"] }, ["A1"]), (new() { NewestDays = 30 }, ["A0", "A1"]),
        })
        {
            await SaveAsync(shop, rules);
            (await SkusAsync(shop)).ShouldBe(expected, ignoreOrder: true);
        }
        foreach (var (rules, code) in new (ListRules Rules, string Code)[]
        {
            (new() { OnlyBrands = ["Nobody"] }, "brand_unknown"), (new() { NotSellers = ["Nobody"] }, "seller_unknown"), (new() { Boosts = [new("Nothing", 2, ProductTrait.Category)] }, "category_unknown"),
            (new() { NewestDays = 0 }, "days_out_of_range"), (new() { NotBrands = [.. Enumerable.Range(0, 26).Select(i => $"b{i}")], NotSellers = [.. Enumerable.Range(0, 25).Select(i => $"s{i}")] }, "rules_many"),
        })
        {
            (await Should.ThrowAsync<ProblemException>(() => SaveAsync(shop, rules))).Code.ShouldBe(code);
        }
    }

    [Fact]
    public void Boosts_go_by_every_trait_and_multiply()
    {
        var products = Enumerable.Range(1, 12).Select(i => new ProductLabel(Guid.CreateVersion7(), $"P{i}", $"P{i}", ProductType.Durable, i == 12 ? "lantern" : null, 100, "EUR", true)
        {
            Brand = i is 8 or 12 ? "Acme" : null, Seller = i == 3 ? "Lamp House" : null, Category = i == 12 ? "Lights" : null,
        }).ToList();
        // Place 12 becomes 12 : (2 × 2) = 3, after the one that was there; 8 becomes 4; 3 becomes 6.
        new ListRules { Boosts = [new("acme", 2, ProductTrait.Brand), new("lantern", 2), new("lamp house", 0.5, ProductTrait.Seller)] }.Arrange(products, p => p).Select(p => p.Sku)
            .ShouldBe(["P1", "P2", "P12", "P4", "P8", "P5", "P3", "P6", "P7", "P9", "P10", "P11"]);
        new ListRules { Boosts = [new("lights", 10, ProductTrait.Category)] }.Arrange(products, p => p).First(p => p.Sku != "P1").Sku.ShouldBe("P12");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Rules_that_are_stored_stay_what_they_were(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine);
        await shop.Database.WriteAsync(tx => tx.ExecuteAsync("insert into recommendations_placements (name, source, fills, rules, changed_at) values ('old', 'bestsellers', @yes, @rules, @now)", new
        {
            yes = true, now = TimeProvider.System.GetUtcNow(),
            rules = new Json("""{"lowest_price_minor": 1, "highest_price_minor": null, "currency": "GBP", "only_kinds": [], "not_kinds": ["rug"], "boosts": [{"kind": "lantern", "factor": 2}], "pinned": [], "excluded": []}"""),
        }), default);

        var rules = (await shop.UseAsync<ReadPlacements, Placement?>(read => read.FindAsync("old", default)))!.Rules;

        rules.Boosts.ShouldBe([new Boost("lantern", 2)]);
        (rules.LowestPriceMinor, rules.NotKinds.Single(), rules.SoldOut, rules.NewestDays, rules.OnlyBrands.Count).ShouldBe((1L, "rug", false, (int?)null, 0));
    }

    [Fact]
    public async Task A_form_names_types_by_their_word_and_the_rest_with_what_it_is()
    {
        await using var shop = await GiftShop.OpenAsync(Engine.Sqlite);
        const string kind = "hurricane lantern";
        await SayAsync(shop, "A0", new() { Kind = kind, Brand = "Acme, Inc.", Seller = "Lamp House", Category = "Lights" });
        var form = new PlacementForm("picks", "bestsellers", "true", null, null, null, $"{kind}, {kind}\nbrand: Acme, Inc.\nCATEGORY： Lights", "seller: Lamp House", $"{kind} 2\nbrand: Acme, Inc. 0.5", null, null, "true", "90", "true");

        var placement = await shop.UseAsync<ReadPlacements, Placement>(read => read.ParseAsync(form, default));
        await shop.UseAsync<ArrangePlacement>(arrange => arrange.SaveAsync(placement, isNew: true, default));
        var stored = (await shop.UseAsync<ReadPlacements, Placement?>(read => read.FindAsync("picks", default)))!;

        (stored.Rules.NewestDays, stored.Rules.SoldOut).ShouldBe((90, true));
        stored.Rules.OnlyKinds.ShouldBe([kind, kind]);
        stored.Rules.OnlyBrands.ShouldBe(["Acme, Inc."]);
        stored.Rules.OnlyCategories.ShouldBe(["Lights"]);
        stored.Rules.NotSellers.ShouldBe(["Lamp House"]);
        stored.Rules.Boosts.ShouldBe([new Boost(kind, 2), new Boost("Acme, Inc.", 0.5, ProductTrait.Brand)]);
        var again = await shop.UseAsync<ReadPlacements, PlacementForm>(read => read.FormAsync(stored, default));
        (again.Only, again.Not, again.Boosts, again.Newest, again.SoldOut).ShouldBe(($"{kind}\n{kind}\nbrand: Acme, Inc.\ncategory: Lights", "seller: Lamp House", $"{kind} 2\nbrand: Acme, Inc. 0.5", "90", "true"));
    }

    private static Task SayAsync(TestShop shop, string sku, ProductFacts facts) => shop.UseAsync<SaveProducts, IReadOnlyList<SaveProducts.Saved>>(save => save.RunAsync([new(sku, facts)], default));

    private static Task SaveAsync(TestShop shop, ListRules rules) =>
        shop.UseAsync<ArrangePlacement>(arrange => arrange.SaveAsync(new Placement("picks", PlacementSource.Bestsellers, true, rules), isNew: false, default));

    private static async Task<List<string>> SkusAsync(TestShop shop, ServePlacement.Request? request = null) =>
        [.. (await shop.UseAsync<ServePlacement, RecommendedProducts>(serve => serve.RunAsync(request ?? new("picks", null, null, null, "100"), default))).Products.Select(p => p.Product.Sku)];

    private static async Task<List<string>> SuggestedAsync(TestShop shop)
    {
        var ann = await shop.CustomerAsync(Ann);
        return [.. (await shop.UseAsync<ReadSuggestions, SuggestionList>(read => read.RunAsync(ann, default))).Suggestions.Select(s => s.Product.Product.Sku)];
    }
}
