using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Erasure;
using Wellmet.Customers.Identities;
using Wellmet.Platform.Access;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Purposes;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Intent;
using Wellmet.Recommendations.Models;
using Wellmet.Recommendations.Predictions;
using Wellmet.Science.Statistics;
using Wellmet.Tests.Customers.Collection;
using Wellmet.Tests.Platform.Access.Keys;

namespace Wellmet.Tests.Recommendations;

/// <summary>How likely a running visit ends with an order: learnt from the shop's log, measured on later visits, and told of whom it may be.</summary>
public sealed class IntentTest(ITestOutputHelper output)
{
    private const string Page = "/console/recommendations/prospects", Api = "/v1/recommendations/intent";

    private const int Visits = 400;

    private static readonly IntentOptions Few = new() { LeastOutcomes = 50, LeastMeasured = 15 };

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task It_is_learnt_from_visits_measured_on_later_ones_and_served_while_a_visit_runs(Engine engine)
    {
        var storage = TestShop.NewStorage(engine);
        await using var shop = await OpenAsync(engine, storage);
        var card = (await PredictionsTest.MakeAsync(shop)).ShouldNotBeNull().Intent.ShouldNotBeNull();

        output.WriteLine($"{card}\n{string.Join("\n", card.Quality?.Bins ?? [])}");
        card.State.ShouldBe(IntentState.Told);
        card.Ordered.ShouldBeInRange(30, card.Visits - 30);
        card.Quality!.Auc.ShouldBeGreaterThan(0.65);
        card.Quality.CalibrationError.ShouldBeLessThan(0.2, "eight visits in each of ten groups");
        (await shop.Get<PredictionStore>().CardAsync(default))!.Intent!.Quality!.Bins.ShouldBe(card.Quality.Bins);

        await TellAsync(shop, ("Product Viewed", 12), ("Product Viewed", 9));
        var looked = await ReadAsync(shop, "v-1");
        await TellAsync(shop, ("Product Added", 5));
        var filled = await ReadAsync(shop, "v-1");

        (looked.Learnt, looked.Visit!.Features.ProductViews, looked.Visit.Features.BasketAdds).ShouldBe((true, 2, 0));
        looked.Visit.Chance!.Value.ShouldBeInRange(0.001, 0.999);
        filled.Visit!.Features.BasketAdds.ShouldBe(1);
        filled.Visit.Chance!.Value.ShouldBeGreaterThan(looked.Visit.Chance.Value);
        filled.Visit.Reasons.Count.ShouldBe(Wellmet.Science.Predictions.SessionFeatures.Columns.Count);
        filled.Like!.Value.Count.ShouldBeGreaterThan(0);
        (await ReadAsync(shop, "v-2")).ShouldBe(new ReadIntent.Answer(true, null), "of whom nothing was told");

        // The same by the API, on another node, which has only what is stored.
        await using var web = await WebShop.OpenAsync(engine, storage: storage);
        using var http = new HttpClient { BaseAddress = web.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await web.MakeKeyAsync(RecommendationsPermissions.Predictions.Code)).Text);
        var answer = JsonElement.Parse(await http.GetStringAsync(new Uri(Api + "?anonymous_id=v-1", UriKind.Relative)));
        (answer.GetProperty("status").GetString(), answer.GetProperty("chance").GetDouble()).ShouldBe(("foretold", Math.Round(filled.Visit.Chance.Value, 4)));
        answer.GetProperty("visit").GetProperty("product_views").GetInt32().ShouldBe(2);
        answer.GetProperty("reliability").GetProperty("visits").GetInt32().ShouldBe(filled.Like.Value.Count);
        answer.GetProperty("reasons").GetArrayLength().ShouldBeInRange(1, 5);
        (await StatusAsync(http, Api)).ShouldBe(HttpStatusCode.BadRequest);
        (await StatusAsync(http, Api + "?customer=7")).ShouldBe(HttpStatusCode.BadRequest);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await web.MakeKeyAsync(RecommendationsPermissions.Read.Code)).Text);
        (await StatusAsync(http, Api + "?anonymous_id=v-1")).ShouldBe(HttpStatusCode.Forbidden);
        using var owner = await web.SignInAsync();
        var page = await owner.PageAsync(Page);
        page.ShouldContain("Visits: what was foretold, and what came");
        page.ShouldContain($"Learnt from {card.Visits} visits");

        var visitor = (await shop.UseAsync<IProvenVisitors, Guid?>(v => v.ClaimedAsync("v-1", default)))!.Value;
        await shop.UseAsync<ObjectToPurpose>(o => o.RunAsync(new(visitor, Purpose.Personalisation), default));
        (await ReadAsync(shop, "v-1")).Visit.ShouldBeNull("who objects");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_order_silence_and_an_erasure_end_what_is_told(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine, workers: true);
        await TellAsync(shop, ("Product Viewed", 31));
        (await ReadAsync(shop, "v-1")).Visit.ShouldBeNull("silent for half an hour");

        await TellAsync(shop, ("Product Viewed", 5));
        var running = await ReadAsync(shop, "v-1");
        (running.Learnt, running.Visit!.Chance, running.Visit.Features.ProductViews, running.Visit.Features.Returning).ShouldBe((false, null, 2, false), "from 31 to 5 minutes ago there was no silence of half an hour");

        await shop.CollectAsync([new { type = "track", messageId = "o1", anonymousId = "v-1", @event = "Order Completed", timestamp = TimeProvider.System.GetUtcNow(), properties = new { order_id = "77", currency = "GBP", products = new[] { new { sku = "A0", price = 2, quantity = 1 } } } }]);
        await shop.DrainAsync();
        (await ReadAsync(shop, "v-1")).Visit.ShouldBeNull("it ended with the order");

        await TellAsync(shop, ("Product Viewed", -1));
        (await ReadAsync(shop, "v-1")).Visit!.Features.Returning.ShouldBe(true);
        var visitor = (await shop.UseAsync<IProvenVisitors, Guid?>(v => v.ClaimedAsync("v-1", default)))!.Value;
        await shop.UseAsync<EraseCustomer>(e => e.RunAsync(new(visitor, EraseCustomer.Word), default));
        (await ReadAsync(shop, visitor)).Visit.ShouldBeNull("erased");
        var stranger = new Actor(Guid.CreateVersion7(), "agent", Role.Agent, p => p == RecommendationsPermissions.Read);
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<ReadIntent, ReadIntent.Answer>(r => r.RunAsync(visitor, null, default), stranger));
    }

    [Fact]
    public async Task Too_few_visits_are_said_plainly_and_what_objects_is_not_learnt_from()
    {
        await using var shop = await OpenAsync(Engine.Sqlite, null);
        var (card, model) = await shop.UseAsync<LearnIntent, (IntentCard, Wellmet.Science.Predictions.PurchaseIntent?)>(l => l.RunAsync(TimeProvider.System.GetUtcNow(), default));
        model.ShouldNotBeNull();
        await shop.Get<IntentStore>().SaveAsync(model, DateTimeOffset.UnixEpoch, default);
        (await shop.Get<IntentStore>().CurrentAsync(default)).ShouldNotBeNull();

        for (var number = 1006; number < 1000 + GiftShop.Customers; number++)
        {
            await shop.ObjectAsync(number);
        }
        var (less, none) = await shop.UseAsync<LearnIntent, (IntentCard, Wellmet.Science.Predictions.PurchaseIntent?)>(l => l.RunAsync(TimeProvider.System.GetUtcNow(), default));

        (card.Visits, less.Visits).ShouldBe((Visits, 6 * 7), "of six customers");
        (less.State, less.Quality, none).ShouldBe((IntentState.TooFew, null, null));
        var erased = await shop.CustomerAsync(1000);
        await shop.UseAsync<EraseCustomer>(e => e.RunAsync(new(erased, EraseCustomer.Word), default));
        (await shop.UseAsync<LearnIntent, (IntentCard Card, Wellmet.Science.Predictions.PurchaseIntent?)>(l => l.RunAsync(TimeProvider.System.GetUtcNow(), default))).Card.Visits.ShouldBe(5 * 7, "nor from who was erased");
        await shop.Get<IntentStore>().SaveAsync(none, DateTimeOffset.UnixEpoch, default);
        (await shop.Get<IntentStore>().CurrentAsync(default)).ShouldBeNull();
    }

    [Fact]
    public async Task An_order_under_another_subject_of_the_visitor_ends_the_visit_with_an_order()
    {
        await using var shop = await OpenAsync(Engine.Sqlite, null);
        async Task<IntentCard> LearnAsync() => (await shop.UseAsync<LearnIntent, (IntentCard Card, Wellmet.Science.Predictions.PurchaseIntent?)>(l => l.RunAsync(TimeProvider.System.GetUtcNow(), default))).Card;
        await shop.LookAsync(2000, ("A1", 24 * 300)); // so long ago that the buyer is no visitor
        var before = await LearnAsync();
        var (visitor, buyer, began) = (await shop.CustomerAsync(1000), await shop.CustomerAsync(2000), TimeProvider.System.GetUtcNow().AddHours(-5));
        await shop.Database.WriteAsync(tx =>
        {
            Look(tx, visitor, began);
            tx.AppendHistory(new OrderPlaced(buyer, began.AddMinutes(4), Guid.CreateVersion7(began), "10", Guid.Empty, "GBP", 100, 1, null, false, []), null);
            return Task.CompletedTask;
        }, default);
        var apart = await LearnAsync();

        await shop.UseAsync<MergeCustomers>(m => m.RunAsync(new(visitor, buyer, MergeReason.SignedIn), default));
        var joined = await LearnAsync();

        (apart.Visits, apart.Ordered).ShouldBe((before.Visits + 1, before.Ordered));
        (joined.Visits, joined.Ordered).ShouldBe((before.Visits + 1, before.Ordered + 1));
    }

    [Fact]
    public async Task Of_too_many_steps_a_part_is_learnt_from_and_what_is_no_step_takes_no_room()
    {
        await using var shop = await OpenAsync(Engine.Sqlite, null);
        var visitor = await shop.CustomerAsync(1000);
        await shop.Database.WriteAsync(tx =>
        {
            for (var i = 0; i < 3000; i++)
            {
                tx.AppendHistory(new EventCollected(visitor, TimeProvider.System.GetUtcNow().AddDays(-1), CollectedKind.Track, "Scrolled",
                    new CollectedFacts(CollectionInShop.Server.SourceId, null, $"s{i}", true, false, EventProperties.None, null)), null);
            }
            return Task.CompletedTask;
        }, default);
        var (all, part) = (await LearnAsync(shop, Few with { MostSteps = 3000 }), await LearnAsync(shop, Few with { MostSteps = 1000 }));

        all.Visits.ShouldBe(Visits, "some 2,000 steps");
        part.Visits.ShouldBeInRange(1, Visits - 1);
    }

    [Fact]
    public async Task A_failure_leaves_what_was_learnt_before()
    {
        await using var shop = await OpenAsync(Engine.Sqlite, null);
        var all = (await PredictionsTest.MakeAsync(shop)).ShouldNotBeNull().Intent.ShouldNotBeNull();
        var before = (await shop.Get<IntentStore>().CurrentAsync(default)).ShouldNotBeNull();
        var failed = (await shop.UseAsync<IServiceProvider, IntentCard?>(services => ActivatorUtilities.CreateInstance<RenewIntent>(services,
            ActivatorUtilities.CreateInstance<LearnIntent>(services, Few with { Days = int.MaxValue })).RunAsync(TimeProvider.System.GetUtcNow(), default))).ShouldNotBeNull();

        (failed.Visits, failed.Quality!.Auc).ShouldBe((all.Visits, all.Quality!.Auc), "the card of the last predictions");
        failed.FailingSince.ShouldNotBeNull();
        (await shop.Get<IntentStore>().CurrentAsync(default)).ShouldBeSameAs(before);
    }

    private static async Task<IntentCard> LearnAsync(TestShop shop, IntentOptions options) => (await shop.UseAsync<IServiceProvider, (IntentCard Card, Wellmet.Science.Predictions.PurchaseIntent?)>(services =>
        ActivatorUtilities.CreateInstance<LearnIntent>(services, options).RunAsync(TimeProvider.System.GetUtcNow(), default))).Card;

    private static async Task<TestShop> OpenAsync(Engine engine, StorageOptions? storage)
    {
        var shop = await GiftShop.OpenAsync(engine, workers: true, storage: storage, configure: s => s.AddSingleton(Few));
        await shop.TrainAsync();
        var customers = new List<Guid>();
        for (var number = 1000; number < 1000 + GiftShop.Customers; number++)
        {
            customers.Add(await shop.CustomerAsync(number));
        }
        await shop.Database.WriteAsync(tx =>
        {
            var random = new SeededRandom(4);
            for (var i = 0; i < Visits; i++)
            {
                Plant(tx, random, customers[i % GiftShop.Customers], TimeProvider.System.GetUtcNow().AddDays(-50 + (49.0 * i / Visits)));
            }
            return Task.CompletedTask;
        }, default);
        return shop;
    }

    /// <summary>Two to five looks, and in every other visit something goes into the basket between them: then seven in ten order, else one in ten.</summary>
    private static void Plant(Transaction tx, SeededRandom random, Guid visitor, DateTimeOffset began)
    {
        var (looks, fills) = (2 + random.Next(4), random.NextDouble() < 0.5);
        for (var look = 0; look < looks; look++)
        {
            Add(look, "Product Viewed");
        }
        if (fills)
        {
            Add(0.5, "Product Added");
        }
        if (random.NextDouble() < (fills ? 0.7 : 0.1))
        {
            tx.AppendHistory(new OrderPlaced(visitor, began.AddMinutes(looks), Guid.CreateVersion7(began), "9", Guid.Empty, "GBP", 100, 1, null, false, []), null);
        }

        void Add(double minute, string name) => Look(tx, visitor, began.AddMinutes(minute), name);
    }

    private static void Look(Transaction tx, Guid visitor, DateTimeOffset at, string name = "Product Viewed") => tx.AppendHistory(
        new ShopEventCollected(visitor, at, name, new CollectedFacts(CollectionInShop.Server.SourceId, null, "m", true, false, new EventProperties("""{"sku":"A0","price":20}"""), null)), null);

    private static Task<ReadIntent.Answer> ReadAsync(TestShop shop, string visitor) => shop.UseAsync<ReadIntent, ReadIntent.Answer>(r => r.RunAsync(null, visitor, default));

    private static Task<ReadIntent.Answer> ReadAsync(TestShop shop, Guid customer) => shop.UseAsync<ReadIntent, ReadIntent.Answer>(r => r.RunAsync(customer, null, default));

    private static Task TellAsync(TestShop shop, params (string Name, int MinutesAgo)[] told)
    {
        var now = TimeProvider.System.GetUtcNow();
        return shop.CollectAsync(told.Select(t => new
        {
            type = "track", messageId = $"{t}", anonymousId = "v-1", @event = t.Name, properties = new { sku = $"P{t.MinutesAgo}", price = 20 }, timestamp = now.AddMinutes(-t.MinutesAgo),
        }));
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string path) => (await http.GetAsync(new Uri(path, UriKind.Relative))).StatusCode;
}
