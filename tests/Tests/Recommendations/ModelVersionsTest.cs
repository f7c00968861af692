using Microsoft.Extensions.DependencyInjection;
using Wellmet.Customers.Erasure;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Models;
using Wellmet.Recommendations.Placements;
using Wellmet.Recommendations.Serving;
using Wellmet.Tests.Customers;

namespace Wellmet.Tests.Recommendations;

/// <summary>Going back to the model of an earlier day, staying with it, and who must not be in it any more.</summary>
public sealed class ModelVersionsTest
{
    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly FirstDay = DateOnly.FromDateTime(Monday.DateTime);

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task The_last_model_of_a_day_serves_again_until_one_asks_to_learn(Engine engine)
    {
        var (shop, clock) = await OpenAsync(engine);
        await using var _ = shop;
        var (models, versions) = (shop.Get<ModelStore>(), shop.Get<ModelVersions>());
        var first = await shop.TrainAsync();
        await shop.TrainAsync();
        versions.All().ShouldBeEmpty("the day is not over");

        clock.Advance(TimeSpan.FromDays(1));
        await shop.ImportTextAsync(ImportsInShop.Header + GiftShop.Line("9500", "X", 1, clock.GetUtcNow(), 1001));
        (await shop.TrainAsync()).Orders.ShouldBe(first.Orders + 1);
        versions.All().Single().Day.ShouldBe(FirstDay);
        versions.All().Single().Card.Orders.ShouldBe(first.Orders);

        await shop.UseAsync<HoldModel>(h => h.RunAsync(FirstDay, default));

        models.Current!.Card.Orders.ShouldBe(first.Orders);
        (await shop.Get<HeldModel>().DayAsync(default)).ShouldBe(FirstDay);
        // What was bought since is not offered, whichever model weighs it.
        (await shop.ForAsync(1001, 100)).Products.Select(p => p.Product.Sku).ShouldNotContain("X");
        models.Load();
        models.Current!.Card.Orders.ShouldBe(first.Orders, "also after a start");
        versions.All().Select(v => v.Day).ShouldBe([FirstDay.AddDays(1), FirstDay], "the newer one can come back, too");

        await shop.UseAsync<RequestTraining>(r => r.RunAsync(default));
        (await shop.Get<HeldModel>().DayAsync(default)).ShouldBeNull();
        shop.Get<TrainingStatus>().Requested.ShouldBeTrue();
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Nobody_goes_back_to_who_was_erased(Engine engine)
    {
        var (shop, clock) = await OpenAsync(engine);
        await using var _ = shop;
        await shop.TrainAsync();
        clock.Advance(TimeSpan.FromDays(1));
        await shop.TrainAsync();
        var customer = await shop.CustomerAsync(1000);
        await shop.UseAsync<EraseCustomer>(e => e.RunAsync(new(customer, EraseCustomer.Word), default));

        (await Should.ThrowAsync<ProblemException>(() => shop.UseAsync<HoldModel>(h => h.RunAsync(FirstDay, default)))).Code.ShouldBe("model_version_unknown");

        shop.Get<ModelVersions>().All().ShouldBeEmpty();
        Directory.EnumerateFiles(Path.GetDirectoryName(shop.Get<ModelStore>().File)!).Select(Path.GetFileName).ShouldBe(["recommendations.model"]);
    }

    [Fact]
    public async Task A_placement_can_name_an_earlier_model_which_is_kept_for_it_until_it_must_go()
    {
        var (shop, clock) = await OpenAsync(Engine.Sqlite);
        await using var _ = shop;
        await shop.TrainAsync();
        await Should.ThrowAsync<ProblemException>(() => SaveAsync(FirstDay.AddDays(-1)));
        for (var day = 1; day <= ModelVersions.Kept + 2; day++)
        {
            if (day == 2)
            {
                await SaveAsync(FirstDay);
            }
            clock.Advance(TimeSpan.FromDays(1));
            await shop.TrainAsync();
        }
        var today = FirstDay.AddDays(ModelVersions.Kept + 2);

        shop.Get<ModelVersions>().All().Select(v => v.Day).Reverse().ShouldBe([FirstDay, .. Enumerable.Range(2, ModelVersions.Kept).Select(FirstDay.AddDays)], "so many newer ones, and the one that is named");
        (await DayAsync("earlier")).ShouldBe(FirstDay);
        (await DayAsync("bestsellers")).ShouldBe(today);

        await shop.UseAsync<EraseCustomer>(async e => await e.RunAsync(new(await shop.CustomerAsync(1000), EraseCustomer.Word), default));
        await shop.Get<ModelVersions>().ForgetErasedAsync(default);
        (await DayAsync("earlier")).ShouldBe(today, "what learnt from her is gone");

        Task SaveAsync(DateOnly day) => shop.UseAsync<ArrangePlacement>(a => a.SaveAsync(new Placement("earlier", PlacementSource.Bestsellers, true, ListRules.None) { ModelDay = day }, isNew: true, default));

        async Task<DateOnly?> DayAsync(string placement) => (await shop.UseAsync<ServePlacement, RecommendedProducts>(s => s.RunAsync(new(placement, null, null, null, null), default))).Model?.Day;
    }

    [Fact]
    public async Task A_node_follows_what_another_one_chose_and_an_erasure_ends_it()
    {
        // Its own orders would be learnt at once, were it not for the day that is held.
        var eager = new TrainingOptions { Poll = TimeSpan.FromMilliseconds(20), Quiet = TimeSpan.Zero, Interval = TimeSpan.Zero };
        await using var shop = await GiftShop.OpenAsync(Engine.Sqlite, workers: true, configure: s => s.AddSingleton(new DaysAhead()).AddSingleton<TimeProvider>(p => p.GetRequiredService<DaysAhead>()).AddSingleton(eager));
        var models = shop.Get<ModelStore>();
        await Eventually(() => models.Current?.Card.Customers == GiftShop.Customers);
        var day = models.Current!.Card.Day;
        shop.Get<DaysAhead>().Ahead = 1;
        await shop.UseAsync<RequestTraining>(r => r.RunAsync(default));
        await Eventually(() => models.Current!.Card.Day != day);

        await shop.Database.WriteAsync(tx => tx.ExecuteAsync("insert into recommendations_held (id, day, held_at) values (1, @day, @now)", new { day, now = Monday }, default), default);
        await Eventually(() => models.Current!.Card.Day == day);
        await shop.ImportTextAsync(ImportsInShop.Header + GiftShop.Line("9500", "X", 1, Monday, 1001));
        await Task.Delay(300);
        models.Current!.Card.Day.ShouldBe(day, "nothing is learnt");

        var customer = await shop.CustomerAsync(1000);
        await shop.UseAsync<EraseCustomer>(e => e.RunAsync(new(customer, EraseCustomer.Word), default));
        await Eventually(() => models.Current!.Card.Customers == GiftShop.Customers - 1);
        (await shop.Get<HeldModel>().DayAsync(default)).ShouldBeNull();
    }

    [Fact]
    public async Task Only_those_who_may_train()
    {
        await using var shop = await GiftShop.OpenAsync(Engine.Sqlite);
        var analyst = new Actor(Guid.CreateVersion7(), "analyst", Role.Analyst, p => p == RecommendationsPermissions.Read);
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<HoldModel>(h => h.RunAsync(FirstDay, default), analyst));
    }

    private static async Task<(TestShop, ManualClock)> OpenAsync(Engine engine)
    {
        var clock = new ManualClock(Monday);
        return (await GiftShop.OpenAsync(engine, configure: s => s.AddSingleton<TimeProvider>(clock)), clock);
    }

    private static async Task Eventually(Func<bool> holds)
    {
        for (var i = 0; i < 600 && !holds(); i++)
        {
            await Task.Delay(50);
        }
        holds().ShouldBeTrue();
    }

    /// <summary>The real clock, some days ahead.</summary>
    private sealed class DaysAhead : TimeProvider
    {
        public int Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddDays(Ahead);
    }
}
