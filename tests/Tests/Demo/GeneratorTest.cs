using System.Security.Cryptography;
using System.Text.Json;
using Wellmet.Demo.Contract;
using Wellmet.Demo.Generator;
using Wellmet.Science.Products;

namespace Wellmet.Tests.Demo;

/// <summary>The planted habits, found again in what was generated, as somebody who analyses the shop would look for them.</summary>
public sealed class GeneratorTest
{
    private static readonly DemoPlan Plan = new(6_000, 18, 7, new DateTimeOffset(2026, 5, 20, 9, 0, 0, TimeSpan.Zero));
    private static readonly Lazy<List<DemoShopper>> Generated = new(() => [.. new DemoGenerator(Plan).Shoppers(0, Plan.Customers)]);

    private static List<DemoShopper> Shoppers => Generated.Value;
    private static IEnumerable<DemoOrder> Orders => Shoppers.SelectMany(s => s.Orders);

    [Fact]
    public void The_catalogue_has_400_believable_products_in_25_types()
    {
        Catalogue.Types.Count.ShouldBe(25);
        Catalogue.Products.Count.ShouldBe(400);
        Catalogue.Products.Select(p => p.Name).Distinct().Count().ShouldBe(400);
        Catalogue.Products.Select(p => p.Sku).ShouldBeUnique();
        (Catalogue.Products.DistinctBy(p => p.Brand).Count(), Catalogue.Products.Count(p => p.Stock == 0)).ShouldBe((12, 8));
        Catalogue.Products.ShouldAllBe(p => p.PriceMinor >= 100 && p.PriceMinor < 100_000);
    }

    [Fact]
    public void The_type_of_every_product_can_be_read_from_its_name()
    {
        for (var product = 0; product < Catalogue.Products.Count; product++)
        {
            var type = Catalogue.TypeOf(product).Name;
            var inferred = ProductTypeInference.Infer(Catalogue.Products[product].Name);
            type.ToLowerInvariant().ShouldContain(inferred.Noun![..Math.Min(4, inferred.Noun!.Length)], Case.Insensitive, Catalogue.Products[product].Name);
            (inferred.Kind == ProductKind.Consumable).ShouldBe(Habits.Clocks.ContainsKey(type), Catalogue.Products[product].Name);
        }
    }

    [Fact]
    public void Everybody_is_unlike_the_others_and_reachable_by_nobody()
    {
        Shoppers.Select(s => s.Email).ShouldBeUnique();
        Shoppers.ShouldAllBe(s => s.Email.EndsWith(".example", StringComparison.Ordinal) && s.Name.Length > 1);
        Shoppers.Select(s => s.Country).Distinct().Order().ShouldBe(["DE", "ES", "FR", "GB", "IT", "JP"]);
        Shoppers.GroupBy(s => s.Country).ShouldAllBe(g => g.Select(s => s.Name).Distinct().Count() > 100);
    }

    [Fact]
    public void Nothing_happens_before_the_first_visit_or_after_the_end()
    {
        foreach (var shopper in Shoppers)
        {
            shopper.FirstSeenAt.ShouldBeLessThanOrEqualTo(Plan.Now);
            var times = shopper.Visits.Select(v => v.At).Concat(shopper.Orders.SelectMany(Times));
            times.ShouldAllBe(t => t >= shopper.FirstSeenAt && t <= Plan.Now);
            shopper.Orders.Select(o => o.PlacedAt).ShouldBeInOrder();
        }
        Orders.Select(o => o.Number).ShouldBeUnique();
    }

    [Fact]
    public void What_is_sent_cancelled_and_returned_is_what_was_ordered()
    {
        foreach (var order in Orders)
        {
            order.Lines.Select(l => l.Product).ShouldBeUnique();
            var sent = order.Parcels.SelectMany(p => p.Items).Concat(order.Cancellation?.Items ?? []).ToList();
            sent.ShouldBeUnique();
            sent.ShouldBeSubsetOf(order.Lines);
            (order.Return?.Items ?? []).ShouldBeSubsetOf(order.Parcels.SelectMany(p => p.Items).ToList());
        }
        var parcels = Orders.SelectMany(o => o.Parcels).Where(p => p.DeliveredAt is not null).ToList();
        Share(parcels, p => p.DeliveredAt!.Value.Date > p.PromisedAt.Date).ShouldBeInRange(0.05, 0.13);
        Share(Orders, o => o.Parcels.Count > 1).ShouldBeInRange(0.05, 0.2);
        Share(Orders, o => o.Return is not null).ShouldBeInRange(0.03, 0.1);
        Share(Orders, o => o.Cancellation is not null).ShouldBeInRange(0.015, 0.05);
    }

    [Fact]
    public void Complements_are_bought_together_far_more_often_than_by_chance()
    {
        var baskets = Orders.Select(o => o.Lines.Select(l => Catalogue.TypeOf(l.Product).Name).ToHashSet()).ToList();
        foreach (var pair in Habits.Complements)
        {
            Lift(baskets, pair.Type, pair.With).ShouldBeGreaterThan(3, $"{pair.Type} with {pair.With}");
        }
        Lift(baskets, "Vase", "Socks").ShouldBeLessThan(2);
    }

