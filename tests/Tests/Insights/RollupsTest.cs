using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;

namespace Wellmet.Tests.Insights;

/// <summary>The roll-ups against the same sums made anew from what was told.</summary>
public sealed class RollupsTest
{
    private const int Subjects = 4, Days = 10;
    private static readonly DateTimeOffset Start = new(2026, 3, 27, 0, 0, 0, TimeSpan.Zero);

    /// <summary>One step of a history: something is told, or an import is taken back; small numbers choose which of a few.</summary>
    private sealed record Step(int What, int Subject, int Hour, int Choice, int Amount, int Import);

    private static readonly Gen<Step> Steps =
        from what in Gen.Choose(0, 9)
        from subject in Gen.Choose(0, Subjects - 1)
        from hour in Gen.Choose(0, (Days * 24) - 1)
        from choice in Gen.Choose(0, 7)
        from amount in Gen.Choose(0, 5000)
        from import in Gen.Choose(0, 2)
        select new Step(what, subject, hour, choice, amount, import);

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Roll_ups_are_the_sums_of_what_was_told_in_any_order_with_imports_taken_back(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        foreach (var steps in Gen.Sample(Steps.ListOf(), 30, 25).Where(s => s.Count > 0))
        {
            var history = await HistoryAsync(shop, steps);
            (await RollupAsync(shop, history.Storefronts)).ShouldBe(history.Expected(), ignoreOrder: true, $"{steps.Count} steps: {string.Join(", ", steps)}");
        }
    }

    [Fact]
    public async Task Two_nodes_receive_and_count_together_and_every_sale_once()
    {
        var storage = TestShop.NewStorage(Engine.Postgres);
        await using var one = await TestShop.OpenAsync(Engine.Postgres, storage: storage);
        var second = storage with { DataFolder = TestShop.NewStorage(Engine.Sqlite).DataFolder };
        Directory.CreateDirectory(second.KeysFolder);
        Array.ForEach(Directory.GetFiles(storage.KeysFolder), f => File.Copy(f, Path.Combine(second.KeysFolder, Path.GetFileName(f))));
        await using var two = await TestShop.OpenAsync(Engine.Postgres, storage: second);
        var storefront = await one.OpenStorefrontAsync();
        var subjects = Enumerable.Range(0, 40).Select(_ => Id.New()).ToArray();

        await Task.WhenAll(new[] { one, two }.SelectMany(shop => Enumerable.Range(0, 4).Select(async writer =>
        {
            for (var i = 0; i < 10; i++)
            {
                await shop.TellAsync(null, [.. subjects.Select(s => InsightsInShop.Order(storefront, s, $"2026-01-{i + 1:00}T0{writer}:00Z", 10))]);
            }
        })));

        var figures = await one.Database.ReadAsync(s => s.QueryAsync("select sum(orders), sum(revenue_minor), sum(new_customers) from insights_daily where storefront_id = @storefront",
            new { storefront }, r => (r.Long(0), r.Long(1), r.Long(2)), default), default);
        figures.ShouldBe([(3200, 32_000, 40)]);
    }

    /// <summary>Tells the steps one after the other, counting now and then in between.</summary>
    private static async Task<History> HistoryAsync(TestShop shop, IEnumerable<Step> steps)
    {
        var history = new History(
            [await shop.OpenStorefrontAsync("Europe/Berlin"), await shop.OpenStorefrontAsync("America/Los_Angeles")],
            [.. Enumerable.Range(0, Subjects).Select(_ => Id.New())], [.. Enumerable.Range(0, 3).Select(_ => Id.New())]);
        foreach (var step in steps)
        {
            var (told, import) = history.Next(step);
            await shop.Database.WriteAsync(tx => { tx.AppendHistory(told, import); return Task.CompletedTask; }, default);
            if (step.Choice == 0)
            {
                await shop.DrainAsync();
                await shop.CountSalesAsync();
            }
        }
        await shop.DrainAsync();
        await shop.CountSalesAsync();
        return history;
    }

