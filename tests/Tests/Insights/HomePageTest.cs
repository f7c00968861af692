using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Wellmet.Commerce.Contract;
using Wellmet.Customers.Imports;
using Wellmet.Customers.Imports.Reading;
using Wellmet.Insights.Rollups;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Tests.Customers;
using static Wellmet.Tests.Insights.InsightsInShop;

namespace Wellmet.Tests.Insights;

/// <summary>The home page as browsers get it.</summary>
public sealed class HomePageTest
{
    private const string Evil = "<script>alert(1)</script>";

    [Fact]
    public async Task Who_is_not_signed_in_goes_to_sign_in()
    {
        await using var shop = await WebShop.OpenAsync();

        using var home = await shop.Anonymous().GetAsync("/console?period=30d");

        home.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        home.Headers.Location!.ToString().ShouldBe("/sign-in?returnUrl=%2Fconsole%3Fperiod%3D30d");
    }

    [Fact]
    public async Task An_empty_shop_is_told_how_to_begin()
    {
        await using var shop = await WebShop.OpenAsync();

        (await (await shop.SignInAsync(Role.Marketer)).PageAsync("/console")).ShouldContain("Import a sales file");
        var analyst = await (await shop.SignInAsync(Role.Analyst)).PageAsync("/console");
        analyst.ShouldNotContain("Import a sales file");
        analyst.ShouldContain("Ask an owner or a marketer");
    }

    [Fact]
    public async Task Figures_say_what_they_are_and_open_what_is_behind_them()
    {
        await using var shop = await WebShop.OpenAsync();
        await SellAsync(shop);

        var page = await (await shop.SignInAsync(Role.Analyst)).PageAsync("/console?period=all");

        page.ShouldContain("£1,234.56");
        page.ShouldContain("1 Mar 2026 to 3 Mar 2026");
        page.ShouldContain("Products and charges of the orders of known customers.");
        page.ShouldContain("href=\"/console/orders?from=2026-03-01&amp;to=2026-03-03&amp;buyers=known&amp;currency=GBP\"");
        page.ShouldContain("href=\"/console/insights/customers?kind=repeat&amp;from=2026-03-01&amp;to=2026-03-03\"");
        page.ShouldContain("1 of 1 customers");
        page.ShouldContain("data-live=\"insights\"");
        page.ShouldNotContain("The first point holds");
        (await (await shop.SignInAsync(Role.Analyst)).PageAsync("/console?from=2026-02-27&to=2026-03-03&by=month")).ShouldContain("The first point holds 2 of 28 days.");
        page.ShouldNotContain(Evil);
    }

    [Fact]
    public async Task A_dash_with_its_reason_stands_where_nothing_was_counted()
    {
        await using var shop = await WebShop.OpenAsync();
        await SellAsync(shop);

        var page = await (await shop.SignInAsync()).PageAsync("/console?from=2026-03-02&to=2026-03-02");

        page.ShouldContain("No order in this period");
        page.ShouldNotContain("Revenue: £0.00");
    }

    [Fact]
    public async Task Chinese_readers_get_Chinese_words_dates_and_numbers()
    {
        await using var shop = await WebShop.OpenAsync();
        await SellAsync(shop);
        var browser = await shop.SignInAsync();
        browser.SetCookie("wm_lang", "zh-CN");

        var page = await browser.PageAsync("/console?period=all");

        page.ShouldContain("2026年3月1日至2026年3月3日");
        page.ShouldContain("复购率");
        page.ShouldContain("1 位客户中的 1 位");
    }

    [Fact]
    public async Task A_period_that_cannot_be_read_is_named_above_the_usual_one()
    {
        await using var shop = await WebShop.OpenAsync();
        await SellAsync(shop);
        var browser = await shop.SignInAsync();

        using var answer = await browser.GetAsync("/console?from=" + Uri.EscapeDataString(Evil));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var page = await answer.Content.ReadAsStringAsync();
        page.ShouldContain("is not a date such as 2026-01-31.");
        page.ShouldContain("£1,234.56");
        page.ShouldNotContain(Evil);
    }

    [Fact]
    public async Task Other_roles_get_a_home_without_figures()
    {
        await using var shop = await WebShop.OpenAsync();
        await SellAsync(shop);
        foreach (var role in new[] { Role.Agent, Role.Auditor })
        {
            var browser = await shop.SignInAsync(role);
            var page = await browser.PageAsync("/console");
            page.ShouldContain("Your work");
            page.ShouldNotContain("1,234.56");
            using var csv = await browser.GetAsync("/console/insights/products.csv");
            csv.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        }
    }

