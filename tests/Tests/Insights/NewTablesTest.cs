using Wellmet.Insights.Buyers;
using Wellmet.Insights.Home;
using Wellmet.Insights.Sales;
using Wellmet.Platform;
using Wellmet.Platform.Storage;
using static Wellmet.Tests.Insights.InsightsInShop;

namespace Wellmet.Tests.Insights;

/// <summary>
/// Right after an import the database knows nothing about its tables yet. An answer that then goes through all sales for each customer is not there
/// before the database gives up: 40,000 sales are 800 million steps.
/// </summary>
public sealed class NewTablesTest
{
    private const int Customers = 20_000;

    private static readonly BulkInsert<(Guid Storefront, Guid Customer, DateOnly Day)> Sales = new("insights_sales",
        new("subject_id", typeof(Guid), s => s.Customer),
        new("seq", typeof(long), s => (long)s.Day.DayNumber),
        new("kind", typeof(SaleKind), _ => SaleKind.Order),
        new("customer_id", typeof(Guid), s => s.Customer),
        new("order_id", typeof(Guid), _ => Id.New()),
        new("storefront_id", typeof(Guid), s => s.Storefront),
        new("currency", typeof(string), _ => "GBP"),
        new("day", typeof(DateOnly), s => s.Day),
        new("occurred_at", typeof(DateTimeOffset), s => new DateTimeOffset(s.Day, TimeOnly.MinValue, TimeSpan.Zero)),
        new("amount_minor", typeof(long), _ => 1000L),
        new("items", typeof(long), _ => 1L),
        new("anonymous", typeof(bool), _ => false),
        new("country", typeof(string), _ => "GB"));

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Figures_of_many_customers_are_there_before_the_database_knows_its_tables(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var storefront = await shop.OpenStorefrontAsync();
        DayRange january = new(new(2026, 1, 1), new(2026, 1, 31)), june = new(new(2026, 6, 1), new(2026, 6, 30));
        await shop.Database.WriteAsync(tx => Sales.RunAsync(tx, [.. Enumerable.Range(0, Customers).Select(_ => Id.New()).SelectMany((customer, i) =>
            new[] { (storefront, customer, january.From.AddDays(i % 28)), (storefront, customer, june.From.AddDays(i % 28)) })], default), default);
        var both = new SalesScope(new DayRange(january.From, june.To), storefront, "GBP");
        var later = both with { Range = june };

        (await shop.UseAsync<ReadFigures, Figures>(f => f.RunAsync(both, default))).ShouldSatisfyAllConditions(
            f => f.Customers.ShouldBe(Customers), f => f.RepeatCustomers.ShouldBe(Customers), f => f.ReturningCustomers.ShouldBe(0));
        (await shop.UseAsync<ReadFigures, Figures>(f => f.RunAsync(later, default))).ReturningCustomers.ShouldBe(Customers);
        (await shop.UseAsync<ReadSeries, IReadOnlyList<SeriesPoint>>(s => s.RunAsync(both, Granularity.Month, default))).Select(p => p.ReturningCustomers).ShouldBe([0, 0, 0, 0, 0, Customers]);
        (await TotalAsync(both, BuyerKind.All)).ShouldBe(Customers);
        (await TotalAsync(both, BuyerKind.New)).ShouldBe(Customers);
        (await TotalAsync(later, BuyerKind.New)).ShouldBe(0);
        (await TotalAsync(later, BuyerKind.Returning)).ShouldBe(Customers);

        async Task<long> TotalAsync(SalesScope scope, BuyerKind kind) => (await shop.UseAsync<ListBuyers, ListBuyers.Page>(l => l.RunAsync(new(scope, kind), default))).Total;
    }
}
