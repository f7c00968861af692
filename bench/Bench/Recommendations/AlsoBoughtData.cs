using Wellmet.Science.Recommenders;

namespace Wellmet.Bench.Recommendations;

/// <summary>Purchases to learn from, and for some items what is known to be also bought.</summary>
internal sealed record AlsoBoughtData(Interactions Interactions, IReadOnlyList<(int Item, HashSet<int> Also)> Truth)
{
    private const double Quarter = 91.3 * 86_400;

    /// <param name="interactions">One line a customer: the customer, then the items in time order.</param>
    /// <param name="truth">One line an item: the item, then what is also bought. Items that nobody took do not count.</param>
    public static AlsoBoughtData Read(string interactions, string truth)
    {
        var file = SequenceFile.Read(interactions);
        var sequences = file.Sequences;
        var (purchases, order) = (new List<Purchase>(sequences.Length), 0);
        for (var customer = 0; customer < sequences.Count; customer++)
        {
            var time = 0;
            foreach (var item in sequences.Of(customer))
            {
                purchases.Add(new Purchase(customer, order++, item, time++, 1));
            }
        }
        return new AlsoBoughtData(
            InteractionsBuilder.Build(purchases, sequences.Count, sequences.ItemCount),
            KnownPairs(SequenceFile.Fields(truth).Select(fields => (file.ItemOf(fields[0]), fields[1..].Select(file.ItemOf)))));
    }

    /// <summary>
    /// A sales file in the layout of UCI Online Retail, split in time. Truth: pairs with at least three common customers in the last quarter and three standard
    /// deviations above chance there.
    /// </summary>
    public static AlsoBoughtData LastQuarter(string file)
    {
        var lines = SalesLine.Read(file);
        var items = SalesLine.Index(lines.Select(line => line.Item));
        var cut = lines.Max(line => line.Time) - (long)Quarter;
        var before = Build(lines.Where(line => line.Time < cut), items);
        var after = AlsoBought.Train(
            Build(lines.Where(line => line.Time >= cut), items),
            AlsoBoughtSettings.Cosine(items.Count) with { MinCustomers = 3, MinUnusualness = 3 });
        return new AlsoBoughtData(
            before,
            KnownPairs(Enumerable.Range(0, items.Count).Where(item => before.Items.RowLength(item) > 0).Select(item => (item, after.Of(item).ToArray().Select(n => n.Item)))));
    }

    private static List<(int, HashSet<int>)> KnownPairs(IEnumerable<(int Item, IEnumerable<int> Also)> lists) =>
        [.. lists.Select(list => (list.Item, Also: list.Also.Where(item => item >= 0 && item != list.Item).ToHashSet())).Where(list => list.Item >= 0 && list.Also.Count > 0)];

    private static Interactions Build(IEnumerable<SalesLine> lines, Dictionary<string, int> items)
    {
        var known = lines.ToArray();
        return SalesLine.Build(known, SalesLine.Index(known.Select(line => line.Customer)), items);
    }
}
