using System.Runtime.InteropServices;
using Wellmet.Science.Products;

namespace Wellmet.Science.Recommenders.Types;

/// <summary>Which products of a complement type are offered.</summary>
/// <param name="PerItem">Complements kept per item.</param>
/// <param name="PerType">Of each complement type.</param>
/// <param name="Days">The companion comes in the same order or so many days later.</param>
/// <param name="Prior">Purchases of prior belief that the companions of an item sell as their type does everywhere.</param>
public sealed record ComplementItemsSettings(int PerItem = 20, int PerType = 6, double Days = 30, double Prior = 10);

/// <summary>
/// Learns which products go with a product, among the types that go with its type: types first, then items inside each
/// (Hao et al., "P-Companion", CIKM 2020). Score of j for i = share(t | s) × (n_ij + prior p_j|t) / (n_it + prior), so that an item nobody bought yet
/// has complements, too: what sells best of the type. Histories come one after the other; their order does not matter.
/// </summary>
/// <param name="types">The items' types.</param>
/// <param name="relations">Which types go together.</param>
/// <param name="settings">Null for the defaults.</param>
public sealed class ComplementItemsLearner(ItemTypes types, TypeRelations relations, ComplementItemsSettings? settings = null)
{
    private const double SecondsPerDay = 86_400;

    private readonly ComplementItemsSettings _settings = settings ?? new ComplementItemsSettings();
    private readonly Dictionary<long, int> _pairs = [];
    private readonly long[] _sales = new long[types.ItemCount];

    /// <summary>Adds one customer's lines, earliest first.</summary>
    public void Add(ReadOnlySpan<PastPurchase> history)
    {
        for (var at = 0; at < history.Length; at++)
        {
            _sales[history[at].Item]++;
            for (var with = at - 1; with >= 0 && history[with].Order == history[at].Order; with--)
            {
                Count(history[at].Item, history[with].Item);
            }

            for (var later = at + 1; later < history.Length && history[later].Time - history[at].Time <= _settings.Days * SecondsPerDay; later++)
            {
                Count(history[at].Item, history[later].Item);
            }
        }
    }

    /// <summary>What was learned so far: for each item its complements, best first.</summary>
    public Neighbours Learn()
    {
        var popular = Enumerable.Range(0, types.ItemCount).Where(item => types.Of(item) != TypeTree.None)
            .ToLookup(types.Of)
            .ToDictionary(type => type.Key, type => type.OrderByDescending(item => _sales[item]).ThenBy(item => item).ToArray());
        var sales = popular.ToDictionary(type => type.Key, type => type.Value.Sum(item => _sales[item]));
        var met = _pairs.OrderBy(pair => pair.Key).ToLookup(pair => (int)(pair.Key / types.ItemCount), pair => ((int)(pair.Key % types.ItemCount), pair.Value));
        var rows = new Neighbour[types.ItemCount][];
        for (var item = 0; item < rows.Length; item++)
        {
            rows[item] = Rank(item, [.. met[item]], popular, sales);
        }

        return Neighbours.FromRows(rows);
    }

    private void Count(int item, int other)
    {
        if (relations.LabelOf(types.Of(item), types.Of(other)) == TypeLabel.Complement)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_pairs, ((long)item * types.ItemCount) + other, out _)++;
        }
    }

    private Neighbour[] Rank(int item, (int Item, int Count)[] met, Dictionary<int, int[]> popular, Dictionary<int, long> sales)
    {
        if (types.Of(item) == TypeTree.None)
        {
            return [];
        }

        var all = new BoundedRanking(_settings.PerItem);
        foreach (var relation in relations.ComplementsOf(types.Of(item)))
        {
            if (!popular.TryGetValue(relation.Type, out var best))
            {
                continue;
            }

            var mine = met.Where(pair => types.Of(pair.Item) == relation.Type).ToDictionary(pair => pair.Item, pair => pair.Count);
            var ofType = new BoundedRanking(_settings.PerType);
            foreach (var other in mine.Keys.Union(best.Take(_settings.PerType)))
            {
                var prior = _settings.Prior * _sales[other] / Math.Max(1, sales[relation.Type]);
                var chance = (mine.GetValueOrDefault(other) + prior) / (mine.Values.Sum() + _settings.Prior);
                ofType.Offer(new Neighbour(other, (float)(relation.Share * chance)));
            }

            foreach (var offered in ofType.Take())
            {
                all.Offer(offered);
            }
        }

        return all.Take();
    }
}