    [Fact]
    public async Task Tables_can_be_taken_along_as_CSV_that_runs_no_formula()
    {
        await using var shop = await WebShop.OpenAsync();
        await SellAsync(shop);
        var browser = await shop.SignInAsync();

        (await TextAsync(browser, "/console/insights/series.csv?period=all&by=day")).ShouldBe([
            "from,to,currency,orders,revenue,new_customers,returning_customers",
            "2026-03-01,2026-03-01,GBP,1,1234.56,1,0", "2026-03-02,2026-03-02,GBP,0,0,0,0", "2026-03-03,2026-03-03,GBP,1,1234.56,0,1"]);
        (await TextAsync(browser, "/console/insights/countries.csv?period=all")).ShouldBe(["country,currency,revenue,orders", "'=1+1,GBP,2469.12,2"]);
        (await TextAsync(browser, "/console/insights/products.csv?period=all"))[0].ShouldBe("product_id,sku,name,currency,revenue,units,orders");
    }

    private static async Task<string[]> TextAsync(WebBrowser browser, string path)
    {
        using var answer = await browser.GetAsync(path);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
        return (await answer.Content.ReadAsStringAsync()).TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
    }

    [Fact]
    public async Task Orders_and_customers_behind_the_figures_are_those_that_were_counted()
    {
        await using var shop = await WebShop.OpenAsync();
        await shop.UseAsync<IServiceProvider>(async services =>
        {
            var file = Path.Combine(shop.Folder, "sales.csv");
            await File.WriteAllTextAsync(file, ImportsInShop.Header
                + "1,A1,LAMP,1,2011-01-05 10:00:00,10.00,17850,France\n" + "2,A2,BELL,2,2011-01-06 10:00:00,3.00,17850,France\n"
                + "3,A1,LAMP,1,2011-01-06 11:00:00,10.00,,France\n" + "4,A1,LAMP,1,2011-03-01 11:00:00,10.00,17851,Spain\n");
            var import = await services.GetRequiredService<StartImport>().RunAsync(new StartImportRequest(ImportSource.Local(file), "sales.csv", "online-retail"), default);
            await services.GetRequiredService<RunImport>().RunAsync(new RunImportRequest(import.ImportId, ImportSource.Local(file)), default);
        });
        await CountedAsync(shop, 4);
        var browser = await shop.SignInAsync(Role.Marketer);

        var known = await browser.PageAsync("/console/orders?from=2011-01-01&to=2011-01-31&buyers=known");
        Rows(known).ShouldBe(2);
        Rows(await browser.PageAsync("/console/orders?from=2011-01-01&to=2011-01-31&buyers=anonymous")).ShouldBe(1);
        var home = await browser.PageAsync("/console?from=2011-01-01&to=2011-01-31");
        var lamp = Regex.Match(home, "href=\"(/console/orders[^\"]*product=[^\"]*)\"").Groups[1].Value.Replace("&amp;", "&", StringComparison.Ordinal);
        Rows(await browser.PageAsync(lamp)).ShouldBe(1);

        var repeat = await browser.PageAsync("/console/insights/customers?kind=repeat&from=2011-01-01&to=2011-01-31");
        Rows(repeat).ShouldBe(1);
        repeat.ShouldContain("£16.00");
        Rows(await browser.PageAsync("/console/insights/customers?kind=returning&from=2011-01-01&to=2011-01-31")).ShouldBe(0);
        (await TextAsync(browser, "/console/insights/customers.csv?kind=all&from=2011-01-01&to=2011-03-31")).Length.ShouldBe(3);
    }

    private static int Rows(string page) => Regex.Count(page, "<tr data-href");

    /// <summary>Two orders of one customer, on 1 and 3 March 2026, of £1,234.56 each, to a country with a strange name.</summary>
    private static async Task SellAsync(WebShop shop)
    {
        var (storefront, subject) = (Id.New(), Id.New());
        await shop.Database.WriteAsync(tx =>
        {
            foreach (var day in new[] { "2026-03-01T12:00Z", "2026-03-03T12:00Z" })
            {
                tx.AppendHistory(Order(storefront, subject, day, 123_456, country: "=1+1", products: new OrderedProduct(Id.New(), 1, 123_456)), null);
            }
            tx.AppendHistory(Order(storefront, Id.New(), "2026-03-03T12:00Z", 5, country: Evil, anonymous: true), null);
            return Task.CompletedTask;
        }, default);
        await CountedAsync(shop, 3);
    }

    private static async Task CountedAsync(WebShop shop, int orders)
    {
        for (var i = 0; i < 600 && await shop.Database.ReadAsync(s => s.CountAsync("select sum(orders) + sum(anonymous_orders) from insights_daily"), default) < orders; i++)
        {
            await Task.Delay(50);
        }
        await shop.UseAsync<CountSales>(async count => (await count.WaitingAsync(default)).ShouldBe(0));
    }
}
