using Microsoft.Extensions.DependencyInjection;
using Wellmet.Commerce.Contract;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Ui;
using Wellmet.Recommendations.Models;
using Wellmet.Recommendations.Serving;
using Wellmet.Recommendations.Suggestions;
using Wellmet.Science.Recommenders;
using Wellmet.Tests.Customers;

namespace Wellmet.Tests.Recommendations;

/// <summary>What is said of why a product is shown is true, and tells nothing of single other people.</summary>
public sealed class ReasonsTest
{
    private const int Ann = 1057, Newcomer = 2000;

    [Fact]
    public async Task What_was_put_into_the_basket_wished_for_or_praised_is_called_so_in_both_languages_and_in_what_is_picked_out()
    {
        await using var shop = await GiftShop.OpenAsync(Engine.Sqlite, configure: s => s.AddSingleton<WordCatalog>());
        await shop.TrainAsync();
        var customer = await shop.CustomerAsync(Newcomer);
        await shop.Database.WriteAsync(tx => tx.ExecuteAsync("insert into customers_subjects (subject_id, first_seen_at, anonymous, import_id) values (@customer, 1, @no, @customer) on conflict do nothing", new { customer, no = false }, default), default);
        await shop.Database.WriteAsync(tx => tx.ExecuteAsync("insert into customers_links (subject_id, customer_id) values (@customer, @customer) on conflict do nothing", new { customer }, default), default);
        var product = await shop.ProductAsync("A1");
        var expected = new (InterestKind Kind, string English, string Chinese)[]
        {
            (InterestKind.View, "Because you looked at A1 PRODUCT", "因为您看过 A1 PRODUCT"), (InterestKind.WishList, "Because you wished for A1 PRODUCT", "因为您把 A1 PRODUCT 加入了心愿单"),
            (InterestKind.Cart, "Because you put A1 PRODUCT into the basket", "因为您把 A1 PRODUCT 放入了购物车"), (InterestKind.HighRating, "Because you rated A1 PRODUCT highly", "因为您给 A1 PRODUCT 打了高分"),
        };
        foreach (var (kind, english, chinese) in expected)
        {
            await DidAsync(kind, product);
            var reason = (await shop.ForAsync(Newcomer, 1)).Products.Single().Reason;
            (Of(reason, "en"), Of(reason, "zh-CN")).ShouldBe((english, chinese));
        }
        await DidAsync(InterestKind.View, await shop.ProductAsync("B1"));
        var both = (await shop.ForAsync(Newcomer, 1)).Products.Single().Reason;
        Of(both, "en").ShouldBe("Because you rated A1 PRODUCT highly and you looked at B1 PRODUCT");
        Of(both, "zh-CN").ShouldBe("因为您给 A1 PRODUCT 打了高分，而且您看过 B1 PRODUCT");

        await shop.UseAsync<MakeSuggestions>(m => m.RunAsync(customer, default));
        var saved = (await shop.UseAsync<ReadSuggestions, SuggestionList>(r => r.RunAsync(customer, default))).Suggestions[0].Product.Reason;
        Of(saved, "en").ShouldBe("Because you rated A1 PRODUCT highly and you looked at B1 PRODUCT");

        string Of(RecommendationReason reason, string language) => ReasonText.Of(reason, new Words(shop.Get<WordCatalog>(), Viewer.Reading(language)));

        Task DidAsync(InterestKind kind, Guid with) => shop.Database.WriteAsync(tx => tx.ExecuteAsync(
            "insert into commerce_signals (subject_id, kind, product_id, happened_at) values (@customer, @kind, @with, @now)", new { customer, kind, with, now = TimeProvider.System.GetUtcNow() }, default), default);
    }

