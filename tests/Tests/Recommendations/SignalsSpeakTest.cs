using System.Text.Json;
using Wellmet.Commerce.Contract;
using Wellmet.Commerce.Returns;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Models;
using Wellmet.Recommendations.Quality;
using Wellmet.Recommendations.Serving;
using Wellmet.Science.Recommenders.Signals;
using Wellmet.Tests.Customers;
using Wellmet.Tests.Customers.Collection;

namespace Wellmet.Tests.Recommendations;

/// <summary>What customers put into baskets, wished for, rated and sent back says what they may like, and how much is fitted to the shop's log.</summary>
public sealed class SignalsSpeakTest
{
    /// <summary>Bought A0 and B0; likewise, and E0 and F0; bought A1 and B1; bought nothing.</summary>
    private const int Ann = 1057, Ben = 1000, Cid = 1058, Newcomer = 2000;

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Baskets_and_wish_lists_say_more_than_looks_until_they_are_taken_back(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine, workers: true);
        await shop.TrainAsync();
        await TellAsync(shop, Newcomer, ("Product Viewed", "A1", 50));
        var looked = await FirstAsync(shop, Newcomer);
        await TellAsync(shop, Newcomer, ("Product Added", "A1", 40));
        var carted = await FirstAsync(shop, Newcomer);
        await TellAsync(shop, Newcomer, ("Product Added to Wishlist", "A1", 30));
        var wished = await FirstAsync(shop, Newcomer);
        await TellAsync(shop, Newcomer, ("Product Removed", "A1", 20), ("Product Removed from Wishlist", "A1", 10));

        new[] { looked, carted, wished }.ShouldAllBe(p => p.Product.Sku == "E1" || p.Product.Sku == "B1");
        wished.Score.ShouldBeGreaterThan(carted.Score);
        carted.Score.ShouldBeGreaterThan(looked.Score);
        (await FirstAsync(shop, Newcomer)).Score.ShouldBe(looked.Score, 1e-4f);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_came_back_without_a_fault_or_was_rated_low_speaks_against_what_is_like_it_for_that_customer_alone(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine, workers: true);
        await shop.TrainAsync();
        var others = await ListAsync(shop, Ben);
        (await FirstAsync(shop, Ann)).Product.Sku.ShouldBe("E0");

        await ReturnAsync(shop, Ann, "damaged", "A0", "B0");
        (await FirstAsync(shop, Ann)).Product.Sku.ShouldBe("E0", "a fault of the shop says nothing of taste");

        await shop.Database.WriteAsync(tx => tx.ExecuteAsync("update commerce_returns set reason = 'unwanted'", null, default), default);
        var list = await ListAsync(shop, Ann);
        list.ShouldNotContain(p => p.Sku == "A0" || p.Sku == "B0", "what they had is not offered again");
        list.Single(p => p.Sku == "E0").Kind.ShouldBe(ReasonKind.Bestseller, "nothing of theirs speaks for it any more");
        (await ListAsync(shop, Ben)).ShouldBe(others);

