using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Models;
using Wellmet.Recommendations.Quality;
using Wellmet.Science.Recommenders;

namespace Wellmet.Tests.Recommendations;

/// <summary>How well the model foretells, measured once a day by one node, and what is trained with afterwards.</summary>
public sealed class QualityCheckTest
{
    private const string Path = "/console/recommendations";

    private static readonly QualityOptions Few = new() { LeastCustomers = 5, LeastToTune = 5 };

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task It_is_measured_and_tuned_and_the_next_model_learns_with_what_was_best(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine, configure: s => s.AddSingleton(Few));
        (await shop.TrainAsync()).Settings.ShouldBe(ForYouSettings.Default);

        var report = await CheckAsync(shop);

        report.ShouldNotBeNull();
        report.Customers.ShouldBeInRange(5, GiftShop.Customers);
        report.Hit.ShouldBe(1, "seventeen products, and lists of twenty");
        report.Ndcg.ShouldBeInRange(0.3, 1);
        report.Tuned.ShouldBeTrue();
        var stored = (await shop.Get<QualityStore>().AllAsync(default)).Single();
        stored.Report.ShouldBe(report);
        (await shop.TrainAsync()).Settings.ShouldBe(report.Settings);
        shop.Get<ModelStore>().Load();
        shop.Get<ModelStore>().Current!.Card.Settings.ShouldBe(report.Settings, "the file keeps them");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task One_node_measures_a_day_and_again_when_somebody_asks(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine, configure: s => s.AddSingleton(Few with { LeastToTune = 1000 }));

        (await CheckAsync(shop)).ShouldNotBeNull().Tuned.ShouldBeFalse();
        (await CheckAsync(shop)).ShouldBeNull();
        (await CheckAsync(shop, again: true)).ShouldNotBeNull();

        (await shop.Get<QualityStore>().AllAsync(default)).Count.ShouldBe(1);
        var analyst = new Actor(Guid.CreateVersion7(), "analyst", Role.Analyst, p => p == RecommendationsPermissions.Read);
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<CheckModel>(c => c.RunAsync(true, default), analyst));
    }

    [Fact]
    public async Task Too_few_customers_say_nothing_and_a_report_of_another_version_neither()
    {
        await using var shop = await GiftShop.OpenAsync(Engine.Sqlite, configure: s => s.AddSingleton(Few with { LeastCustomers = 1000 }));
        (await CheckAsync(shop)).ShouldBeNull();
        (await shop.Get<QualityStore>().AllAsync(default)).ShouldBeEmpty();

        await shop.Database.WriteAsync(tx => tx.ExecuteAsync("""update recommendations_checks set report = '{"Settings": {"Ridge": null}}'""", null, default), default);

        (await shop.Get<QualityStore>().AllAsync(default)).ShouldBeEmpty();
        (await shop.TrainAsync()).Settings.ShouldBe(ForYouSettings.Default);
    }

    [Fact]
    public async Task The_page_shows_it_and_takes_the_wish_to_measure_now()
    {
        var storage = TestShop.NewStorage(Engine.Sqlite);
        await using var shop = await GiftShop.OpenAsync(Engine.Sqlite, storage: storage, configure: s => s.AddSingleton(Few));
        await shop.TrainAsync();
        await using var web = await WebShop.OpenAsync(storage: storage, configure: s => s.AddSingleton(Few with { Poll = TimeSpan.FromMilliseconds(200) }));
        using var owner = await web.SignInAsync();
        await Eventually(() => web.Get<ModelStore>().Current is not null);
        (await owner.PageAsync(Path)).ShouldContain("It is measured once a day");

        using (var asked = await owner.PostAsync(Path + "/quality"))
        {
            asked.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        }

        var text = "";
        for (var i = 0; i < 600 && !text.Contains("found it among the twenty products", StringComparison.Ordinal); i++)
        {
            await Task.Delay(50);
            text = await owner.PageAsync(Path + "/quality");
        }
        text.ShouldContain("found it among the twenty products");
        // Another node finds others better: the model follows by itself.
        var found = (await web.Get<QualityStore>().AllAsync(default)).Single();
        var better = found.Report.Settings with { Ridge = found.Report.Settings.Ridge with { Lambda = 7 } };
        await web.Get<QualityStore>().FinishAsync(found.Day, DateTimeOffset.UnixEpoch, found.Report with { Settings = better }, default);
        await Eventually(() => web.Get<ModelStore>().Current!.Card.Settings == better);
    }

    private static async Task Eventually(Func<bool> holds)
    {
        for (var i = 0; i < 600 && !holds(); i++)
        {
            await Task.Delay(50);
        }
        holds().ShouldBeTrue();
    }

    private static Task<QualityReport?> CheckAsync(TestShop shop, bool again = false) => shop.UseAsync<CheckModel, QualityReport?>(c => c.RunAsync(again, default));
}
