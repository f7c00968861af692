using System.Runtime.InteropServices;
using Wellmet.Science.Statistics;

namespace Wellmet.Science.Recommenders.Places;

/// <summary>
/// Counts sales place by place and ranks them; see <see cref="RegionalBestsellers"/>. Memory: one number per place and item that was sold there,
/// and while ranking one per item for each place on the way down from the root.
/// </summary>
/// <param name="places">The tree.</param>
/// <param name="itemCount">Number of items.</param>
/// <param name="now">What sales are counted back from, seconds since 1970-01-01 UTC.</param>
/// <param name="settings">Null for the defaults.</param>
public sealed class RegionalBestsellersTrainer(PlaceTree places, int itemCount, long now, RegionalSettings? settings = null)
{
    private const double Bound = 0.10;

    private readonly RegionalSettings _settings = settings ?? new RegionalSettings();
    private readonly Dictionary<int, double>[] _sold = [.. Enumerable.Range(0, places.Count).Select(_ => new Dictionary<int, double>())];

    /// <summary>Adds one order line, to its place and all around it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The place or the item is unknown.</exception>
    public void Add(Sale sale)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)sale.Place, (uint)places.Count, nameof(sale));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)sale.Item, (uint)itemCount, nameof(sale));
        var weight = Recency.Weight(sale.Time, now, _settings.HalfLifeDays);
        for (var place = sale.Place; place != PlaceTree.Nowhere; place = places.ParentOf(place))
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_sold[place], sale.Item, out _) += weight;
        }
    }

    /// <summary>Ranks what was added so far.</summary>
    public RegionalBestsellers Train()
    {
        var totals = _sold.Select(sold => sold.Values.Order().Sum()).ToArray();
        var rows = new Rows(new Neighbour[places.Count][], new Neighbour[places.Count][], totals, Enumerable.Range(1, places.Count - 1).ToLookup(places.ParentOf));
        Rank(0, new double[itemCount], rows);
        return new RegionalBestsellers(places, PlaceRanking.FromRows(rows.Shares), PlaceRanking.FromRows(rows.Ratios));
    }

    /// <summary>Ranks a place and all in it; only the shares of the places around it are in memory.</summary>
    private void Rank(int place, double[] sharesAround, Rows rows)
    {
        var around = places.ParentOf(place);
        var shares = Shares(_sold[place], rows.Totals[place], sharesAround, around == PlaceTree.Nowhere ? 0 : _settings.Shrinkage);
        rows.Shares[place] = Largest(shares);
        rows.Ratios[place] = around == PlaceTree.Nowhere ? [] : Ratios(_sold[place], rows.Totals[place], _sold[around], rows.Totals[around], sharesAround);
        foreach (var child in rows.Children[place])
        {
            Rank(child, shares, rows);
        }
    }

    private static double[] Shares(Dictionary<int, double> sold, double total, double[] around, double shrinkage)
    {
        var shares = new double[around.Length];
        var kept = total + shrinkage > 0 ? shrinkage / (total + shrinkage) : 0;
        for (var item = 0; item < shares.Length; item++)
        {
            shares[item] = kept * around[item];
        }

        foreach (var (item, sales) in sold)
        {
            shares[item] += sales / (total + shrinkage);
        }

        return shares;
    }

    private Neighbour[] Largest(double[] shares)
    {
        var best = new BoundedRanking(_settings.Items);
        for (var item = 0; item < shares.Length; item++)
        {
            if (shares[item] > 0)
            {
                best.Offer(new Neighbour(item, (float)shares[item]));
            }
        }

        return best.Take();
    }

    private Neighbour[] Ratios(Dictionary<int, double> here, double total, Dictionary<int, double> around, double totalAround, double[] sharesAround)
    {
        var best = new BoundedRanking(_settings.Items);
        foreach (var (item, sold) in here)
        {
            // What sells here must not raise what it is compared with: only the rest of the place around counts, shrunk to the whole.
            var rest = around[item] - sold + (_settings.Shrinkage * sharesAround[item]);
            var expected = total * rest / (totalAround - total + _settings.Shrinkage);
            var ratio = new GammaDistribution(_settings.RatioPrior + sold, _settings.RatioPrior + expected).Quantile(Bound);
            if (ratio >= _settings.MinRatio)
            {
                best.Offer(new Neighbour(item, (float)ratio));
            }
        }

        return best.Take();
    }

    private sealed record Rows(Neighbour[][] Shares, Neighbour[][] Ratios, double[] Totals, ILookup<int, int> Children);
}
