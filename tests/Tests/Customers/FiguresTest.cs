using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Storage;
using static Wellmet.Tests.Customers.CustomersInShop;

namespace Wellmet.Tests.Customers;

/// <summary>What a customer bought, added up from the log.</summary>
public sealed class FiguresTest
{
    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Figures_follow_orders_cancellations_merges_and_undone_imports_exactly(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        Guid import = Id.New();
        var seen = await shop.SeeAsync([PeopleTest.External("1"), PeopleTest.External("2")], null);
        Guid ann = seen[0].SubjectId, bob = seen[1].SubjectId;
        await shop.TellAsync([Order(ann, 1, 1000, "GBP"), Order(ann, 3, 2000, "GBP"), Order(ann, 2, 500, "EUR"), Cancellation(ann, 300, "GBP")]);
        await shop.DrainAsync();
        var before = await SummariesAsync(shop);
        before.ShouldContain($"{ann} 3 6 GBP 3000 300 1 3");

        await shop.SeeAsync([PeopleTest.External("1", new PersonDetails(Country: "France")), PeopleTest.External("3")], import, Day.AddDays(9));
        await shop.TellAsync([Order(ann, 9, 9000, "EUR"), Order(ann, 8, 1, "EUR"), Order(bob, 7, 50, "USD")], import);
        await shop.DrainAsync();
        (await SummariesAsync(shop)).ShouldContain($"{ann} 5 10 EUR 9501 0 1 9 France");

        var merge = await MergeTest.MergeAsync(shop, ann, bob);
        (await SummariesAsync(shop)).ShouldContain($"{ann} 6 12 EUR 9501 0 1 9 France");
        await shop.UseAsync<Wellmet.Customers.Identities.UnmergeCustomer>(u => u.RunAsync(new(bob, merge), default));

        await shop.UndoAsync(import);
        await shop.ForgetEventsAsync(import);
        await shop.DrainAsync();
        (await SummariesAsync(shop)).ShouldBe(before);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Events_of_an_undone_import_that_arrive_late_count_for_nothing(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        var import = Id.New();
        var ann = (await shop.SeeAsync([PeopleTest.External("1")])).Single().SubjectId;
        await shop.ForgetEventsAsync(import);
        await shop.DrainAsync();

        await shop.TellAsync([Order(ann, 9, 9000, "EUR")], import);
        await shop.DrainAsync();

        (await shop.CountAsync("customers_figures")).ShouldBe(0);
    }

    internal static OrderPlaced Order(Guid subject, int day, long revenue, string currency) => new(
        subject, Day.AddDays(day), Id.New(), $"N{day}", Id.New(), currency, revenue, 2, "France", false, []);

    private static OrderCancelled Cancellation(Guid subject, long amount, string currency) => new(
        subject, Day.AddDays(4), Id.New(), "C1", null, Id.New(), currency, amount, 1, false, []);

    /// <summary>Subject, orders, items, currency, revenue, cancelled, days of the first and last order, country.</summary>
    private static async Task<string> SummariesAsync(TestShop shop) => string.Join('\n', await shop.Database.ReadAsync(s => s.QueryAsync("""
        select subject_id, orders, items, currency, revenue_minor, cancelled_minor, first_order_at, last_order_at, country from customers_summaries order by 1
        """, null, r => $"{r.Guid(0)} {r.Long(1)} {r.Long(2)} {r.TextOrNull(3)} {r.Long(4)} {r.Long(5)} {(r.TimeOrNull(6) - Day)?.Days} {(r.TimeOrNull(7) - Day)?.Days} {r.TextOrNull(8)}".TrimEnd(), default), default));
}
