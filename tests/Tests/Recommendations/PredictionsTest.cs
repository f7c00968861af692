using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Wellmet.Commerce.Contract;
using Wellmet.Customers.Erasure;
using Wellmet.Customers.Identities;
using Wellmet.Demo.Generator;
using Wellmet.Platform.Access;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;
using Wellmet.Privacy.Purposes;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Models;
using Wellmet.Recommendations.Predictions;
using Wellmet.Science.Statistics;
using Wellmet.Tests.Customers;
using Wellmet.Tests.Demo;

namespace Wellmet.Tests.Recommendations;

/// <summary>What is foretold of customers: against what they did in days that were held out, and of whom nothing is.</summary>
public sealed class PredictionsTest(ITestOutputHelper output)
{
    /// <summary>Enough for the demo shops of the quick tests, whose few hundred customers would be too little for a real one.</summary>
    internal static readonly PredictionOptions Few = new() { PageSize = 100, LeastOutcomes = 20, LeastMeasured = 5, LeastRepeats = 20 };

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Chances_tell_the_demo_shops_customers_apart_and_mean_what_they_say(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        await shop.MakeDemoAsync(2_000, DemoPlan.DefaultMonths);
        await shop.TrainAsync();

        var card = (await MakeAsync(shop)).ShouldNotBeNull();

        output.WriteLine($"{card.Took}: {card.Quality}, {card.NextType}\n{string.Join("\n", card.Quality?.Bins ?? [])}");
        card.State.ShouldBe(ChanceState.Told);
        card.Quality!.Ordered.ShouldBeInRange(50, card.Quality.Customers / 3);
        (card.Quality.Auc - (3 * card.Quality.AucError)).ShouldBeGreaterThan(0.6, "better than the base rate, which tells nobody apart");
        card.Quality.CalibrationError.ShouldBeLessThan(0.05);
        card.NextType!.Hit.ShouldBeGreaterThan(card.NextType.BestsellerHit);
        (await shop.Get<PredictionStore>().CardAsync(default)).ShouldNotBeNull().Quality!.Bins.ShouldBe(card.Quality.Bins);
        var first = await AllAsync(shop);
        first.Count.ShouldBe(card.Predicted);
        await DemandSoundAsync(shop, first, card);
    }

