using Wellmet.Commerce.Contract;
using Wellmet.Platform;

namespace Wellmet.Commerce.Orders;

/// <summary>How many of which product of an order something concerns.</summary>
public sealed record ItemQuantity(string Sku, long Quantity);

/// <summary>Part of an order's lines, checked against what is left of them.</summary>
internal sealed class ItemQuantities
{
    private ItemQuantities(IReadOnlyList<Item> items) => Items = items;

    /// <param name="AmountMinor">The shares of what the lines came to.</param>
    public sealed record Item(string Sku, long UnitPrice, Guid? ProductId, long Quantity, long AmountMinor);

    /// <summary>One for each product and price.</summary>
    public IReadOnlyList<Item> Items { get; }

    public long Units => Items.Sum(i => i.Quantity);
    public long AmountMinor => Items.Sum(i => i.AmountMinor);

    public IReadOnlyList<OrderedProduct> Products => [.. Items.Where(i => i.ProductId is not null).GroupBy(i => i.ProductId!.Value)
        .Select(g => new OrderedProduct(g.Key, g.Sum(i => i.Quantity), g.Sum(i => i.AmountMinor)))];

    /// <exception cref="ProblemException"><c>items_missing</c>, <c>items_too_many</c>.</exception>
    public static ItemQuantities Of(IReadOnlyList<OrderLineRow> lines, IEnumerable<ItemQuantity> wanted)
    {
        var items = new List<Item>();
        foreach (var item in wanted.Where(i => i.Quantity != 0).GroupBy(i => i.Sku).Select(g => new ItemQuantity(g.Key, g.Sum(i => i.Quantity))))
        {
            var open = lines.Where(l => l.Sku == item.Sku && l.Kind == LineKind.Product).ToList();
            var left = open.Sum(l => l.LineLeft);
            if (item.Quantity < 0 || item.Quantity > left)
            {
                throw new ProblemException("items_too_many", "Of {0}, at most {1} are left in this order.", 422, item.Sku, left);
            }
            items.AddRange(Take(open, item.Quantity));
        }
        return items.Count > 0 ? new ItemQuantities(items) : throw new ProblemException("items_missing", "Say how many of at least one product.", 422);
    }

    /// <summary>As much of what is wanted as is left; nothing where nothing is.</summary>
    public static ItemQuantities AtMost(IReadOnlyList<OrderLineRow> lines, IEnumerable<ItemQuantity> wanted) => new(
    [
        .. wanted.Where(i => i.Quantity > 0).GroupBy(i => i.Sku).SelectMany(g => Take([.. lines.Where(l => l.Sku == g.Key && l.Kind == LineKind.Product)], g.Sum(i => i.Quantity))),
    ]);

    /// <summary>All products that are left; of an order that names none, all that it was charged.</summary>
    public static ItemQuantities Left(IReadOnlyList<OrderLineRow> lines)
    {
        var kind = lines.Any(l => l.Kind == LineKind.Product) ? LineKind.Product : LineKind.Charge;
        return new ItemQuantities([.. lines.Where(l => l.Kind == kind).GroupBy(l => l.Sku).SelectMany(g => Take([.. g], g.Sum(l => l.LineLeft)))]);
    }

    private static IEnumerable<Item> Take(List<OrderLineRow> lines, long quantity)
    {
        var taken = new List<Item>();
        foreach (var line in lines.TakeWhile(_ => quantity > 0))
        {
            var ofLine = Math.Min(line.LineLeft, quantity);
            quantity -= ofLine;
            taken.Add(new Item(line.Sku, line.UnitPrice, line.ProductId, ofLine, Amount(line, ofLine)));
        }
        return taken.Where(i => i.Quantity > 0).GroupBy(i => i.UnitPrice)
            .Select(g => g.First() with { Quantity = g.Sum(i => i.Quantity), AmountMinor = g.Sum(i => i.AmountMinor) });
    }

    private static long Amount(OrderLineRow line, long quantity) =>
        (long)Math.Round((decimal)line.AmountMinor * quantity / line.Quantity, 0, MidpointRounding.AwayFromZero);
}