        (await FirstAsync(shop, Cid)).Reason.Kind.ShouldBe(ReasonKind.BecauseBought);
        await TellAsync(shop, Cid, ("Product Reviewed", "A1", 20), ("Product Reviewed", "B1", 20));
        (await ListAsync(shop, Cid)).Single(p => p.Sku == "E1").Kind.ShouldBe(ReasonKind.Bestseller);
    }

    [Fact]
    public async Task What_is_called_nearly_the_same_is_less_welcome()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite);
        var at = new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
        await shop.ImportTextAsync(ImportsInShop.Header + string.Concat(new[] { "COPPER GARDEN LANTERN LARGE", "COPPER GARDEN LANTERN SMALL", "TEA TOWEL", "MUG", "CLOCK" }
            .Select((name, i) => GiftShop.Line($"{5000 + i}", $"{i}0001", 1, at, 1000 + i).Replace($"{i}0001 PRODUCT", name, StringComparison.Ordinal))));
        await shop.TrainAsync();
        var (model, products) = (shop.Get<ModelStore>().Current!, (await shop.ProductsAsync()).OrderBy(p => p.Sku).Select(p => p.ProductId).ToList());

        PurchasesOfCustomer Of(long unwanted) => new([new BoughtProduct(Guid.CreateVersion7(), products[0], at, 0) { Unwanted = unwanted }], [], [], model, at.AddDays(365));

        Of(unwanted: 0).Welcome(products[1]).ShouldBe(1);
        Of(unwanted: 1).Welcome(products[1]).ShouldBeInRange(0.8f, 0.95f, "a quarter at first, an eighth after a year, by how alike they are called");
        Of(unwanted: 1).Welcome(products[2]).ShouldBe(1);
        Of(unwanted: 1).Weights.ShouldHaveSingleItem().ShouldBe(-0.125f, 1e-3f);
        // A year after it came back, whenever it was ordered.
        new PurchasesOfCustomer([new BoughtProduct(Guid.CreateVersion7(), products[0], at.AddDays(-300), 0) { Unwanted = 1, UnwantedAt = at }], [], [], model, at.AddDays(365)).Weights.ShouldHaveSingleItem().ShouldBe(-0.125f, 1e-3f);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task The_log_says_what_was_done_before_an_order(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine, workers: true);
        var ordered = new DateTimeOffset(2026, 1, 12, 9, 0, 0, TimeSpan.Zero);
        int Minutes(double hoursBefore) => (int)(TimeProvider.System.GetUtcNow() - ordered.AddHours(-hoursBefore)).TotalMinutes;
        await TellAsync(shop, Ben, ("Product Viewed", "E1", Minutes(100)), ("Product Removed", "F4", Minutes(80)), ("Product Added", "F4", Minutes(90)), ("Product Added to Wishlist", "X", Minutes(70)),
            ("Product Viewed", "F0", Minutes(0.5)), ("Product Viewed", "E0", Minutes(0.25)));

        var example = (await ExamplesAsync(shop)).Single(e => e.Example.Moment > ordered.AddHours(-1).ToUnixTimeSeconds() && e.Example.Moment < ordered.AddMinutes(-20).ToUnixTimeSeconds()).Example;

        var skus = (await shop.ProductsAsync()).ToDictionary(p => p.ProductId, p => p.Sku);
        var products = await ProductsOfModelAsync(shop);
        example.Before.Select(s => (skus[products[s.Item]], s.Kind)).ShouldBe(
            [("A0", SignalKind.Purchase), ("B0", SignalKind.Purchase), ("E1", SignalKind.View), ("X", SignalKind.WishList), ("F0", SignalKind.View)], ignoreOrder: true, "what was put into the basket and taken out again is not there, in whichever order the log holds it");
        example.Bought.Select(item => skus[products[item]]).ShouldBe(["E0"]);

        await shop.ObjectAsync(Ben);
        (await ExamplesAsync(shop)).ShouldNotContain(e => e.Example.Moment == example.Moment);
    }

    [Fact]
    public async Task Customers_of_very_many_visits_are_read_page_by_page()
    {
        await using var shop = await GiftShop.OpenAsync(Engine.Sqlite, workers: true);
        await TellAsync(shop, Ben, ("Product Viewed", "E1", (int)(TimeProvider.System.GetUtcNow() - new DateTimeOffset(2026, 1, 10, 9, 0, 0, TimeSpan.Zero)).TotalMinutes));
        var before = await ExamplesAsync(shop);
        // Each of the customers came four hundred times before they signed in.
        var visits = new List<(Guid Subject, Guid Customer)>();
        for (var number = 1000; number < 1000 + GiftShop.Customers; number++)
        {
            var customer = await shop.CustomerAsync(number);
            visits.AddRange(Enumerable.Range(0, 400).Select(_ => (Guid.CreateVersion7(), customer)));
        }
        await shop.Database.WriteAsync(tx => new BulkInsert<(Guid Subject, Guid Customer)>("customers_links", new("subject_id", typeof(Guid), v => v.Subject), new("customer_id", typeof(Guid), v => v.Customer)).RunAsync(tx, visits, default), default);

        (await ExamplesAsync(shop)).Select(e => e.Example.Moment).ShouldBe(before.Select(e => e.Example.Moment));
    }

    [Fact]
    public void Of_returns_those_count_of_which_nothing_was_kept()
    {
        var (lamp, mug, order) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var items = new Dictionary<Guid, int> { [lamp] = 0, [mug] = 1 };
        var signals = new SignalsUntil(1_000);
        signals.Add(1, SignalKind.Purchase, 5);
        foreach (var (reason, product, time) in new[] { ("unwanted", lamp, 10), ("unwanted", mug, 10), ("damaged", lamp, 20), ("unwanted", lamp, 2_000) })
        {
            signals.Add(new ItemsReturned(lamp, DateTimeOffset.FromUnixTimeSeconds(time), order, order, "1", "EUR", 1, reason, [new OrderedProduct(product, 1, 1)]), [], items);
        }

        signals.All().ShouldBe([new Signal(0, SignalKind.Return, 10), new Signal(1, SignalKind.Purchase, 5)]);
    }

    [Fact]
    public async Task What_was_fitted_is_served_with_and_the_file_keeps_it()
    {
        await using var shop = await GiftShop.OpenAsync(Engine.Sqlite, workers: true);
        await shop.TrainAsync();
        await TellAsync(shop, Newcomer, ("Product Viewed", "A1", 50));
        var before = await FirstAsync(shop, Newcomer);
        var fit = SignalFit.None with { Kinds = [.. SignalFit.None.Kinds.Select(k => k.Kind == SignalKind.View ? new FittedSignal(SignalKind.View, 500, 0.45, null, true) : k)], Adopted = true };
        var report = new QualityReport(50, 10, 0.5, 0.5, 0.5, 0.5, 0.5, Wellmet.Science.Recommenders.ForYouSettings.Default, false) { Signals = fit };
        await shop.Database.WriteAsync(tx => tx.ExecuteAsync("insert into recommendations_checks (day, started_at, finished_at, report) values (@day, @now, @now, @json)",
            new { day = new DateOnly(2026, 1, 1), now = DateTimeOffset.UnixEpoch, json = new Json(JsonSerializer.Serialize(report)) }, default), default);

        await shop.TrainAsync();
        shop.Get<ModelStore>().Load();

        shop.Get<ModelStore>().Current!.Card.Signals.ShouldBe(fit);
        (await FirstAsync(shop, Newcomer)).Score.ShouldBeGreaterThan(before.Score * 2.5f);
    }

    private static async Task<RecommendedProduct> FirstAsync(TestShop shop, int customer) => (await shop.ForAsync(customer, 1)).Products.Single();

    private static async Task<List<(string Sku, ReasonKind Kind)>> ListAsync(TestShop shop, int customer) => [.. (await shop.ForAsync(customer, 100)).Products.Select(p => (p.Product.Sku, p.Reason.Kind))];

    private static async Task TellAsync(TestShop shop, int customer, params (string Name, string Sku, int MinutesAgo)[] told)
    {
        var now = TimeProvider.System.GetUtcNow();
        await shop.CollectAsync(told.Select(t => new
        {
            type = "track", messageId = $"{customer}-{t}", userId = $"{customer}", @event = t.Name, properties = new { sku = t.Sku, rating = 1 }, timestamp = now.AddMinutes(-t.MinutesAgo),
        }));
        await shop.DrainAsync();
    }

    private static async Task ReturnAsync(TestShop shop, int customer, string reason, params string[] skus)
    {
        var subject = await shop.CustomerAsync(customer);
        var order = (await shop.UseAsync<IOrders, IReadOnlyList<BoughtProduct>>(o => o.BoughtByAsync([subject], default)))[0];
        await shop.UseAsync<RecordReturn>(back => back.RunAsync(new(order.OrderId, reason, [.. skus.Select(s => new Wellmet.Commerce.Orders.ItemQuantity(s, s[0] == 'B' ? 2 : 1))]), default));
    }

    private static async Task<List<(SignalExample Example, int At)>> ExamplesAsync(TestShop shop)
    {
        var data = await shop.UseAsync<PurchaseHistory, PurchaseData>(h => h.ReadAsync(_ => { }, default));
        return [.. (await shop.UseAsync<SignalHistory, IReadOnlyList<SignalExample>>(h => h.ReadAsync(data, new DateTimeOffset(2026, 1, 12, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds(), default))).Select((e, at) => (e, at))];
    }

    private static async Task<Guid[]> ProductsOfModelAsync(TestShop shop) => (await shop.UseAsync<PurchaseHistory, PurchaseData>(h => h.ReadAsync(_ => { }, default))).Products;
}
