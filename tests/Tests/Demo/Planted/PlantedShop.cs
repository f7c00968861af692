using Wellmet.Demo.Contract;
using Wellmet.Demo.Generator;
using Wellmet.Science.Products;
using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Types;

namespace Wellmet.Tests.Demo.Planted;

/// <summary>The demo shop as the algorithms of Science take it: dense indexes, histories of what was kept, nothing of what was planted.</summary>
public sealed class PlantedShop
{
    private static readonly Lazy<PlantedShop> Only = new(() => new PlantedShop(6_000, 7));

    public PlantedShop(int customers, ulong seed)
    {
        var plan = new DemoPlan(customers, 18, seed, new DateTimeOffset(2026, 5, 20, 9, 0, 0, TimeSpan.Zero));
        Until = plan.Now.ToUnixTimeSeconds();
        Shoppers = [.. new DemoGenerator(plan).Shoppers(0, plan.Customers)];
        Histories = [.. Shoppers.Select(History)];
        Views = [.. Shoppers.Select(shopper => shopper.Visits.Select(visit => new PastView(visit.Product, visit.At.ToUnixTimeSeconds())).ToArray())];
        var categories = Catalogue.Types.Select(type => type.Category).Distinct().ToList();
        int[] parents = [.. Catalogue.Types.Select(type => Catalogue.Types.Count + categories.IndexOf(type.Category)), .. categories.Select(_ => TypeTree.None)];
        var typeOf = Enumerable.Range(0, Catalogue.Products.Count).Select(product => Catalogue.Types.ToList().IndexOf(Catalogue.TypeOf(product))).ToArray();
        Types = new ItemTypes(new TypeTree(parents), typeOf);
    }

    /// <summary>6,000 people in 18 months; made once.</summary>
    public static PlantedShop Shared => Only.Value;

    public long Until { get; }
    public IReadOnlyList<DemoShopper> Shoppers { get; }

    /// <summary>One per shopper, earliest first, cancelled and returned products left out.</summary>
    public IReadOnlyList<PastPurchase[]> Histories { get; }

    public IReadOnlyList<PastView[]> Views { get; }

    /// <summary>The 25 types below their categories; of none is it said what kind it is.</summary>
    public ItemTypes Types { get; }

    public static int TypeIndex(string name) => Catalogue.Types.ToList().FindIndex(type => type.Name == name);

    private static PastPurchase[] History(DemoShopper shopper) =>
        [.. shopper.Orders.SelectMany((order, number) => order.Lines
            .Where(line => order.Cancellation?.Items.Contains(line) != true && order.Return?.Items.Contains(line) != true)
            .Select(line => new PastPurchase(number, line.Product, order.PlacedAt.ToUnixTimeSeconds(), line.Quantity)))];
}