    /// <summary>All roll-ups as lines of text.</summary>
    private static Task<List<string>> RollupAsync(TestShop shop, Guid[] storefronts) => shop.Database.ReadAsync(async s =>
    {
        var lines = await s.QueryAsync("""
            select day, storefront_id, currency, orders, revenue_minor, items, anonymous_orders, anonymous_revenue_minor, cancellations, cancelled_minor, new_customers
            from insights_daily where storefront_id in @storefronts
              and orders + revenue_minor + items + anonymous_orders + anonymous_revenue_minor + cancellations + cancelled_minor + new_customers <> 0
            """, new { storefronts }, r => $"{r.Text(0)} {r.Guid(1)} {r.Text(2)}: " + string.Join(' ', Enumerable.Range(3, 8).Select(r.Long)), default);
        lines.AddRange(await s.QueryAsync("""
            select day, storefront_id, currency, product_id, sales, orders, quantity, amount_minor from insights_daily_products where storefront_id in @storefronts
            """, new { storefronts }, r => $"{r.Text(0)} {r.Guid(1)} {r.Text(2)} {r.Guid(3)}: " + string.Join(' ', Enumerable.Range(4, 4).Select(r.Long)), default));
        lines.AddRange(await s.QueryAsync("""
            select month, storefront_id, currency, product_id, sales, orders, quantity, amount_minor from insights_monthly_products where storefront_id in @storefronts
            """, new { storefronts }, r => $"{r.Text(0)} {r.Guid(1)} {r.Text(2)} {r.Guid(3)}: " + string.Join(' ', Enumerable.Range(4, 4).Select(r.Long)), default));
        lines.AddRange(await s.QueryAsync("""
            select day, storefront_id, currency, country, sales, orders, revenue_minor from insights_daily_countries where storefront_id in @storefronts
            """, new { storefronts }, r => $"{r.Text(0)} {r.Guid(1)} {r.Text(2)} {r.Text(3)}: " + string.Join(' ', Enumerable.Range(4, 3).Select(r.Long)), default));
        return lines;
    }, default);

    /// <summary>What was told, and the sums of it in plain C#.</summary>
    private sealed class History(Guid[] storefronts, Guid[] subjects, Guid[] imports)
    {
        private static readonly Guid[] Catalogue = [.. Enumerable.Range(1, 3).Select(i => new Guid(i, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11))];
        private static readonly TimeZoneInfo[] Zones = [TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), TimeZoneInfo.FindSystemTimeZoneById("America/Los_Angeles")];
        private readonly List<(ILogEvent Event, Guid? Import)> told = [];
        private readonly HashSet<Guid> undone = [];

        public Guid[] Storefronts => storefronts;

        public (ILogEvent Event, Guid? Import) Next(Step step)
        {
            Guid? import = step.Import < 2 ? imports[step.Import] : null;
            ILogEvent next = step.What switch
            {
                9 => new ImportUndone(imports[step.Import], Start),
                8 => Cancelled(step),
                7 when Standing().OfType<OrderPlaced>().LastOrDefault(o => o.SubjectId == subjects[step.Subject]) is { } order => Extended(order, step),
                _ => Placed(step),
            };
            if (next is ImportUndone taken)
            {
                undone.Add(taken.ImportId);
                return (next, null);
            }
            told.Add((next, import));
            return (next, import);
        }

        public List<string> Expected()
        {
            var stands = Standing();
            return [.. Daily(stands), .. Sums(stands, Products), .. Sums(stands, Products, "yyyy-MM"), .. Sums(stands, o => o.Anonymous ? [] : [(o.Country ?? "", [o.Sale, o.Order, o.Amount])])];
        }

        private List<ILogEvent> Standing() => [.. told.Where(t => t.Import is not { } i || !undone.Contains(i)).Select(t => t.Event)];

        private string? CountryOf(OrderExtended x) => told.Select(t => t.Event).OfType<OrderPlaced>().Single(o => o.OrderId == x.OrderId).Country;

        private OrderPlaced Placed(Step s) => new(subjects[s.Subject], Start.AddHours(s.Hour), Id.New(), "1", storefronts[s.Choice % 2], s.Choice == 3 ? "EUR" : "GBP",
            s.Amount, s.Amount % 7, s.Choice == 4 ? null : s.Choice > 5 ? "FR" : "GB", s.Choice == 5, Bought(s));

        private static OrderExtended Extended(OrderPlaced o, Step s) =>
            new(o.SubjectId, Start.AddHours(s.Hour), o.OrderId, "1", o.StorefrontId, o.Currency, s.Amount, s.Amount % 7, o.Anonymous, Bought(s));

