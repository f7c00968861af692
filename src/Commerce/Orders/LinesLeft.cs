namespace Wellmet.Commerce.Orders;

/// <summary>What was cancelled or came back of an order.</summary>
/// <param name="UnitPrice">In 1/10000; null where it is not known of which line it was.</param>
internal sealed record GoneItems(string Sku, long? UnitPrice, long Quantity);

/// <summary>
/// How much of each line is left. What is gone at a known price is taken from the lines with that price; the rest from the lines of the
/// code in their order, so that a code that was sold at two prices is never paid back at one of them for all.
/// </summary>
internal static class LinesLeft
{
    public static List<OrderLineRow> Of(List<OrderLineRow> lines, IReadOnlyList<GoneItems> gone)
    {
        var left = lines.ConvertAll(l => l.Kind == LineKind.Adjustment ? 0 : l.Quantity);
        var unplaced = gone.Select(g => g with { Quantity = g.UnitPrice is null ? g.Quantity : Take(g, l => l.UnitPrice == g.UnitPrice) }).ToList();
        unplaced.ForEach(g => Take(g, _ => true));
        var ordered = lines.Where(l => l.Kind != LineKind.Adjustment).ToLookup(l => l.Sku, l => l.Quantity);
        var goneOf = gone.ToLookup(g => g.Sku, g => g.Quantity);
        return [.. lines.Select((l, i) => l with { Left = ordered[l.Sku].Sum() - goneOf[l.Sku].Sum(), LineLeft = left[i] })];

        long Take(GoneItems items, Func<OrderLineRow, bool> fits)
        {
            var rest = items.Quantity;
            for (var i = 0; i < lines.Count && rest > 0; i++)
            {
                if (lines[i].Sku == items.Sku && left[i] > 0 && fits(lines[i]))
                {
                    var taken = Math.Min(left[i], rest);
                    left[i] -= taken;
                    rest -= taken;
                }
            }
            return rest;
        }
    }
}
