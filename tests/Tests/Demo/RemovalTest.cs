using Wellmet.Commerce.Orders;
using Wellmet.Commerce.Returns;
using Wellmet.Commerce.Shipments;
using Wellmet.Customers.Erasure;
using Wellmet.Customers.Identities;
using Wellmet.Customers.Profiles;
using Wellmet.Demo.Contract;
using Wellmet.Demo.Loading;
using Wellmet.Demo.Removal;
using Wellmet.Platform;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Purposes;
using Wellmet.Tests.Customers;

namespace Wellmet.Tests.Demo;

/// <summary>
/// A removed demo shop leaves a database that equals one which never had it: every table of every module, row by row. Only the tables that
/// <see cref="WholeDatabase"/> keeps apart may differ: how far the log and its receivers have come, and who did what (the audit log); and what is kept of an address
/// whose holder withdrew, which outlives every subject on purpose: a keyed hash without anybody's id.
/// </summary>
public sealed class RemovalTest
{
    private const string OwnSales = ImportsInShop.Header
        + "536365,85123A,WHITE HANGING HEART LANTERN,6,2010-12-01 08:26:00,2.55,17850,United Kingdom\n"
        + "536366,22633,HAND WARMER UNION JACK,6,2010-12-01 08:28:00,1.85,17850,United Kingdom\n"
        + "536367,84879,ASSORTED COLOUR BIRD ORNAMENT,32,2010-12-01 08:34:00,1.69,13047,United Kingdom\n"
        + "C536379,84879,ASSORTED COLOUR BIRD ORNAMENT,-2,2010-12-01 09:41:00,1.69,13047,United Kingdom\n";

    public static TheoryData<Engine, bool> Shops => new() { { Engine.Sqlite, false }, { Engine.Sqlite, true }, { Engine.Postgres, false }, { Engine.Postgres, true } };

    [Theory, MemberData(nameof(Shops))]
    public async Task Nothing_is_left_of_it(Engine engine, bool own)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        if (own)
        {
            await shop.ImportTextAsync(OwnSales);
        }
        var before = await WholeDatabase.SettledAsync(shop);
        await shop.MakeDemoAsync(120);
        (await WholeDatabase.SettledAsync(shop)).Count(t => !t.Value.SequenceEqual(before[t.Key])).ShouldBeGreaterThan(25);
        await WorkAsync(shop);

        await shop.RemoveDemoAsync();