    [Fact]
    public async Task The_same_moment_gives_the_same_predictions_however_large_the_pages()
    {
        var storage = TestShop.NewStorage(Engine.Sqlite);
        await using var shop = await OpenAsync(Engine.Sqlite, storage);
        var clock = new ManualClock(TimeProvider.System.GetUtcNow());
        await using var one = await TestShop.OpenAsync(Engine.Sqlite, workers: false, Configure(Few, clock), storage: storage);
        await using var other = await TestShop.OpenAsync(Engine.Sqlite, workers: false, Configure(Few with { PageSize = 7 }, clock), storage: storage);

        var first = await MadeAsync(one, 1_000);
        var second = await MadeAsync(other, 13);

        first.Count.ShouldBeGreaterThan(200);
        second.Count.ShouldBe(first.Count);
        for (var i = 0; i < first.Count; i++)
        {
            (second[i] with { Due = first[i].Due, Reasons = first[i].Reasons }).ShouldBe(first[i]);
            second[i].Due.ShouldBe(first[i].Due);
            second[i].Reasons.ShouldBe(first[i].Reasons);
        }

        static async Task<List<CustomerPrediction>> MadeAsync(TestShop node, int limit)
        {
            node.Get<ModelStore>().Load();
            (await MakeAsync(node, again: true)).ShouldNotBeNull();
            return await AllAsync(node, limit);
        }
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Nothing_is_told_of_who_objects_or_was_erased_or_merged_since(Engine engine)
    {
        await using var shop = await OpenAsync(engine);
        await MakeAsync(shop);
        var before = await AllAsync(shop);
        var (objects, erased, kept, merged) = (before[0].CustomerId, before[1].CustomerId, before[2].CustomerId, before[3].CustomerId);
        (await shop.UseAsync<ExportCustomer, IReadOnlyList<PersonalRecord>>(e => e.RunAsync(objects, default))).Count(r => r.Kind == "prediction").ShouldBe(1);

        await shop.UseAsync<ObjectToPurpose>(o => o.RunAsync(new(objects, Purpose.Personalisation), default));
        await shop.UseAsync<EraseCustomer>(e => e.RunAsync(new(erased, EraseCustomer.Word), default));
        await shop.UseAsync<MergeCustomers, MergeCustomers.Answer>(m => m.RunAsync(new(kept, merged, MergeReason.Other), default));

        // At once, of all questions.
        (await OfAsync(shop, objects, erased, before[4].CustomerId)).Keys.ShouldBe([before[4].CustomerId]);
        await shop.DrainAsync();
        (await AllAsync(shop)).Select(p => p.CustomerId).ShouldBe(before.Skip(4).Select(p => p.CustomerId));
        (await RowsAsync(shop)).ShouldBe(before.Count - 3, "the rows of the erased one and of both who are one now are gone");
        await shop.Get<PredictionStore>().WriteAsync([before[1]], default);
        (await RowsAsync(shop)).ShouldBe(before.Count - 3, "and a run that goes on does not bring it back");

        // And with the next run nothing is kept of them; who was merged is one.
        await MakeAsync(shop, again: true);
        (await RowsAsync(shop)).ShouldBe(before.Count - 3);
        (await OfAsync(shop, objects, erased)).ShouldBeEmpty();
        var both = await OfAsync(shop, kept, merged);
        both[merged].ShouldBe(both[kept]);
        both[kept].LastOrderAt.ShouldBe(new[] { before[2].LastOrderAt, before[3].LastOrderAt }.Max());
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_is_sold_out_or_not_sold_any_more_is_due_to_nobody(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine);
        var (customer, now) = (await shop.CustomerAsync(1000), TimeProvider.System.GetUtcNow());
        Guid[] due = [await shop.ProductAsync("A0"), await shop.ProductAsync("X"), await shop.ProductAsync("Y")];
        await shop.Get<PredictionStore>().WriteAsync([new CustomerPrediction(customer, 0.5, null, null, [.. due.Select(p => new DueProduct(p, now, now, now))], [], now, now)], default);
        (await DueAsync()).ShouldBe(due);

        await shop.Database.WriteAsync(tx => tx.ExecuteAsync("update commerce_products set stock = 0 where sku = 'A0'", null, default), default);
        await shop.Database.WriteAsync(tx => tx.ExecuteAsync("update commerce_products set active = @no where sku = 'X'", new { no = false }, default), default);

        (await DueAsync()).ShouldBe([due[2]]);

        async Task<IEnumerable<Guid>> DueAsync() => (await shop.UseAsync<IPredictions, IReadOnlyDictionary<Guid, CustomerPrediction>>(p => p.OfAsync([customer], default)))[customer].Due.Select(d => d.ProductId);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task One_node_a_day_and_again_when_somebody_asks(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine);
        (await MakeAsync(shop)).ShouldBeNull("nothing is learnt of the products yet");
        await shop.TrainAsync();

        (await MakeAsync(shop)).ShouldBeNull("the day is taken");
        var card = (await MakeAsync(shop, again: true)).ShouldNotBeNull();

        // The sales of this shop are old: nothing is told, rather than nonsense.
        (card.State, card.Quality, card.NextType).ShouldBe((ChanceState.NoOrdersLately, null, null));
        (await AllAsync(shop)).ShouldAllBe(p => p.Chance == null && p.NextType == null && p.Reasons.Count == 0);
        (await shop.Get<PredictionStore>().CardAsync(default))!.MadeAt.ShouldBe(card.MadeAt);
        var analyst = new Actor(Guid.CreateVersion7(), "analyst", Role.Analyst, p => p == RecommendationsPermissions.Predictions);
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<MakePredictions>(m => m.RunAsync(true, default), analyst));
    }

