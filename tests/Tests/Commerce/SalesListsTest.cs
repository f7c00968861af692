using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Wellmet.Commerce.Catalog;
using Wellmet.Commerce.Orders;
using Wellmet.Customers.Imports;
using Wellmet.Customers.Imports.Reading;
using Wellmet.Insights.Home;
using Wellmet.Insights.Rollups;
using Wellmet.Platform;
using Wellmet.Platform.Storage;
using Wellmet.Tests.Customers;

namespace Wellmet.Tests.Commerce;

/// <summary>Lists of orders, cancellations and products.</summary>
public sealed class SalesListsTest
{
    private static readonly string[] Zones = ["Europe/Berlin", "Asia/Tokyo", "America/Los_Angeles"];

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Every_number_of_the_home_page_opens_as_many_orders_and_cancellations_as_it_counts(Engine engine)
    {
        await using var shop = await WebShop.OpenAsync(engine);
        var storefronts = await SellAroundMidnightAsync(shop);
        using var owner = await shop.SignInAsync();
        var numbers = 0;
        foreach (var storefront in storefronts.Cast<Guid?>().Append(null))
        {
            foreach (var days in Ranges())
            {
                // Clocks in Berlin go forward on 29 March 2026.
                var scope = new SalesScope(days, storefront, "EUR");
                var links = new SalesLinks(scope);
                await shop.UseAsync<IServiceProvider>(async services =>
                {
                    var figures = await services.GetRequiredService<ReadFigures>().RunAsync(scope, default);
                    (await TotalAsync(owner, links.Orders(days))).ShouldBe(figures.Orders, links.Orders(days));
                    (await TotalAsync(owner, links.AnonymousOrders(days))).ShouldBe(figures.AnonymousOrders, links.AnonymousOrders(days));
                    (await TotalAsync(owner, links.Cancellations(days))).ShouldBe(figures.Cancellations, links.Cancellations(days));
                    foreach (var country in await services.GetRequiredService<TopCountries>().RunAsync(scope, 10, default))
                    {
                        (await TotalAsync(owner, links.OrdersTo(country.Country, days))).ShouldBe(country.Orders);
                    }
                    foreach (var product in await services.GetRequiredService<TopProducts>().RunAsync(scope, 10, default))
                    {
                        (await TotalAsync(owner, links.OrdersWith(product.ProductId, days))).ShouldBe(product.Orders);
                    }
                    numbers += figures.Orders > 0 ? 1 : 0;
                });
            }
        }
        numbers.ShouldBeGreaterThan(12);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Lists_page_back_as_they_page_forward(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var lines = Enumerable.Range(0, 7).Select(i => $"{i},S{i},THING {i % 3},1,2010-12-0{1 + (i / 2)} 08:26:00,{2 + (i % 2)}.50,{i},UK\n").ToList();
        await shop.ImportTextAsync(ImportsInShop.Header + string.Concat(lines) + string.Concat(lines.Select(l => "C" + l.Replace(",1,2010", ",-1,2010", StringComparison.Ordinal))));

        await BothWaysAsync(async (after, before) => await shop.UseAsync<ListOrders, ListOrders.Page>(l =>
            l.RunAsync(new(new SalesQuery { After = after, Before = before, Limit = 3 }), default)) is var p ? (p.Rows.Select(r => r.Number), p.Previous, p.Next) : default);
        await BothWaysAsync(async (after, before) => await shop.UseAsync<ListCancellations, ListCancellations.Page>(l =>
            l.RunAsync(new SalesQuery { After = after, Before = before, Limit = 3 }, default)) is var p ? (p.Rows.Select(r => r.Number), p.Previous, p.Next) : default);
        foreach (var sort in Enum.GetValues<ProductSort>())
        {
            await BothWaysAsync(async (after, before) => await shop.UseAsync<ListProducts, ListProducts.Page>(l =>
                l.RunAsync(new(Sort: sort, After: after, Before: before, Limit: 3), default)) is var p ? (p.Rows.Select(r => r.Sku), p.Previous, p.Next) : default);
        }
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Cancellations_name_the_order_that_they_take_back(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        await shop.ImportTextAsync(ImportsInShop.Header + "1,A,LAMP,2,2010-12-01 08:26:00,5.00,17850,UK\n" + "C2,A,LAMP,-1,2010-12-02 08:26:00,5.00,17850,UK\n" + "C3,B,BELL,-1,2010-12-03 08:26:00,5.00,17850,UK\n");

        var page = await shop.UseAsync<ListCancellations, ListCancellations.Page>(l => l.RunAsync(new SalesQuery(), default));

        page.Rows.Select(r => (r.Number, r.OrderNumber, r.Amount, r.Customer!.Label)).ShouldBe(
            [("C3", null, new Money(500, "GBP"), "17850"), ("C2", "1", new Money(500, "GBP"), "17850")]);
        page.Total.ShouldBe(2);
        (await shop.UseAsync<ListCancellations, ListCancellations.Page>(l => l.RunAsync(new SalesQuery(Number: "C2"), default))).Rows.Count.ShouldBe(1);
    }

    private static async Task BothWaysAsync(Func<string?, string?, Task<(IEnumerable<string> Rows, string? Previous, string? Next)>> pageAsync)
    {
        var pages = new List<string[]>();
        var page = await pageAsync(null, null);
        page.Previous.ShouldBeNull();
        pages.Add([.. page.Rows]);
        while (page.Next is not null)
        {
            page = await pageAsync(page.Next, null);
            pages.Add([.. page.Rows]);
        }
        pages.Select(p => p.Length).ShouldBe([3, 3, 1]);
        pages.SelectMany(p => p).ShouldBeUnique();
        for (var i = pages.Count - 2; i >= 0; i--)
        {
            page = await pageAsync(null, page.Previous);
            page.Rows.ShouldBe(pages[i]);
            page.Next.ShouldNotBeNull();
        }
        page.Previous.ShouldBeNull();
    }

    private static IEnumerable<DayRange> Ranges() => Enumerable.Range(27, 4).SelectMany(d => new[] { 0, 1, 3 }.Select(more => new DayRange(new(2026, 3, d), new DateOnly(2026, 3, d).AddDays(more))));

    private static async Task<long> TotalAsync(WebBrowser browser, string link)
    {
        var page = await browser.PageAsync(link);
        return Regex.Match(page, @"([\d,]+) (order|cancellation)s?</span>") is { Success: true } total ? long.Parse(total.Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>In each of three storefronts orders just before and just after midnight, known and anonymous, cancelled, and in another currency.</summary>
    private static async Task<List<Guid>> SellAroundMidnightAsync(WebShop shop)
    {
        var storefronts = new List<Guid>();
        foreach (var zone in Zones)
        {
            var id = Id.New();
            storefronts.Add(id);
            await shop.Database.WriteAsync(tx => tx.ExecuteAsync("""
                insert into commerce_storefronts (storefront_id, name, currency, locale, time_zone, created_at) values (@id, @zone, 'EUR', 'en-GB', @zone, @at)
                """, new { id, zone, at = DateTimeOffset.UnixEpoch }), default);
            await ImportAsync(shop, id);
        }
        for (var i = 0; i < 600 && await shop.Database.ReadAsync(s => s.CountAsync("select sum(orders) + sum(anonymous_orders) + sum(cancellations) from insights_daily"), default) < 3 * 3 * 8; i++)
        {
            await Task.Delay(50);
        }
        await shop.UseAsync<CountSales>(async count => (await count.WaitingAsync(default)).ShouldBe(0));
        return storefronts;
    }

    private static async Task ImportAsync(WebShop shop, Guid storefront)
    {
        var text = new StringBuilder("order,date,customerid,country,sku,product,quantity,price,currency,status\n");
        foreach (var day in new[] { 28, 29, 30 })
        {
            foreach (var (number, time, customer, currency, status) in new[]
            {
                ("a", "00:10", "1", "EUR", ""), ("b", "23:50", "2", "EUR", ""), ("c", "00:20", "", "EUR", ""), ("d", "23:40", "", "EUR", ""), ("e", "12:00", "3", "USD", ""),
                ("f", "00:30", "1", "EUR", "cancelled"), ("g", "23:30", "2", "EUR", "cancelled"), ("h", "12:00", "1", "EUR", ""),
            })
            {
                text.Append(CultureInfo.InvariantCulture, $"{number}{day},2026-03-{day} {time},{customer},{(number == "h" ? "Spain" : "France")},{(number == "h" ? "BELL" : "LAMP")},Thing,1,10.00,{currency},{status}\n");
            }
        }
        var file = Path.Combine(shop.Folder, $"{storefront:N}.csv");
        await File.WriteAllTextAsync(file, text.ToString());
        await shop.UseAsync<IServiceProvider>(async services =>
        {
            var import = await services.GetRequiredService<StartImport>().RunAsync(new StartImportRequest(ImportSource.Local(file), "sales.csv", "orders-csv", storefront), default);
            await services.GetRequiredService<RunImport>().RunAsync(new RunImportRequest(import.ImportId, ImportSource.Local(file)), default);
        });
    }
}