        var after = await WholeDatabase.SettledAsync(shop);
        foreach (var (table, rows) in after.Where(t => t.Key != "privacy_suppressions"))
        {
            rows.ShouldBe(before[table], table);
        }
        (await shop.CountAsync("select (select count(*) from customers_undone_imports) + (select count(*) from insights_undone_imports)")).ShouldBe(0);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_half_made_one_is_removed_and_made_anew(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        await shop.UseAsync<CreateDemo>(create => create.RunAsync(new(engine == Engine.Sqlite ? 900 : 5_000, 2, 3), default));
        using var stop = new CancellationTokenSource();
        await Should.ThrowAsync<OperationCanceledException>(() => shop.UseAsync<MakeDemo>(make => make.RunAsync(new Watch(_ => stop.Cancel()), stop.Token)));

        await shop.RemoveDemoAsync();

        foreach (var table in new[] { "customers_subjects", "commerce_orders", "log_events", "commerce_products", "commerce_storefronts" })
        {
            (await shop.CountAsync($"select count(*) from {table}")).ShouldBe(0, table);
        }
        (await shop.KeysAsync("vault_keys"), await shop.KeysAsync("vault_tokens"), await shop.KeysAsync("vault_identifiers")).ShouldBe((0, 0, 0));
        await shop.UseAsync<CreateDemo>(create => create.RunAsync(new(20, 2, 3), default));
        await shop.UseAsync<MakeDemo>(make => make.RunAsync(null, default));
        (await shop.CountAsync("select count(*) from customers_subjects")).ShouldBe(20);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_interrupted_removal_goes_on(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        await shop.UseAsync<CreateDemo>(create => create.RunAsync(new(engine == Engine.Sqlite ? 250 : 2_500, 2, 3), default));
        await shop.UseAsync<MakeDemo>(make => make.RunAsync(null, default));
        await shop.UseAsync<RemoveDemo>(remove => remove.RunAsync(default));
        using var stop = new CancellationTokenSource();
        await Should.ThrowAsync<OperationCanceledException>(() => shop.UseAsync<RunRemoval>(removal => removal.RunAsync(new Watch(_ => stop.Cancel()), stop.Token)));
        (await shop.Get<DemoLedger>().FindAsync(default))!.Stage.ShouldBe(DemoStage.Removing);

        await shop.RemoveDemoAsync();

        (await shop.CountAsync("select (select count(*) from customers_subjects) + (select count(*) from log_events) + (select count(*) from commerce_orders)")).ShouldBe(0);
        (await shop.KeysAsync("vault_keys")).ShouldBe(0);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Removing_while_it_is_made_stops_the_making(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        await shop.UseAsync<CreateDemo>(create => create.RunAsync(new(engine == Engine.Sqlite ? 900 : 8_000, 2, 3), default));
        var removing = Task.CompletedTask;
        var watch = new Watch(_ => removing = removing.IsCompleted ? shop.UseAsync<RemoveDemo>(remove => remove.RunAsync(default)) : removing);
        (await shop.UseAsync<MakeDemo, bool>(make => make.RunAsync(watch, default))).ShouldBeFalse();
        await removing;
        (await shop.Get<DemoLedger>().FindAsync(default))!.Stage.ShouldBe(DemoStage.Removing);

        await shop.RemoveDemoAsync();

        (await shop.CountAsync("select count(*) from customers_subjects")).ShouldBe(0);
        (await shop.KeysAsync("vault_keys")).ShouldBe(0);
    }

    /// <summary>What staff may do with the demo shop's customers and orders: each of it leaves rows of its own.</summary>
    private static async Task WorkAsync(TestShop shop)
    {
        var orders = await shop.Database.ReadAsync(s => s.QueryAsync(
            "select o.order_id, o.subject_id, l.sku from commerce_orders o join commerce_order_lines l on l.subject_id = o.subject_id and l.order_id = o.order_id where o.state = 'delivered' and o.storefront_id in (select demo_id from demo_shop) order by o.order_id limit 60",
            null, r => (Order: r.Guid(0), Subject: r.Guid(1), Sku: r.Text(2)), default), default);
        var chosen = orders.DistinctBy(o => o.Subject).ToList();
        await shop.UseAsync<RecordReturn>(record => record.RunAsync(new(chosen[0].Order, "damaged", [new(chosen[0].Sku, 1)]), default));
        await shop.UseAsync<CancelItems>(cancel => cancel.RunAsync(new(chosen[1].Order, [new(chosen[1].Sku, 1)]), default));
        await shop.UseAsync<RecordShipment>(record => record.RunAsync(new(chosen[2].Order, "DHL", "TRACK-1", null), default));
        await shop.UseAsync<EditProfile>(edit => edit.RunAsync(new(chosen[3].Subject, "New Name", "new.name@elsewhere.example", "+4912345678", "DE", null), default));
        await shop.UseAsync<ObjectToPurpose>(raise => raise.RunAsync(new(chosen[4].Subject, Purpose.Personalisation), default));
        await shop.UseAsync<MergeCustomers>(merge => merge.RunAsync(new(chosen[5].Subject, chosen[6].Subject, MergeReason.Other), default));
        await shop.UseAsync<EraseCustomer>(erase => erase.RunAsync(new(chosen[7].Subject, "ERASE"), default));
        await shop.DrainAsync();
    }

    private sealed class Watch(Action<DemoShopState> seen) : IProgress<DemoShopState>
    {
        public void Report(DemoShopState value) => seen(value);
    }
}