    [Theory]
    [InlineData(60, 12)]
    [InlineData(900, 3)]
    public async Task Too_few_customers_and_a_young_shop_are_told_no_chances(int customers, int months)
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite);
        await shop.MakeDemoAsync(customers, months);
        await shop.TrainAsync();

        var card = (await MakeAsync(shop)).ShouldNotBeNull();

        (card.State, card.Quality).ShouldBe((ChanceState.TooLittle, null));
        (await AllAsync(shop)).ShouldAllBe(p => p.Chance == null && p.Reasons.Count == 0);
    }

    [Fact]
    public async Task A_model_that_is_no_better_than_chance_tells_none()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);
        await shop.ImportTextAsync(ImportsInShop.Header + AtRandom(TimeProvider.System.GetUtcNow()));
        await shop.TrainAsync();

        var card = (await MakeAsync(shop)).ShouldNotBeNull();

        output.WriteLine($"{card.Quality}");
        card.State.ShouldBe(ChanceState.NoBetterThanChance);
        card.Quality!.Auc.ShouldBeInRange(0.4, 0.6);
        (await AllAsync(shop)).ShouldAllBe(p => p.Chance == null);
    }

    [Fact]
    public async Task A_demo_shops_card_goes_with_it()
    {
        await using var shop = await OpenAsync(Engine.Sqlite);
        await MakeAsync(shop);

        await shop.RemoveDemoAsync();
        // The training that runs may have done so already.
        await shop.Get<DemoModel>().DropOutlivedAsync(default);

        (await shop.Get<PredictionStore>().CardAsync(default)).ShouldBeNull();
        (await RowsAsync(shop)).ShouldBe(0);
    }

    /// <summary>A demo shop whose predictions can be made.</summary>
    internal static async Task<TestShop> OpenAsync(Engine engine, StorageOptions? storage = null)
    {
        var shop = await TestShop.OpenAsync(engine, configure: Configure(Few), storage: storage);
        await shop.MakeDemoAsync(400);
        await shop.TrainAsync();
        return shop;
    }

    internal static Task<PredictionCard?> MakeAsync(TestShop shop, bool again = false) => shop.UseAsync<MakePredictions, PredictionCard?>(m => m.RunAsync(again, default));

    /// <summary>All predictions, by the pages that other modules read.</summary>
    internal static async Task<List<CustomerPrediction>> AllAsync(TestShop shop, int limit = 1_000)
    {
        var all = new List<CustomerPrediction>();
        for (Guid? after = Guid.Empty; after is { } from;)
        {
            var page = await shop.UseAsync<IPredictions, PredictionPage>(p => p.PageAsync(from, limit, default));
            all.AddRange(page.Rows);
            after = page.Next;
        }
        return all;
    }

    private static Action<IServiceCollection> Configure(PredictionOptions options, TimeProvider? clock = null) => services =>
    {
        services.AddSingleton(options);
        if (clock is not null)
        {
            services.AddSingleton(clock);
        }
    };

    private static Task<IReadOnlyDictionary<Guid, CustomerPrediction>> OfAsync(TestShop shop, params Guid[] customers) =>
        shop.UseAsync<IPredictions, IReadOnlyDictionary<Guid, CustomerPrediction>>(p => p.OfAsync(customers, default));

    private static Task<long> RowsAsync(TestShop shop) => shop.Database.ReadAsync(s => s.CountAsync("select count(*) from recommendations_predictions"), default);

    /// <summary>What is due was bought, is used up, and is not given up; who is most likely has reasons.</summary>
    private static async Task DemandSoundAsync(TestShop shop, List<CustomerPrediction> predictions, PredictionCard card)
    {
        var labels = (await shop.ProductsAsync()).ToDictionary(p => p.ProductId);
        predictions.ShouldAllBe(p => p.Chance > 0 && p.Chance < 1 && p.NextType != null && p.NextTypeShare > 0 && p.NextTypeShare <= 1 && p.Due.Count <= IPredictions.MostDue);
        predictions.Average(p => p.Chance!.Value).ShouldBe((double)card.Quality!.Ordered / card.Quality.Customers, 0.05);
        foreach (var hot in predictions.OrderByDescending(p => p.Chance).Take(40))
        {
            var bought = await shop.UseAsync<IOrders, IReadOnlyList<BoughtProduct>>(o => o.BoughtByAsync([hot.CustomerId], default));
            hot.LastOrderAt.ShouldBe(bought.Where(b => b.Kept > 0).Max(b => b.PlacedAt), TimeSpan.FromSeconds(1));
            hot.Due.ShouldAllBe(d => bought.Any(b => b.ProductId == d.ProductId) && d.Earliest <= d.Expected && d.Expected <= d.Latest && d.Latest >= card.MadeAt.AddSeconds(-1));
            hot.Due.ShouldBe(hot.Due.OrderBy(d => d.Expected));
            hot.Reasons.Count.ShouldBe(IPredictions.MostReasons);
            hot.Reasons.Sum(r => r.Adds).ShouldBeGreaterThan(0);
        }
        predictions.Count(p => p.Due.Any(d => labels[d.ProductId].Type == ProductType.Consumable)).ShouldBeGreaterThan(predictions.Count / 20);
        card.Types.ShouldBe(card.Types.OrderByDescending(t => t.Customers).ThenBy(t => t.Type, StringComparer.Ordinal));
        predictions.Count(p => p.NextType == card.Types[0].Type).ShouldBe(card.Types[0].Customers);
    }

    /// <summary>Six hundred customers who all began at the same time, and order on days that nothing foretells.</summary>
    private static string AtRandom(DateTimeOffset now)
    {
        var (text, random, invoice) = (new StringBuilder(), new SeededRandom(5), 0);
        for (var customer = 0; customer < 600; customer++)
        {
            Order(300);
            for (var day = 299; day > 0; day--)
            {
                if (random.NextDouble() < 1 / 90.0)
                {
                    Order(day);
                }
            }

            void Order(int daysAgo) => text.Append(GiftShop.Line((++invoice).ToString(CultureInfo.InvariantCulture), "A", 1, now.AddDays(-daysAgo).AddHours(1), 1000 + customer));
        }
        return text.ToString();
    }
}