    [Fact]
    public void Consumables_are_bought_again_by_their_clocks()
    {
        foreach (var (type, days) in Habits.Clocks)
        {
            var gaps = Shoppers.SelectMany(s => s.Orders.SelectMany(o => o.Lines.Select(l => (l.Product, o.PlacedAt))).Where(l => Catalogue.TypeOf(l.Product).Name == type)
                .GroupBy(l => l.Product).SelectMany(g => g.Zip(g.Skip(1), (a, b) => (b.PlacedAt - a.PlacedAt).TotalDays))).Order().ToList();
            gaps.Count.ShouldBeGreaterThan(60, type);
            gaps[gaps.Count / 2].ShouldBe(days, days * 0.1, type);
        }
    }

    [Fact]
    public void Each_country_buys_what_it_likes()
    {
        foreach (var favourite in Habits.Favourites)
        {
            var bought = Shoppers.SelectMany(s => s.Orders.SelectMany(o => o.Lines).Select(l => (s.Country, l.Product)))
                .Where(b => Catalogue.TypeOf(b.Product).Name == favourite.Type).ToList();
            var at = Share(bought.Where(b => b.Country == favourite.Country), b => Catalogue.LineOf(b.Product) == favourite.Line);
            var elsewhere = Share(bought.Where(b => b.Country != favourite.Country), b => Catalogue.LineOf(b.Product) == favourite.Line);
            at.ShouldBeGreaterThan(1.8 * elsewhere, $"{favourite}");
        }
    }

    [Fact]
    public void Baubles_are_bought_before_Christmas()
    {
        foreach (var (type, months) in Habits.Seasons)
        {
            var sold = Orders.Where(o => o.Lines.Any(l => Catalogue.TypeOf(l.Product).Name == type)).ToList();
            Share(sold, o => months.Contains(o.PlacedAt.Month)).ShouldBeGreaterThan(0.6);
        }
    }

    [Fact]
    public void Some_never_buy_some_buy_once_some_come_back_and_some_have_stopped()
    {
        Share(Shoppers, s => s.Orders.Count == 0).ShouldBeInRange(0.1, 0.35);
        Share(Shoppers, s => s.Orders.Count == 1).ShouldBeInRange(0.3, 0.6);
        Share(Shoppers, s => s.Orders.Count > 4).ShouldBeInRange(0.05, 0.25);
        var often = Shoppers.Where(s => s.Orders.Count is > 3 and < 12).ToList();
        Share(often, s => s.Orders[^1].PlacedAt < Plan.Now.AddMonths(-6)).ShouldBeInRange(0.1, 0.45);
        Shoppers.Average(s => s.Orders.Count).ShouldBeInRange(1.4, 2.6);
        Shoppers.Average(s => s.Visits.Count).ShouldBeInRange(5, 10);
    }

    [Fact]
    public void The_same_plan_gives_the_same_shop_however_it_is_cut()
    {
        var plan = Plan with { Customers = 500 };
        Hash(plan, 500).ShouldBe(Hash(plan, 7));
        Hash(plan, 500).ShouldBe(Hash(plan, 64));
        Hash(plan with { Seed = 8 }, 500).ShouldNotBe(Hash(plan, 500));
        new DemoGenerator(plan with { Customers = 100 }).Shoppers(0, 100).Select(Text).ShouldBe(new DemoGenerator(plan).Shoppers(0, 100).Select(Text));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(400, 1)]
    [InlineData(50, 60)]
    public void Short_and_long_plans_work(int customers, int months)
    {
        var plan = Plan with { Customers = customers, Months = months };
        var all = new DemoGenerator(plan).Shoppers(0, customers).ToList();
        all.Count.ShouldBe(customers);
        all.SelectMany(s => s.Orders.SelectMany(Times)).ShouldAllBe(t => t <= plan.Now);
    }

    private static IEnumerable<DateTimeOffset> Times(DemoOrder order) =>
    [
        order.PlacedAt, .. order.Parcels.Select(p => p.ShippedAt), .. order.Parcels.Where(p => p.DeliveredAt is not null).Select(p => p.DeliveredAt!.Value),
        .. order.Return is { } back ? [back.At] : Array.Empty<DateTimeOffset>(), .. order.Cancellation is { } gone ? [gone.At] : Array.Empty<DateTimeOffset>(),
    ];

    private static double Share<T>(IEnumerable<T> all, Func<T, bool> which)
    {
        var list = all.ToList();
        return list.Count == 0 ? 0 : (double)list.Count(which) / list.Count;
    }

    private static double Lift(List<HashSet<string>> baskets, string a, string b) =>
        Share(baskets, basket => basket.Contains(a) && basket.Contains(b)) / (Share(baskets, basket => basket.Contains(a)) * Share(baskets, basket => basket.Contains(b)));

    private static string Text(DemoShopper shopper) => JsonSerializer.Serialize(shopper);

    private static string Hash(DemoPlan plan, int batch)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var from = 0; from < plan.Customers; from += batch)
        {
            foreach (var shopper in new DemoGenerator(plan).Shoppers(from, batch))
            {
                hash.AppendData(System.Text.Encoding.UTF8.GetBytes(Text(shopper)));
            }
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
