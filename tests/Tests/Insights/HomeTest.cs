using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Erasure;
using Wellmet.Customers.Identities;
using Wellmet.Insights.Buyers;
using Wellmet.Insights.Home;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Tests.Customers;
using static Wellmet.Tests.Insights.InsightsInShop;

namespace Wellmet.Tests.Insights;

/// <summary>The figures of the home page.</summary>
public sealed class HomeTest
{
    private static readonly DateOnly Today = new(2026, 6, 30);

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Without_a_sale_there_is_nothing_to_show(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        var storefront = await shop.OpenStorefrontAsync();

        (await ChooseAsync(shop, new HomeQuery())).ShouldBeNull();
        (await ChooseAsync(shop, new HomeQuery(Storefront: storefront.ToString()))).ShouldBeNull();
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task One_order_is_one_customer_who_has_not_come_back(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        var storefront = await shop.OpenStorefrontAsync();
        await shop.TellAsync(null, Order(storefront, Id.New(), "2026-06-10T12:00Z", 1999));

        var (choice, figures) = await FiguresAsync(shop, new HomeQuery());

        choice.Period.ShouldSatisfyAllConditions(p => p.Key.ShouldBe("30d"), p => p.Range.ShouldBe(new DayRange(new(2026, 6, 1), Today)), p => p.Previous.ShouldBeNull());
        figures.ShouldBe(new Figures(1, new Money(1999, "GBP"), 2, 0, new Money(0, "GBP"), 0, new Money(0, "GBP"), 1, 0, 1, 0));
        figures.AverageOrder.ShouldBe(new Money(1999, "GBP"));
        figures.RepeatRate.ShouldBe(0);
        figures.CancelledShare.ShouldBe(0);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_period_without_an_order_has_no_rates(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        await shop.TellAsync(null, Order(await shop.OpenStorefrontAsync(), Id.New(), "2026-06-10T12:00Z", 1999));

        var (_, figures) = await FiguresAsync(shop, new HomeQuery("7d"));

        figures.Orders.ShouldBe(0);
        figures.AverageOrder.ShouldBeNull();
        figures.RepeatRate.ShouldBeNull();
        figures.CancelledShare.ShouldBeNull();
        figures.ItemsPerOrder.ShouldBeNull();
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Days_are_those_of_the_storefront_also_where_the_clock_changes(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        var berlin = await shop.OpenStorefrontAsync("Europe/Berlin");
        // Clocks went forward on 29 March 2026 at 1:00 UTC: midnight is 23:00 UTC before, 22:00 UTC afterwards.
        await shop.TellAsync(null, Order(berlin, Id.New(), "2026-03-28T22:59Z", 1), Order(berlin, Id.New(), "2026-03-28T23:00Z", 10),
            Order(berlin, Id.New(), "2026-03-29T21:59Z", 100), Order(berlin, Id.New(), "2026-03-29T22:00Z", 1000));

        (await FiguresAsync(shop, new HomeQuery(From: "2026-03-29", To: "2026-03-29"))).Figures.Revenue.Minor.ShouldBe(110);
        (await FiguresAsync(shop, new HomeQuery(From: "2026-03-30", To: "2026-03-30"))).Figures.Revenue.Minor.ShouldBe(1000);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_older_order_that_arrives_later_makes_a_new_customer_a_returning_one(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        Guid storefront = await shop.OpenStorefrontAsync(), ann = Id.New(), import = Id.New();
        var june = new HomeQuery(From: "2026-06-01", To: "2026-06-30");

        await shop.TellAsync(null, Order(storefront, ann, "2026-06-10T12:00Z", 100));
        (await FiguresAsync(shop, june)).Figures.NewCustomers.ShouldBe(1);

        await shop.TellAsync(import, Order(storefront, ann, "2025-01-10T12:00Z", 100));
        var (_, returning) = await FiguresAsync(shop, june);
        (returning.NewCustomers, returning.ReturningCustomers).ShouldBe((0, 1));

        await shop.TellAsync(null, new ImportUndone(import, DateTimeOffset.UnixEpoch));
        var (_, again) = await FiguresAsync(shop, june);
        (again.NewCustomers, again.ReturningCustomers).ShouldBe((1, 0));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Merged_customers_count_as_one_until_the_merge_is_taken_back(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        var storefront = await shop.OpenStorefrontAsync();
        var people = await shop.SeeAsync([new(IdentityKind.ExternalId, "1", new PersonDetails()), new(IdentityKind.ExternalId, "2", new PersonDetails())]);
        Guid ann = people[0].SubjectId, anna = people[1].SubjectId;
        var (year, june) = (new HomeQuery(From: "2026-01-01", To: "2026-06-30"), new HomeQuery(From: "2026-06-01", To: "2026-06-30"));
        await shop.TellAsync(null, Order(storefront, ann, "2026-01-10T12:00Z", 100), Order(storefront, anna, "2026-06-10T12:00Z", 100));
        await ShouldBeAsync(year, customers: 2, repeat: 0, isNew: 2);
        await ShouldBeAsync(june, customers: 1, repeat: 0, isNew: 1);

        var merge = (await shop.UseAsync<MergeCustomers, MergeCustomers.Answer>(m => m.RunAsync(new(ann, anna, MergeReason.SameEmail), default))).MergeId;
        await shop.TellAsync(null, Order(storefront, anna, "2026-06-11T12:00Z", 100));
        await ShouldBeAsync(year, customers: 1, repeat: 1, isNew: 1);
        await ShouldBeAsync(june, customers: 1, repeat: 1, isNew: 0);

        await shop.UseAsync<UnmergeCustomer>(m => m.RunAsync(new(anna, merge), default));
        await shop.TellAsync(null);
        await ShouldBeAsync(year, customers: 2, repeat: 1, isNew: 2);
        await ShouldBeAsync(june, customers: 1, repeat: 1, isNew: 1);

        await shop.UseAsync<MergeCustomers, MergeCustomers.Answer>(m => m.RunAsync(new(ann, anna, MergeReason.SameEmail), default));
        await shop.TellAsync(null);
        await ShouldBeAsync(year, customers: 1, repeat: 1, isNew: 1);
        await shop.UseAsync<EraseCustomer>(e => e.RunAsync(new(ann, EraseCustomer.Word), default));
        await shop.TellAsync(null);
        // Orders stay in the books, but what made one person of the two is forgotten.
        await ShouldBeAsync(year, customers: 2, repeat: 1, isNew: 2);

        async Task ShouldBeAsync(HomeQuery query, long customers, long repeat, long isNew)
        {
            var (_, f) = await FiguresAsync(shop, query);
            (f.Customers, f.RepeatCustomers, f.NewCustomers).ShouldBe((customers, repeat, isNew), query.ToString());
        }
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Money_of_another_currency_is_named_and_not_added(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        var storefront = await shop.OpenStorefrontAsync();
        await shop.TellAsync(null, Order(storefront, Id.New(), "2026-06-10T12:00Z", 100), Order(storefront, Id.New(), "2026-06-11T12:00Z", 200),
            Order(storefront, Id.New(), "2026-06-12T12:00Z", 90_000, "JPY"), Order(storefront, Id.New(), "2026-01-12T12:00Z", 5, "USD"));

        var (choice, figures) = await FiguresAsync(shop, new HomeQuery());

        figures.Revenue.ShouldBe(new Money(300, "GBP"));
        figures.Customers.ShouldBe(2);
        choice.Others.ShouldBe([new Money(90_000, "JPY")]);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Storefronts_are_shown_apart_and_together(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        Guid one = await shop.OpenStorefrontAsync(), two = await shop.OpenStorefrontAsync(), ann = Id.New();
        await shop.TellAsync(null, Order(one, ann, "2026-06-10T12:00Z", 100), Order(two, ann, "2026-06-11T12:00Z", 200), Order(two, Id.New(), "2026-06-11T12:00Z", 400));

        (await FiguresAsync(shop, new HomeQuery())).Figures.ShouldSatisfyAllConditions(f => f.Customers.ShouldBe(2), f => f.RepeatCustomers.ShouldBe(1), f => f.NewCustomers.ShouldBe(2));
        (await FiguresAsync(shop, new HomeQuery(Storefront: two.ToString()))).Figures
            .ShouldSatisfyAllConditions(f => f.Revenue.Minor.ShouldBe(600), f => f.Customers.ShouldBe(2), f => f.RepeatCustomers.ShouldBe(0), f => f.NewCustomers.ShouldBe(1));
    }

    [Theory]
    [InlineData("2026-06-10", null, "30d", "2026-06-01", "2026-06-30", "2026-05-02", Granularity.Day)]
    [InlineData("2026-05-31", null, "30d", "2026-06-01", "2026-06-30", "2026-05-02", Granularity.Day)]
    [InlineData("2026-05-30", null, "all", "2026-01-01", "2026-05-30", null, Granularity.Week)]
    [InlineData("2026-05-30", "30d", "30d", "2026-05-01", "2026-05-30", "2026-04-01", Granularity.Day)]
    [InlineData("2026-06-10", "90d", "90d", "2026-04-02", "2026-06-30", "2026-01-02", Granularity.Week)]
    [InlineData("2026-06-10", "12m", "12m", "2025-07-01", "2026-06-30", null, Granularity.Month)]
    [InlineData("2026-06-10", "7d", "7d", "2026-06-24", "2026-06-30", "2026-06-17", Granularity.Day)]
    public async Task Periods_end_today_or_with_the_last_sale(string last, string? asked, string key, string from, string to, string? previous, Granularity by)
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite);
        var storefront = await shop.OpenStorefrontAsync();
        await shop.TellAsync(null, Order(storefront, Id.New(), "2026-01-01T12:00Z", 1), Order(storefront, Id.New(), last + "T12:00Z", 1));

        var period = (await ChooseAsync(shop, new HomeQuery(asked)))!.Period;

        period.Key.ShouldBe(key);
        period.Range.ShouldBe(new DayRange(Day(from), Day(to)));
        (period.Previous?.From).ShouldBe(previous is null ? null : Day(previous));
        period.By.ShouldBe(by);
    }

    [Theory]
    [InlineData("8d", null, null, "period_invalid")]
    [InlineData(null, "2026-02-30", null, "period_invalid")]
    [InlineData(null, "2026-06-02", "2026-06-01", "period_invalid")]
    [InlineData(null, "0001-01-01", null, "period_invalid")]
    [InlineData(null, "'; drop table insights_daily; --", null, "period_invalid")]
    public async Task An_address_that_makes_no_sense_is_refused(string? period, string? from, string? to, string code)
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite);
        await shop.TellAsync(null, Order(await shop.OpenStorefrontAsync(), Id.New(), "2026-06-10T12:00Z", 1));

        (await Should.ThrowAsync<ProblemException>(() => ChooseAsync(shop, new HomeQuery(period, from, to)))).Code.ShouldBe(code);
        (await Should.ThrowAsync<ProblemException>(() => ChooseAsync(shop, new HomeQuery(Storefront: "x")))).Code.ShouldBe("storefront_unknown");
    }

    [Fact]
    public async Task Who_may_not_see_figures_gets_none()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite);
        var agent = new Actor(Id.New(), "agent", Role.Agent, _ => false);
        var scope = new SalesScope(new DayRange(Today, Today), null, "GBP");

        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<ShowHome>(home => home.RunAsync(new HomeQuery(), default), agent));
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<ReadFigures>(home => home.RunAsync(scope, default), agent));
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<ReadSeries>(home => home.RunAsync(scope, Granularity.Day, default), agent));
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<TopProducts>(home => home.RunAsync(scope, 1, default), agent));
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<ListBuyers>(home => home.RunAsync(new(scope, BuyerKind.All), default), agent));
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<TopCountries>(home => home.RunAsync(scope, 1, default), agent));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Days_weeks_and_months_add_up_to_the_period_and_products_to_their_days(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        var storefront = await shop.OpenStorefrontAsync();
        var product = Id.New();
        var people = await shop.SeeAsync([.. Enumerable.Range(0, 9).Select(i => new PersonClaim(IdentityKind.ExternalId, $"{i}", new PersonDetails()))]);
        var subjects = people.Select(p => p.SubjectId).ToArray();
        await shop.TellAsync(null, [.. Enumerable.Range(0, 100).Select(i => Order(storefront, subjects[i % 9],
            new DateTime(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc).AddDays(i).ToString("o", CultureInfo.InvariantCulture), i, products: new OrderedProduct(product, 1, i)))]);

        var ranges = from start in Gen.Choose(0, 99) from length in Gen.Choose(1, 100) select new DayRange(new DateOnly(2026, 1, 1).AddDays(start), new DateOnly(2026, 1, 1).AddDays(start + length - 1));
        foreach (var range in Gen.Sample(ranges, 1, 15))
        {
            var scope = new SalesScope(range, storefront, "GBP");
            var figures = await shop.UseAsync<ReadFigures, Figures>(f => f.RunAsync(scope, default));
            foreach (var by in Enum.GetValues<Granularity>())
            {
                var series = await shop.UseAsync<ReadSeries, IReadOnlyList<SeriesPoint>>(s => s.RunAsync(scope, by, default));
                series.Sum(p => p.Orders).ShouldBe(figures.Orders, $"{range} {by}");
                series.Sum(p => p.NewCustomers).ShouldBe(figures.NewCustomers, $"{range} {by}");
                series.Sum(p => p.Days.Days).ShouldBe(range.Days, $"{range} {by}");
                series.ShouldAllBe(p => p.ReturningCustomers >= 0 && p.ReturningCustomers + p.NewCustomers <= Math.Max(p.Orders, 0));
            }
            foreach (var (kind, count) in new[] { (BuyerKind.All, figures.Customers), (BuyerKind.Repeat, figures.RepeatCustomers), (BuyerKind.New, figures.NewCustomers), (BuyerKind.Returning, figures.ReturningCustomers) })
            {
                (await BuyersAsync(shop, scope, kind)).ShouldBe((count, count), $"{range} {kind}");
            }
            var sold = await shop.UseAsync<TopProducts, IReadOnlyList<ProductSales>>(p => p.RunAsync(scope, 10, default));
            (sold.SingleOrDefault()?.Revenue.Minor ?? 0, sold.SingleOrDefault()?.Orders ?? 0).ShouldBe((figures.Revenue.Minor, figures.Orders), range.ToString());
        }
    }

    [Fact]
    public async Task A_place_in_the_list_of_customers_that_is_made_up_is_refused()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite);
        var scope = new SalesScope(new DayRange(Today, Today), null, "GBP");

        (await Should.ThrowAsync<ProblemException>(() => shop.UseAsync<ListBuyers>(b => b.RunAsync(new(scope, BuyerKind.All, "x_y"), default)))).Code.ShouldBe("cursor_unknown");
    }

    /// <summary>How many the list says there are, and how many different ones its pages of two hold.</summary>
    private static async Task<(long Total, long Listed)> BuyersAsync(TestShop shop, SalesScope scope, BuyerKind kind)
    {
        var seen = new HashSet<Guid>();
        string? after = null;
        ListBuyers.Page page;
        do
        {
            page = await shop.UseAsync<ListBuyers, ListBuyers.Page>(b => b.RunAsync(new(scope, kind, after, Limit: 2), default));
            page.Rows.ShouldAllBe(b => seen.Add(b.CustomerId));
            after = page.Next;
        }
        while (after is not null);
        return (page.Total, seen.Count);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_customer_of_two_currencies_is_returning_only_after_a_first_order_before_the_period(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        Guid euros = await shop.OpenStorefrontAsync(currency: "EUR"), pounds = await shop.OpenStorefrontAsync(), ann = Id.New(), bob = Id.New();
        await shop.TellAsync(null, Order(euros, ann, "2026-05-03T12:00Z", 100, "EUR"), Order(pounds, ann, "2026-05-05T12:00Z", 100), Order(pounds, ann, "2026-06-05T12:00Z", 100),
            Order(euros, bob, "2026-04-03T12:00Z", 100, "EUR"), Order(pounds, bob, "2026-05-20T12:00Z", 100));
        var (may, figures) = await FiguresAsync(shop, new HomeQuery(From: "2026-05-01", To: "2026-05-31", Storefront: pounds.ToString()));

        (figures.Customers, figures.NewCustomers, figures.ReturningCustomers).ShouldBe((2, 0, 1));
        (await shop.UseAsync<ReadSeries, IReadOnlyList<SeriesPoint>>(s => s.RunAsync(may.Scope, Granularity.Month, default))).Single().ReturningCustomers.ShouldBe(1);
        (await shop.UseAsync<ListBuyers, ListBuyers.Page>(l => l.RunAsync(new(may.Scope, BuyerKind.Returning), default))).Rows.Single().CustomerId.ShouldBe(bob);
    }

    private static DateOnly Day(string day) => DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>On 30 June 2026.</summary>
    private static Task<HomeChoice?> ChooseAsync(TestShop shop, HomeQuery query) =>
        new ChoosePeriod(shop.Database, shop.Get<IStorefronts>(), new CurrentActor { Value = Actor.System }, new ManualClock(new(2026, 6, 30, 12, 0, 0, TimeSpan.Zero)))
            .RunAsync(query, default);

    private static async Task<(HomeChoice Choice, Figures Figures)> FiguresAsync(TestShop shop, HomeQuery query)
    {
        var choice = (await ChooseAsync(shop, query))!;
        return (choice, await shop.UseAsync<ReadFigures, Figures>(f => f.RunAsync(choice.Scope, default)));
    }
}
