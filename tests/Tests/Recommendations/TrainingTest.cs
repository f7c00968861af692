using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Erasure;
using Wellmet.Customers.Imports;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Models;
using Wellmet.Recommendations.Serving;
using Wellmet.Science.Recommenders;
using Wellmet.Tests.Customers;

namespace Wellmet.Tests.Recommendations;

/// <summary>Learning from the log, keeping what was learnt, and following what happens next.</summary>
public sealed class TrainingTest
{
    /// <summary>The worker trains as soon as something is new.</summary>
    private static readonly TrainingOptions Eager = new() { Poll = TimeSpan.FromMilliseconds(20), Quiet = TimeSpan.Zero, Interval = TimeSpan.Zero };

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task The_card_says_what_was_learnt_and_up_to_where(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine);

        var card = await shop.TrainAsync();

        card.Orders.ShouldBe(GiftShop.Customers + GiftShop.Customers - GiftShop.Tastes + GiftShop.Anonymous);
        card.Customers.ShouldBe(GiftShop.Customers);
        card.Products.ShouldBe(GiftShop.Products);
        card.ProductsSold.ShouldBe(GiftShop.Products - 1);
        card.ProductsCovered.ShouldBeInRange(3 * GiftShop.Tastes + 2, GiftShop.Products - 1);
        card.FirstOrderAt.ShouldBe(new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero));
        card.Position.ShouldBe(await shop.Get<LogHistory>().HeadsAsync(default), ignoreOrder: true);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_was_cancelled_no_longer_counts(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine);
        var cancelled = Enumerable.Range(0, 5).Select(i => 3 * i).Select(i => GiftShop.Line($"C{5000 + i}", "B0", -2, new DateTimeOffset(2026, 2, 1, 9, 0, 0, TimeSpan.Zero), 1000 + i));
        await shop.ImportTextAsync(ImportsInShop.Header + string.Concat(cancelled));

        await shop.TrainAsync();

        var together = await shop.WithAsync("A0", ProductQuestion.BoughtTogether, 1);
        together.Products.Select(p => (p.Product.Sku, p.Reason.Count)).ShouldBe([("B0", GiftShop.PerTaste - 5)]);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_an_erased_customer_ordered_is_nobodys(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine);
        var (before, erased) = (await shop.TrainAsync(), await shop.CustomerAsync(1000));

        await shop.UseAsync<EraseCustomer>(erase => erase.RunAsync(new(erased, EraseCustomer.Word), default));
        (await shop.Get<TrainingSchedule>().IsDueAsync(before, default)).ShouldBeFalse("more may come");
        (await shop.Get<LogReader>().AnyAfterAsync(before.Position, PurchaseHistory.Events, default)).ShouldBeTrue();
        var after = await shop.TrainAsync();

        (after.Customers, after.Orders).ShouldBe((before.Customers - 1, before.Orders));
        (await shop.WithAsync("A0", ProductQuestion.AlsoBought, 1)).Products[0].Reason.Count.ShouldBe(GiftShop.PerTaste - 1);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task The_model_follows_the_log_by_itself_and_forgets_an_import_that_is_taken_back(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, configure: s => s.AddSingleton(Eager));
        var import = await shop.ImportTextAsync(ImportsInShop.Header + Pairs());
        var models = shop.Get<ModelStore>();
        await Eventually(() => models.Current?.Card.Orders == 20);

        await shop.UseAsync<UndoImport>(undo => undo.RunAsync(import.ImportId, default));

        await Eventually(() => models.Current?.Card is { Orders: 0, Products: 0 });
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_restart_serves_at_once_from_the_file(Engine engine)
    {
        var storage = TestShop.NewStorage(engine);
        await using var before = await GiftShop.OpenAsync(engine, storage: storage);
        var card = await before.TrainAsync();
        var expected = await before.ForAsync(1057, 20);

        await using var after = await TestShop.OpenAsync(engine, storage: storage);

        var answer = await after.ForAsync(1057, 20);
        answer.Model!.TrainedAt.ShouldBe(card.TrainedAt);
        answer.Products.Select(p => (p.Product, p.Score, p.Reason.Kind)).ShouldBe(expected.Products.Select(p => (p.Product, p.Score, p.Reason.Kind)));
        (await after.WithAsync("A0", ProductQuestion.BoughtTogether, 1)).Products[0].Reason.Count.ShouldBe(GiftShop.PerTaste);
        (await after.Get<TrainingSchedule>().IsDueAsync(answer.Model, default)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_file_that_is_cut_or_damaged_anywhere_is_discarded_and_learnt_anew()
    {
        var storage = TestShop.NewStorage(Engine.Sqlite);
        await using var shop = await GiftShop.OpenAsync(Engine.Sqlite, storage: storage);
        await shop.TrainAsync();
        var file = shop.Get<ModelStore>().File;
        var sound = await File.ReadAllBytesAsync(file);

        for (var at = 0; at < sound.Length; at += 97)
        {
            ShouldBeDiscarded(storage, file, sound[..at]);
            ShouldBeDiscarded(storage, file, [.. sound[..at], (byte)(sound[at] ^ 0x40), .. sound[(at + 1)..]]);
        }
        await File.WriteAllTextAsync(file, "not a model");
        await using var after = await TestShop.OpenAsync(Engine.Sqlite, storage: storage, configure: s => s.AddSingleton(Eager));
        await Eventually(() => after.Get<ModelStore>().Current?.Card.Customers == GiftShop.Customers);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Requests_go_on_whole_while_one_model_takes_the_place_of_another(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine);
        await shop.TrainAsync();
        var (id, product) = (await shop.CustomerAsync(1057), await shop.ProductAsync("A0"));
        using var trained = new CancellationTokenSource();
        var answers = 0;

        var asking = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!trained.IsCancellationRequested)
            {
                var forYou = await shop.UseAsync<RecommendForCustomer, RecommendedProducts>(r => r.RunAsync(new(id, 10), default));
                var together = await shop.UseAsync<RecommendForProduct, RecommendedProducts>(r => r.RunAsync(new(product, ProductQuestion.BoughtTogether, 10), default));
                forYou.Products[0].Product.Sku.ShouldBe("E0");
                together.Products[0].Product.Sku.ShouldBe("B0");
                (forYou.Products.Count, together.Products.Count).ShouldBe((10, 10));
                Interlocked.Increment(ref answers);
            }
        })).ToList();
        for (var i = 0; i < 5; i++)
        {
            // A product more each time: the items of one model are not those of the next.
            await shop.ImportTextAsync(ImportsInShop.Header + GiftShop.Line($"{9000 + i}", $"N{i}", 1, DateTimeOffset.UnixEpoch.AddYears(56), null));
            await shop.TrainAsync();
        }
        await trained.CancelAsync();

        await Task.WhenAll(asking);
        answers.ShouldBeGreaterThan(0);
        shop.Get<ModelStore>().Current!.Card.Products.ShouldBe(GiftShop.Products + 5);
    }

    [Fact]
    public async Task Training_waits_for_quiet_and_rests_but_the_first_does_not_and_nobody_waits_for_ever()
    {
        var clock = new ManualClock(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false, s => s.AddSingleton<TimeProvider>(clock));
        var (schedule, options) = (shop.Get<TrainingSchedule>(), shop.Get<TrainingOptions>());
        (await schedule.IsDueAsync(null, default)).ShouldBeFalse("nothing happened");

        await shop.ImportTextAsync(ImportsInShop.Header + Pairs());
        (await schedule.IsDueAsync(null, default)).ShouldBeFalse("more may come");
        clock.Advance(options.Quiet);
        (await schedule.IsDueAsync(null, default)).ShouldBeTrue();
        schedule.Begin();
        var card = await shop.TrainAsync();
        schedule.Complete(card);
        (await schedule.IsDueAsync(card, default)).ShouldBeFalse("nothing is new");

        await shop.ImportTextAsync(ImportsInShop.Header + GiftShop.Line("1", "A0", 1, clock.GetUtcNow(), 1));
        await schedule.IsDueAsync(card, default);
        clock.Advance(options.Quiet);
        (await schedule.IsDueAsync(card, default)).ShouldBeFalse("the last training is seconds ago");
        clock.Advance(options.Interval - options.Quiet);
        (await schedule.IsDueAsync(card, default)).ShouldBeTrue();

        schedule.Begin();
        for (var busy = TimeSpan.Zero; busy <= options.Patience; busy += options.Quiet / 2)
        {
            await shop.ImportTextAsync(ImportsInShop.Header + GiftShop.Line($"{10 + busy.Ticks}", "A0", 1, clock.GetUtcNow(), 1));
            (await schedule.IsDueAsync(card, default)).ShouldBe(busy >= options.Patience);
            clock.Advance(options.Quiet / 2);
        }
    }

    [Fact]
    public async Task What_people_look_at_is_learnt_when_the_model_is_an_hour_old()
    {
        var clock = new ManualClock(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false, s => s.AddSingleton<TimeProvider>(clock));
        var (schedule, options) = (shop.Get<TrainingSchedule>(), shop.Get<TrainingOptions>());
        await LookAsync();
        (await schedule.IsDueAsync(null, default)).ShouldBeFalse("more may come");
        clock.Advance(options.Quiet);
        (await schedule.IsDueAsync(null, default)).ShouldBeTrue("the first model waits for nothing");
        schedule.Begin();
        var card = await shop.TrainAsync();
        schedule.Complete(card);
        clock.Advance(2 * options.Views);
        (await schedule.IsDueAsync(card, default)).ShouldBeFalse("nothing is new");

        schedule.Begin();
        card = await shop.TrainAsync();
        schedule.Complete(card);
        await LookAsync();
        (await schedule.IsDueAsync(card, default)).ShouldBeFalse();
        clock.Advance(options.Views - TimeSpan.FromSeconds(1));
        (await schedule.IsDueAsync(card, default)).ShouldBeFalse("orders do not wait so long; views come all the time");
        clock.Advance(TimeSpan.FromSeconds(1));
        (await schedule.IsDueAsync(card, default)).ShouldBeTrue();
        schedule.Begin();
        (await schedule.IsDueAsync(card, default)).ShouldBeFalse();

        Task LookAsync() => shop.Database.WriteAsync(tx =>
        {
            tx.Append(new ShopEventCollected(Guid.CreateVersion7(), clock.GetUtcNow(), "Product Viewed", new CollectedFacts(Guid.Empty, null, "m", true, false, EventProperties.None, null)));
            return Task.CompletedTask;
        }, default);
    }

    [Fact]
    public async Task A_file_of_another_version_is_discarded()
    {
        var storage = TestShop.NewStorage(Engine.Sqlite);
        await using var shop = await GiftShop.OpenAsync(Engine.Sqlite, storage: storage);
        await shop.TrainAsync();
        var file = shop.Get<ModelStore>().File;
        var bytes = await File.ReadAllBytesAsync(file);
        using var stream = new MemoryStream(bytes);
        RecommenderModel.Load(stream);
        var start = (int)stream.Position + sizeof(int);
        var added = bytes.AsMemory(start, BitConverter.ToInt32(bytes, start - sizeof(int)));

        added.Span[0]--;
        SHA256.HashData(added.Span).CopyTo(bytes.AsSpan(start + added.Length));

        ShouldBeDiscarded(storage, file, bytes);
    }

    [Fact]
    public async Task A_log_that_is_shorter_than_the_model_knows_is_learnt_anew()
    {
        await using var shop = await GiftShop.OpenAsync(Engine.Sqlite);
        var card = await shop.TrainAsync();
        var schedule = new TrainingSchedule(shop.Get<LogReader>(), shop.Get<LogHistory>(), shop.Get<DemoModel>(), Eager, TimeProvider.System);

        var restored = card with { Position = card.Position.ToDictionary(p => p.Key, p => p.Value + 1) };

        (await schedule.IsDueAsync(restored, default)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_request_is_trained_by_the_worker_even_where_nothing_is_new()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, configure: s => s.AddSingleton(Eager));
        shop.Get<ModelStore>().Current.ShouldBeNull();

        await shop.UseAsync<RequestTraining>(r => r.RunAsync(default));

        await Eventually(() => shop.Get<ModelStore>().Current is not null && !shop.Get<TrainingStatus>().Requested);
    }

    private static void ShouldBeDiscarded(StorageOptions storage, string file, byte[] content)
    {
        File.WriteAllBytes(file, content);
        var store = new ModelStore(storage, new ModelVersions(storage, null!, NullLogger<ModelVersions>.Instance), NullLogger<ModelStore>.Instance);
        store.Load();
        store.Current.ShouldBeNull();
        File.Exists(file).ShouldBeFalse();
    }

    private static string Pairs() => string.Concat(Enumerable.Range(0, 20).Select(i => new DateTimeOffset(2026, 1, 1, i, 0, 0, TimeSpan.Zero))
        .Select((at, i) => GiftShop.Line($"{100 + i}", "P", 1, at, 500 + i) + GiftShop.Line($"{100 + i}", "Q", 1, at, 500 + i)));

    private static async Task Eventually(Func<bool> holds)
    {
        for (var i = 0; i < 600; i++)
        {
            if (holds())
            {
                return;
            }
            await Task.Delay(50);
        }
        throw new TimeoutException("It did not happen within 30 seconds.");
    }
}
