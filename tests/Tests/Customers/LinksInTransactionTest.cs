using Wellmet.Customers.Contract;
using Wellmet.Insights.Rollups;
using Wellmet.Insights.Sales;
using Wellmet.Platform;
using Wellmet.Platform.Log;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Consents;
using Wellmet.Tests.Insights;
using static Wellmet.Tests.Insights.InsightsInShop;

namespace Wellmet.Tests.Customers;

/// <summary>Receivers ask within their own transaction who belongs to whom: they see what it has written, and take no second connection.</summary>
public sealed class LinksInTransactionTest
{
    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_signal_counts_for_everybody_whom_the_transaction_knows_as_one(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var (ann, address) = await TwoAsync(shop);

        await shop.UseAsync<ICustomers>(customers => shop.Database.WriteAsync(async tx =>
        {
            await LinkAsync(tx, ann, address);
            var signal = new PrivacySignalled(address, DateTimeOffset.UnixEpoch, [Purpose.Export]);
            await new SignalReceiver(customers, shop.Get<TimeProvider>()).ReceiveAsync([new Delivery(0, 1, signal, true, null)], tx, default);
        }, default));

        (await SubjectsAsync(shop, "select distinct subject_id from privacy_consents")).ShouldBe([ann, address], ignoreOrder: true);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Sales_follow_a_merge_of_the_same_transaction(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        var (ann, address) = await TwoAsync(shop);
        await shop.TellAsync(null, Order(await shop.OpenStorefrontAsync(), address, "2026-03-02T12:00Z", 100));

        await shop.UseAsync<FollowMerges>(follow => shop.Database.WriteAsync(async tx =>
        {
            await LinkAsync(tx, ann, address);
            await follow.RunAsync(tx, [address], default);
        }, default));

        (await SubjectsAsync(shop, "select customer_id from insights_sales")).ShouldBe([ann]);
    }

    [Fact]
    public async Task Counting_sales_needs_no_connection_beside_its_own()
    {
        var storage = TestShop.NewStorage(Engine.Postgres);
        await using var shop = await TestShop.OpenAsync(Engine.Postgres, workers: false, storage: storage);
        var told = Order(await shop.OpenStorefrontAsync(), Id.New(), "2026-03-02T12:00Z", 100);
        await shop.UseAsync<SalesReceiver>(sales => shop.Database.WriteAsync(tx => sales.ReceiveAsync([new Delivery(0, 1, told, true, null)], tx, default), default));
        await using var narrow = await TestShop.OpenAsync(Engine.Postgres, workers: false, storage: storage with { Postgres = storage.Postgres + ";Maximum Pool Size=1;Timeout=1" });

        (await narrow.UseAsync<CountSales, int>(count => count.RunAsync(default))).ShouldBe(1);
    }

    private static async Task<(Guid Ann, Guid Address)> TwoAsync(TestShop shop)
    {
        var seen = await shop.SeeAsync([PeopleTest.External("1"), PeopleTest.Email("ann@example.com")]);
        return (seen[0].SubjectId, seen[1].SubjectId);
    }

    private static Task LinkAsync(Transaction tx, Guid kept, Guid merged) =>
        tx.ExecuteAsync("update customers_links set customer_id = @kept where subject_id = @merged", new { kept, merged }, default);

    private static Task<List<Guid>> SubjectsAsync(TestShop shop, string sql) => shop.Database.ReadAsync(s => s.QueryAsync(sql, null, r => r.Guid(0), default), default);
}
