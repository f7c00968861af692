using Wellmet.Commerce.Contract;
using Wellmet.Customers.Imports;
using Wellmet.Insights.Home;
using Wellmet.Platform;
using Wellmet.Platform.Storage;
using Wellmet.Tests.Customers;
using Wellmet.Tests.Insights;

namespace Wellmet.Tests.Commerce;

/// <summary>The real file, whole.</summary>
public sealed class OnlineRetailTest
{
    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task The_real_file_comes_to_its_known_totals(Engine engine)
    {
        Assert.SkipUnless(File.Exists(ImportsInShop.OnlineRetail), "../shared/data/online-retail is not there.");
        await using var shop = await TestShop.OpenAsync(engine);
        var watch = System.Diagnostics.Stopwatch.StartNew();

        var import = await shop.ImportFileAsync(ImportsInShop.OnlineRetail);

        var t1 = watch.Elapsed;
        await shop.DrainAsync();
        TestContext.Current.TestOutputHelper!.WriteLine($"{t1} {watch.Elapsed}");
        import.State.ShouldBe(ImportState.Completed);
        import.LinesDone.ShouldBe(541_909);
        var totals = await shop.UseAsync<IOrders, SalesTotals>(orders => orders.TotalsAsync(default));
        totals.Customers.ShouldBe(4338);
        totals.Orders.ShouldBe(18_532);
        totals.RevenueMinor.ShouldBe(891_140_790);
        totals.RepeatCustomers.ShouldBe(2845);
        totals.Lines.ShouldBe(new Dictionary<string, long>
        {
            ["customer"] = 397_884, ["anonymous"] = 132_219, ["cancelled"] = 9288, ["adjustment"] = 2518, ["rejected"] = 0,
        }, ignoreOrder: true);
        totals.Lines.Values.Sum().ShouldBe(541_909);
        await shop.CountSalesAsync();
        var home = (await shop.UseAsync<ShowHome, HomeView?>(show => show.RunAsync(new HomeQuery(), default)))!;
        home.Choice.Period.ShouldSatisfyAllConditions(p => p.Key.ShouldBe("all"), p => p.Range.ShouldBe(new DayRange(new(2010, 12, 1), new(2011, 12, 9))));
        home.Figures.ShouldSatisfyAllConditions(f => f.Customers.ShouldBe(4338), f => f.Orders.ShouldBe(18_532), f => f.Revenue.ShouldBe(new Money(891_140_790, "GBP")),
            f => f.RepeatCustomers.ShouldBe(2845), f => f.NewCustomers.ShouldBe(4338));
        home.Countries[0].Country.ShouldBe("United Kingdom");
        home.Products.Sum(p => p.Revenue.Minor).ShouldBeLessThan(home.Figures.Revenue.Minor);
    }
}
