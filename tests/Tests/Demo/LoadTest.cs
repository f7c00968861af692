using Wellmet.Commerce.Contract;
using Wellmet.Commerce.Orders;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Profiles;
using Wellmet.Demo.Contract;
using Wellmet.Demo.Generator;
using Wellmet.Demo.Loading;
using Wellmet.Platform;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Tests.Customers;

namespace Wellmet.Tests.Demo;

/// <summary>The demo shop in a database: rows as the ordinary paths write them, and what the receivers made of its events.</summary>
public sealed class LoadTest
{
    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Everything_that_was_generated_is_there(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        await shop.MakeDemoAsync(80);
        var row = (await shop.Get<DemoLedger>().RowAsync(default))!;
        var shoppers = new DemoGenerator(row.Plan).Shoppers(0, 80).ToList();
        var orders = shoppers.SelectMany(s => s.Orders).ToList();

        (await shop.CountAsync("select count(*) from customers_summaries where not anonymous")).ShouldBe(80);
        (await shop.CountAsync("select count(*) from commerce_orders")).ShouldBe(orders.Count);
        (await shop.CountAsync("select sum(quantity) from commerce_order_lines")).ShouldBe(orders.Sum(o => o.Lines.Sum(l => l.Quantity)));
        (await shop.CountAsync("select count(*) from commerce_shipments where delivered_at is not null")).ShouldBe(orders.Sum(o => o.Parcels.Count(p => p.DeliveredAt is not null)));
        (await shop.CountAsync("select count(*) from commerce_returns")).ShouldBe(orders.Count(o => o.Return is not null));
        (await shop.CountAsync("select count(*) from commerce_cancellations")).ShouldBe(orders.Count(o => o.Cancellation is not null));
        (await shop.CountAsync("select count(*) from log_events where type like 'customers.%event_collected'")).ShouldBe(shoppers.Sum(s => s.Visits.Count));
        (await shop.CountAsync("select count(*) from log_events where live or import_id is null")).ShouldBe(0);
        (await shop.CountAsync("select count(*) from commerce_products where unit_price is null or category_id is null")).ShouldBe(0);
        (await shop.CountAsync("select count(*) from log_parked")).ShouldBe(0);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_is_derived_from_orders_is_what_the_ordinary_paths_derive(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        await shop.MakeDemoAsync(150);
        var before = await WholeDatabase.SettledAsync(shop);
        await shop.Database.WriteAsync(async tx =>
        {
            await OrderFigures.RefreshAsync(tx, await KeysAsync(tx, "commerce_orders", "order_id"), default);
            await CancellationFigures.RefreshAsync(tx, await KeysAsync(tx, "commerce_cancellations", "cancellation_id"), default);
        }, default);
        var after = await WholeDatabase.SettledAsync(shop);
        after["commerce_orders"].ShouldBe(before["commerce_orders"]);
        after["commerce_cancellations"].ShouldBe(before["commerce_cancellations"]);

        (await shop.CountAsync("select sum(revenue_minor) from customers_summaries")).ShouldBe(await shop.CountAsync("select sum(revenue_minor) from commerce_orders"));
        (await shop.CountAsync("select sum(revenue_minor) from insights_daily")).ShouldBe(await shop.CountAsync("select sum(revenue_minor) from commerce_orders"));
        (await shop.CountAsync("select sum(cancelled_minor) from customers_summaries")).ShouldBe(await shop.CountAsync("select sum(amount_minor) from commerce_cancellations"));
        (await shop.CountAsync("select count(distinct state) from commerce_orders")).ShouldBeGreaterThan(3);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_customer_of_the_demo_shop_is_found_by_name_and_shown(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        await shop.MakeDemoAsync(30);
        var plan = (await shop.Get<DemoLedger>().RowAsync(default))!.Plan;
        var somebody = new DemoGenerator(plan).Shoppers(11, 1).Single();

        var found = await shop.UseAsync<ListCustomers, ListCustomers.Page>(l => l.RunAsync(new(somebody.Email), default));
        var profile = found.Rows.ShouldHaveSingleItem().Profile;
        (profile.Name, profile.Email).ShouldBe((somebody.Name, somebody.Email));
        found.Rows[0].Orders.ShouldBe(somebody.Orders.Count);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Those_who_asked_for_letters_and_buyers_who_did_not_refuse_them_may_be_written_to_and_nobody_else(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        await shop.MakeDemoAsync(60);
        var shoppers = new DemoGenerator((await shop.Get<DemoLedger>().RowAsync(default))!.Plan).Shoppers(0, 60).ToList();
        var subjects = await shop.UseAsync<ICustomers, IReadOnlyList<ResolvedPerson>>(c => c.ResolveAsync([.. shoppers.Select(s => new PersonClaim(IdentityKind.Email, s.Email, new PersonDetails()))], null, default));
        var answers = await shop.UseAsync<IPurposeGate, PurposeAnswer>(g => g.AskAsync(
            new DataUse(Purpose.Marketing, Channel.Email), [.. subjects.Zip(shoppers, (p, s) => new Recipient(p.SubjectId, s.Email))], default));

        // Whoever did not refuse letters at a purchase may have them where the market allows that.
        foreach (var (person, shopper) in subjects.Zip(shoppers).Where(p => p.Second.Letters is null or { AtPurchase: false }))
        {
            answers[new Recipient(person.SubjectId, shopper.Email)].Allowed.ShouldBe(shopper.Letters is not null);
        }
        shoppers.Count(s => s.Letters is { AtPurchase: false }).ShouldBeInRange(20, 40);
        shoppers.ShouldContain(s => s.Letters != null && s.Letters.AtPurchase);
        subjects.Zip(shoppers).Where(p => p.Second.Letters is { AtPurchase: true }).ShouldContain(p => answers[new Recipient(p.First.SubjectId, p.Second.Email)].Allowed);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_interrupted_one_goes_on_from_its_checkpoint(Engine engine)
    {
        var storage = TestShop.NewStorage(engine);
        await using var shop = await TestShop.OpenAsync(engine, workers: false, storage: storage);
        var customers = engine == Engine.Sqlite ? 900 : 5_000;
        await shop.UseAsync<CreateDemo>(create => create.RunAsync(new(customers, 2, 3), default));
        using var stop = new CancellationTokenSource();
        await Should.ThrowAsync<OperationCanceledException>(() => shop.UseAsync<MakeDemo>(make => make.RunAsync(new Watch(_ => stop.Cancel()), stop.Token)));
        var half = (await shop.Get<DemoLedger>().RowAsync(default))!;
        half.Done.ShouldBeInRange(1, customers - 1);
        (await shop.CountAsync("select count(*) from customers_subjects")).ShouldBe(half.Done);

        await shop.UseAsync<MakeDemo>(make => make.RunAsync(null, default));
        (await shop.Get<DemoLedger>().FindAsync(default))!.Stage.ShouldBe(DemoStage.Ready);
        var orders = new DemoGenerator(half.Plan).Shoppers(0, customers).SelectMany(s => s.Orders).ToList();
        (await shop.CountAsync("select count(*) from customers_subjects")).ShouldBe(customers);
        (await shop.CountAsync("select count(*) from commerce_orders")).ShouldBe(orders.Count);
        (await shop.CountAsync("select count(distinct number) from commerce_orders")).ShouldBe(orders.Count);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task There_is_one_at_most_and_within_bounds(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        (await RefusedAsync(shop, 0, 12)).ShouldBe("demo_customers");
        (await RefusedAsync(shop, 5_000_001, 12)).ShouldBe("demo_customers");
        (await RefusedAsync(shop, 10, 0)).ShouldBe("demo_months");
        (await RefusedAsync(shop, 10, 61)).ShouldBe("demo_months");
        await shop.UseAsync<CreateDemo>(create => create.RunAsync(new(10, 1, 1), default));
        await shop.UseAsync<CreateDemo>(create => create.RunAsync(new(10, 1, 1), default));
        (await RefusedAsync(shop, 11, 1)).ShouldBe("demo_unfinished");
        await shop.UseAsync<MakeDemo>(make => make.RunAsync(null, default));
        (await RefusedAsync(shop, 10, 1)).ShouldBe("demo_exists");
        (await shop.CountAsync("select count(*) from customers_subjects")).ShouldBe(10);
    }

    private static async Task<string> RefusedAsync(TestShop shop, int customers, int months) =>
        (await Should.ThrowAsync<ProblemException>(() => shop.UseAsync<CreateDemo>(create => create.RunAsync(new(customers, months, 1), default)))).Code;

    private static Task<List<OrderKey>> KeysAsync(Transaction tx, string table, string id) =>
        tx.QueryAsync($"select subject_id, {id} from {table}", null, r => new OrderKey(r.Guid(0), r.Guid(1)), default);

    private sealed class Watch(Action<DemoShopState> seen) : IProgress<DemoShopState>
    {
        public void Report(DemoShopState value) => seen(value);
    }
}
