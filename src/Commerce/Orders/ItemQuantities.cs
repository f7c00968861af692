using Wellmet.Commerce.Contract;
using Wellmet.Platform;

namespace Wellmet.Commerce.Orders;

/// <summary>How many of which product of an order something concerns.</summary>
public sealed record ItemQuantity(string Sku, long Quantity);

/// <summary>Part of an order's lines, checked against what is left of them.</summary>
internal sealed class ItemQuantities
{
    private readonly List<(OrderLineRow Line, long Quantity)> items;

    private ItemQuantities(List<(OrderLineRow, long)> items) => this.items = items;

    /// <exception cref="ProblemException"><c>items_missing</c>, <c>items_too_many</c>.</exception>
    public static ItemQuantities Of(IReadOnlyList<OrderLineRow> lines, IEnumerable<ItemQuantity> wanted)
    {
        var items = new List<(OrderLineRow, long)>();
        foreach (var item in wanted.Where(i => i.Quantity != 0).GroupBy(i => i.Sku).Select(g => new ItemQuantity(g.Key, g.Sum(i => i.Quantity))))
        {
            var line = lines.FirstOrDefault(l => l.Sku == item.Sku && l.Kind == LineKind.Product);
            if (line is null || item.Quantity < 0 || item.Quantity > line.Left)
            {
                throw new ProblemException("items_too_many", "Of {0}, at most {1} are left in this order.", 422, item.Sku, line?.Left ?? 0);
            }
            items.Add((line, item.Quantity));
        }
        return items.Count > 0 ? new ItemQuantities(items) : throw new ProblemException("items_missing", "Say how many of at least one product.", 422);
    }

    public IEnumerable<(OrderLineRow Line, long Quantity, long AmountMinor)> Items => items.Select(i => (i.Line, i.Quantity, Amount(i.Line, i.Quantity)));

    public long Units => items.Sum(i => i.Quantity);
    public long AmountMinor => Items.Sum(i => i.AmountMinor);

    public IReadOnlyList<OrderedProduct> Products =>
        [.. Items.Where(i => i.Line.ProductId is not null).Select(i => new OrderedProduct(i.Line.ProductId!.Value, i.Quantity, i.AmountMinor))];

    /// <summary>The share of what the whole line came to.</summary>
    private static long Amount(OrderLineRow line, long quantity) =>
        (long)Math.Round((decimal)line.AmountMinor * quantity / line.Quantity, 0, MidpointRounding.AwayFromZero);
}
