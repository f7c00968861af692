using Wellmet.Science.Products;

namespace Wellmet.Science.Recommenders.Offers;

/// <summary>What is known of how good a product is.</summary>
/// <param name="Price">In minor units of one currency; 0 where it is not known.</param>
/// <param name="Rating">Mean of its ratings, 1 to 5; any number where there are none.</param>
/// <param name="Ratings">How many ratings.</param>
/// <param name="Sales">Orders with it, recent ones counting more.</param>
public readonly record struct QualityEvidence(long Price, float Rating, int Ratings, float Sales);

/// <summary>
/// How good each product is among those of its type, in [0, 1]: its places (mid-ranks) by rating (half the weight; the mean shrunk to the type's with five
/// ratings), by sales (0.3) and by price (0.2). What is known of no product of the type is left out. Immutable; reading allocates nothing.
/// </summary>
public sealed class ItemQuality
{
    private const float RatingWeight = 0.5f, SalesWeight = 0.3f, PriceWeight = 0.2f;
    private const double RatingPrior = 5;

    private readonly QualityEvidence[] _evidence;
    private readonly float[] _quality;
    private readonly float[] _approval;

    /// <param name="types">The items' types.</param>
    /// <param name="evidence">One per item.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public ItemQuality(ItemTypes types, ReadOnlySpan<QualityEvidence> evidence)
    {
        ArgumentNullException.ThrowIfNull(types);
        if (evidence.Length != types.ItemCount)
        {
            throw new ArgumentException($"{types.ItemCount} items but {evidence.Length} of evidence.", nameof(evidence));
        }

        (Types, _evidence) = (types, evidence.ToArray());
        (_quality, _approval) = (new float[evidence.Length], new float[evidence.Length]);
        Array.Fill(_approval, float.NaN);
        foreach (var type in Enumerable.Range(0, evidence.Length).GroupBy(types.Of).Where(type => type.Key != TypeTree.None))
        {
            Judge([.. type]);
        }
    }

    /// <summary>The items' types.</summary>
    public ItemTypes Types { get; }

    /// <summary>In [0, 1], among the items of the same type; 0 for an item without a type.</summary>
    public float Of(int item) => _quality[item];

    /// <summary>The place by rating, or where nobody has rated any of the type by sales, in [0, 1]; not a number where nobody has bought any either.</summary>
    public float ApprovalOf(int item) => _approval[item];

    /// <summary>In minor units; 0 where it is not known.</summary>
    public long PriceOf(int item) => _evidence[item].Price;

    private void Judge(int[] items)
    {
        var rated = items.Where(item => _evidence[item].Ratings > 0).ToArray();
        var mean = rated.Length == 0 ? 0 : rated.Average(item => (double)_evidence[item].Rating);
        var rating = rated.Length == 0 ? null : Places(items, item => _evidence[item].Ratings == 0
            ? mean : ((_evidence[item].Rating * _evidence[item].Ratings) + (mean * RatingPrior)) / (_evidence[item].Ratings + RatingPrior));
        var sales = Array.TrueForAll(items, item => _evidence[item].Sales == 0) ? null : Places(items, item => _evidence[item].Sales);
        var price = Array.TrueForAll(items, item => _evidence[item].Price == 0) ? null : Places(items, item => _evidence[item].Price);
        for (var at = 0; at < items.Length; at++)
        {
            _approval[items[at]] = (rating ?? sales)?[at] ?? float.NaN;
            var quality = Mean(at, (rating, RatingWeight), (sales, SalesWeight), (price, PriceWeight));
            _quality[items[at]] = float.IsNaN(quality) ? 0 : quality;
        }
    }

    private static float Mean(int at, params ReadOnlySpan<(float[]? Places, float Weight)> parts)
    {
        var (sum, weights) = (0f, 0f);
        foreach (var (places, weight) in parts)
        {
            sum += places is null ? 0 : weight * places[at];
            weights += places is null ? 0 : weight;
        }

        return sum / weights;
    }

    /// <summary>Share of the other items below each one, equals counting half; 0.5 for the only one.</summary>
    private static float[] Places(int[] items, Func<int, double> valueOf)
    {
        var values = Array.ConvertAll(items, item => valueOf(item));
        var sorted = values.Order().ToArray();
        return Array.ConvertAll(values, value =>
        {
            var (below, upTo) = (LowerBound(sorted, value, orEqual: false), LowerBound(sorted, value, orEqual: true));
            return items.Length == 1 ? 0.5f : (below + ((upTo - below - 1) / 2f)) / (items.Length - 1);
        });
    }

    /// <summary>How many are below the value, or at most equal to it.</summary>
    private static int LowerBound(double[] sorted, double value, bool orEqual)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = sorted[middle] < value || (orEqual && sorted[middle] == value) ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