        private OrderCancelled Cancelled(Step s) => new(subjects[s.Subject], Start.AddHours(s.Hour), Id.New(), "C1", null, storefronts[s.Choice % 2], "GBP",
            s.Amount, s.Amount % 7, s.Choice == 5, Bought(s));

        /// <summary>Sometimes the same product twice.</summary>
        private static OrderedProduct[] Bought(Step s) => [.. Enumerable.Range(0, s.Amount % 4).Select(i => new OrderedProduct(Catalogue[(s.Hour + (i % 2)) % 3], i + 1, s.Amount))];

        private sealed record Told(DateOnly Day, Guid Storefront, string Currency, int Sale, int Order, long Amount, bool Anonymous, string? Country, IReadOnlyList<OrderedProduct> Products);

        private Told? Flat(ILogEvent e) => e switch
        {
            OrderPlaced o => new(Day(o.StorefrontId, o.OccurredAt), o.StorefrontId, o.Currency, 1, 1, o.RevenueMinor, o.Anonymous, o.Country, o.Products),
            OrderExtended x => new(Day(x.StorefrontId, x.OccurredAt), x.StorefrontId, x.Currency, 1, 0, x.RevenueMinor, x.Anonymous, CountryOf(x), x.Products),
            _ => null,
        };

        private DateOnly Day(Guid storefront, DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, Zones[Array.IndexOf(storefronts, storefront)]).DateTime);

        private IEnumerable<string> Sums(List<ILogEvent> stands, Func<Told, IEnumerable<(string What, long[] Figures)>> of, string time = "yyyy-MM-dd") =>
            from t in stands.Select(Flat).OfType<Told>()
            from line in of(t)
            group line.Figures by (Time: t.Day.ToString(time, CultureInfo.InvariantCulture), t.Storefront, t.Currency, line.What) into g
            select $"{g.Key.Time} {g.Key.Storefront} {g.Key.Currency} {g.Key.What}: {string.Join(' ', Enumerable.Range(0, g.First().Length).Select(i => g.Sum(f => f[i])))}";

        private static IEnumerable<(string, long[])> Products(Told t) =>
            t.Anonymous ? [] : t.Products.GroupBy(p => p.ProductId).Select(p => (p.Key.ToString(), new long[] { t.Sale, t.Order, p.Sum(l => l.Quantity), p.Sum(l => l.AmountMinor) }));

        private IEnumerable<string> Daily(List<ILogEvent> stands)
        {
            var firsts = stands.OfType<OrderPlaced>().Where(o => !o.Anonymous).GroupBy(o => o.SubjectId).Select(g => g.OrderBy(o => o.OccurredAt).First()).ToHashSet();
            return from e in stands
                   let row = e switch
                   {
                       OrderPlaced o => (Day(o.StorefrontId, o.OccurredAt), o.StorefrontId, o.Currency, o.Anonymous
                           ? new long[] { 0, 0, 0, 1, o.RevenueMinor, 0, 0, 0 } : [1, o.RevenueMinor, o.Items, 0, 0, 0, 0, firsts.Contains(o) ? 1 : 0]),
                       OrderExtended x => (Day(x.StorefrontId, x.OccurredAt), x.StorefrontId, x.Currency, x.Anonymous
                           ? [0, 0, 0, 0, x.RevenueMinor, 0, 0, 0] : [0, x.RevenueMinor, x.Items, 0, 0, 0, 0, 0]),
                       OrderCancelled c => (Day(c.StorefrontId, c.OccurredAt), c.StorefrontId, c.Currency, c.Anonymous
                           ? [0, 0, 0, 0, 0, 0, 0, 0] : [0, 0, 0, 0, 0, 1, c.AmountMinor, 0]),
                       _ => throw new InvalidOperationException(e.ToString()),
                   }
                   group row.Item4 by (row.Item1, row.Item2, row.Item3) into g
                   let sums = Enumerable.Range(0, 8).Select(i => g.Sum(f => f[i])).ToArray()
                   where sums.Any(n => n != 0)
                   select $"{g.Key.Item1:yyyy-MM-dd} {g.Key.Item2} {g.Key.Item3}: {string.Join(' ', sums)}";
        }
    }
}
