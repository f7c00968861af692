using Microsoft.Extensions.DependencyInjection;
using Wellmet.Commerce.Contract;
using Wellmet.Commerce.Orders;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Customers.Imports;
using Wellmet.Customers.Imports.Reading;
using Wellmet.Customers.Profiles;
using Wellmet.Demo.Loading;
using Wellmet.Insights.Home;
using Wellmet.Platform;
using Wellmet.Platform.Access.Keys;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Models;
using Wellmet.Tests.Customers;
using Wellmet.Tests.Insights;

namespace Wellmet.Tests.Demo;

/// <summary>The demo shop beside a shop's own data.</summary>
public sealed class ApartTest
{
    private const string OwnSales = ImportsInShop.Header
        + "536365,85123A,WHITE HANGING HEART LANTERN,6,2010-12-01 08:26:00,2.55,17850,United Kingdom\n"
        + "536366,22633,HAND WARMER UNION JACK,6,2010-12-01 08:28:00,1.85,17850,United Kingdom\n"
        + "C536379,22633,HAND WARMER UNION JACK,-1,2010-12-01 09:41:00,1.85,17850,United Kingdom\n";

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_import_makes_the_first_storefront_and_figures_are_its_own_from_then_on(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        await shop.MakeDemoAsync(60);
        var demo = (await shop.Get<DemoLedger>().FindAsync(default))!.DemoId;
        (await shop.Get<IStorefronts>().LeftOutAsync(default)).ShouldBeNull();
        var before = await TotalsAsync(shop);
        before.Orders.ShouldBeGreaterThan(20);
        (await HomeAsync(shop))!.Figures.Orders.ShouldBeGreaterThan(0);

        await shop.ImportTextAsync(OwnSales);
        await shop.DrainAsync();
        await shop.CountSalesAsync();

        var storefronts = await shop.Get<IStorefronts>().AllAsync(default);
        storefronts.Select(s => s.Demo).ShouldBe([false, true]);
        (await shop.Get<IStorefronts>().LeftOutAsync(default)).ShouldBe(demo);
        var totals = await TotalsAsync(shop);
        (totals.Orders, totals.Customers, totals.RevenueMinor, totals.Currency, totals.Lines["customer"], totals.Lines["cancelled"]).ShouldBe((2, 1, 2640, "GBP", 2, 1));
        var home = (await HomeAsync(shop))!;
        (home.Figures.Orders, home.Figures.Customers, home.Choice.Others.Count).ShouldBe((2, 1, 0));
        home.Countries.ShouldHaveSingleItem();
        home.Products.Count.ShouldBe(2);
        (await HomeAsync(shop, demo))!.Choice.Scope.Currency.ShouldBe("EUR");
        (await OrdersAsync(shop, new SalesQuery())).ShouldBe(2);
        (await OrdersAsync(shop, new SalesQuery { Storefront = demo })).ShouldBe(before.Orders);
        (await shop.UseAsync<ListCancellations, ListCancellations.Page>(l => l.RunAsync(new SalesQuery(), default))).Total.ShouldBe(1);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Nothing_is_imported_into_it_and_no_key_is_bound_to_it(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        await shop.MakeDemoAsync(10);
        var demo = (await shop.Get<DemoLedger>().FindAsync(default))!.DemoId;
        (await shop.Get<ISites>().SitesAsync(default)).ShouldBeEmpty();
        (await shop.UseAsync<Wellmet.Commerce.Storefronts.ListStorefronts, int>(async l => (await l.RunAsync(default)).Count)).ShouldBe(0);

        var file = Path.Combine(shop.Folder, "own.csv");
        await File.WriteAllTextAsync(file, OwnSales);
        var started = await shop.UseAsync<StartImport, Import>(start => start.RunAsync(new(ImportSource.Local(file), "own.csv", "online-retail", demo), default));
        var refusal = await Should.ThrowAsync<ProblemException>(() => shop.UseAsync<RunImport, Import>(run => run.RunAsync(new(started.ImportId, ImportSource.Local(file)), default)));
        refusal.Code.ShouldBe("storefront_demo");
        (await Should.ThrowAsync<ProblemException>(() => shop.UseAsync<Wellmet.Commerce.Storefronts.SaveStorefront>(save => save.RunAsync(new(demo, "Mine", null, "EUR", "en-GB", "Etc/UTC"), default)))).Code.ShouldBe("storefront_unknown");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Its_customers_bear_a_mark_and_are_merged_with_nobody_else(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        await shop.MakeDemoAsync(10);
        var mine = (await shop.SeeAsync([PeopleTest.External("mine", new PersonDetails("Mine Own"))])).Single().SubjectId;
        var page = await shop.UseAsync<ListCustomers, ListCustomers.Page>(l => l.RunAsync(new(Limit: 100), default));
        page.Rows.ShouldAllBe(r => r.Profile.Demo == (r.CustomerId != mine));
        var madeUp = page.Rows.Where(r => r.Profile.Demo).Select(r => r.CustomerId).ToList();

        foreach (var (kept, merged) in new[] { (mine, madeUp[0]), (madeUp[0], mine) })
        {
            (await Should.ThrowAsync<ProblemException>(() => shop.UseAsync<MergeCustomers>(merge => merge.RunAsync(new(kept, merged, MergeReason.Other), default)))).Code.ShouldBe("customer_demo");
        }
        await shop.UseAsync<MergeCustomers>(merge => merge.RunAsync(new(madeUp[0], madeUp[1], MergeReason.Other), default));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Recommendations_are_learnt_from_it_until_there_are_own_orders_and_forgotten_with_it(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, configure: s => s.AddSingleton(new TrainingOptions { Poll = TimeSpan.FromDays(1) }));
        await shop.MakeDemoAsync(40);
        var schedule = shop.Get<TrainingSchedule>();
        (await TrainAsync(shop)).Products.ShouldBe(400);

        await shop.ImportTextAsync(OwnSales);
        var own = await TrainAsync(shop);
        (own.Products, own.Orders).ShouldBe((2, 2));

        await shop.RemoveDemoAsync();
        await schedule.IsDueAsync(shop.Get<ModelStore>().Current?.Card, default);
        shop.Get<ModelStore>().Current.ShouldNotBeNull("it knows nothing that is gone");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_model_of_the_demo_shop_goes_with_it(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, configure: s => s.AddSingleton(new TrainingOptions { Poll = TimeSpan.FromDays(1), Quiet = TimeSpan.Zero }));
        await shop.MakeDemoAsync(40);
        await TrainAsync(shop);
        var (models, schedule) = (shop.Get<ModelStore>(), shop.Get<TrainingSchedule>());
        File.Exists(models.File).ShouldBeTrue();
        await schedule.IsDueAsync(models.Current?.Card, default);
        models.Current.ShouldNotBeNull();

        await shop.RemoveDemoAsync();

        (await schedule.IsDueAsync(models.Current?.Card, default)).ShouldBeFalse("nothing is left to learn from");
        models.Current.ShouldBeNull();
        File.Exists(models.File).ShouldBeFalse();
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Only_the_very_first_start_makes_one(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        (await shop.UseAsync<CreateFirstDemo, bool>(first => first.RunAsync(default))).ShouldBeTrue();
        (await shop.UseAsync<CreateFirstDemo, bool>(first => first.RunAsync(default))).ShouldBeFalse();
        await shop.RemoveDemoAsync();
        (await shop.UseAsync<CreateFirstDemo, bool>(first => first.RunAsync(default))).ShouldBeFalse();

        await using var used = await TestShop.OpenAsync(engine);
        await used.ImportTextAsync(OwnSales);
        (await used.UseAsync<CreateFirstDemo, bool>(first => first.RunAsync(default))).ShouldBeFalse();
    }

    private static async Task<ModelCard> TrainAsync(TestShop shop) => await shop.UseAsync<TrainModel, ModelCard>(train => train.RunAsync(default));

    private static Task<SalesTotals> TotalsAsync(TestShop shop) => shop.UseAsync<IOrders, SalesTotals>(o => o.TotalsAsync(default));

    private static Task<HomeView?> HomeAsync(TestShop shop, Guid? storefront = null) =>
        shop.UseAsync<ShowHome, HomeView?>(home => home.RunAsync(new HomeQuery("all", Storefront: storefront?.ToString()), default));

    private static async Task<long> OrdersAsync(TestShop shop, SalesQuery query) => (await shop.UseAsync<ListOrders, ListOrders.Page>(l => l.RunAsync(new(query), default))).Total;
}