    [Fact]
    public async Task What_adds_next_to_nothing_is_not_named_and_what_rounding_left_is_no_recommendation()
    {
        await using var shop = await GiftShop.OpenAsync(Engine.Sqlite);
        await shop.TrainAsync();
        var model = shop.Get<ModelStore>().Current!;
        var (a, b, e, x) = (await ItemAsync("A0"), await ItemAsync("B0"), await ItemAsync("E0"), await ItemAsync("X"));
        var bought = new[] { a, b }.Select(item => new BoughtProduct(Guid.CreateVersion7(), model.Products[item], TimeProvider.System.GetUtcNow(), 1)).ToList();
        var purchases = new PurchasesOfCustomer(bought, [], [], model, TimeProvider.System.GetUtcNow());

        var candidates = RecommendForCustomer.Candidates(
            [new(e, 0.4f, new(ReasonCode.Purchases, a, 0.4f, b, 1e-14f)), new(x, 1e-14f, new(ReasonCode.Purchases, a, 1e-14f))], model, purchases).ToList();

        candidates.ShouldHaveSingleItem().Because!.ShouldHaveSingleItem().Product.ShouldBe(model.Products[a]);
        var little = RecommendForCustomer.Candidates([new(e, 0.4f, new(ReasonCode.Purchases, a, 0.003f, b, 0.002f))], model, purchases).Single();
        (little.Kind, little.Because!.Count).ShouldBe((ReasonKind.BecauseBought, 0), "it is all of them together");

        async Task<int> ItemAsync(string sku) => model.ItemOf(await shop.ProductAsync(sku))!.Value;
    }

    [Fact]
    public async Task Of_fewer_than_five_others_no_number_is_told()
    {
        await using var shop = await GiftShop.OpenAsync(Engine.Sqlite, configure: s => s.AddSingleton<WordCatalog>());
        var at = new DateTimeOffset(2026, 1, 20, 9, 0, 0, TimeSpan.Zero);
        await shop.ImportTextAsync(ImportsInShop.Header + string.Concat(Enumerable.Range(0, 3).Select(i => GiftShop.Line($"{9100 + i}", "E0", 1, at, 3000 + i) + GiftShop.Line($"{9100 + i}", "RARE", 1, at, 3000 + i))));
        await shop.TrainAsync();
        var words = new Words(shop.Get<WordCatalog>(), Viewer.Reading("en"));

        RecommendationReason[] told = [.. new[] { await shop.WithAsync("E0", ProductQuestion.AlsoBought, 20), await shop.WithAsync("E0", ProductQuestion.BoughtTogether, 20) }
            .SelectMany(list => list.Products).Select(p => p.Reason).Where(r => r.Kind is ReasonKind.AlsoBought or ReasonKind.BoughtTogether)];

        told.ShouldNotContain(r => r.Count > 0 && r.Count < 5);
        told.ShouldContain(r => r.Count == 0, "three customers bought the rare one with it");
        told.ShouldContain(r => r.Count >= 5);
        new[] { ReasonKind.AlsoBought, ReasonKind.AlsoViewed, ReasonKind.BoughtTogether }.Select(kind => ReasonText.Of(new(kind, [], 0), words))
            .ShouldBe(["Some customers bought both", "Some people looked at both", "Bought together in some orders"]);
        RecommendationReason.Told(ReasonKind.BuyAgain, 2).ShouldBe(2, "their own");
        (RecommendationReason.Told(ReasonKind.PopularNear, 4), RecommendationReason.Told(ReasonKind.PopularNear, 5)).ShouldBe((0, 5));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_they_rated_low_does_not_go_with_their_basket(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine);
        await shop.TrainAsync();
        Guid[] basket = [await shop.ProductAsync("A0")];
        (await SkusAsync()).ShouldContain("E0");

        await shop.RateLowAsync(Ann, "E0");

        (await SkusAsync()).ShouldNotContain("E0");

        async Task<IEnumerable<string>> SkusAsync()
        {
            var customer = await shop.CustomerAsync(Ann);
            return (await shop.UseAsync<RecommendForBasket, RecommendedProducts>(r => r.RunAsync(new(basket, customer, 100), default))).Products.Select(p => p.Product.Sku);
        }
    }
}
