namespace Wellmet.Science.Recommenders.Places;

/// <summary>One order line at a place. Pieces do not count: one bulk order is no bestseller.</summary>
/// <param name="Place">Where it went.</param>
/// <param name="Item">Product index.</param>
/// <param name="Time">Seconds since 1970-01-01 UTC.</param>
public readonly record struct Sale(int Place, int Item, long Time);

/// <summary>What sells where, and what sells there more than elsewhere.</summary>
public sealed record RegionalSettings
{
    /// <summary>A sale counts half after this many days.</summary>
    public double HalfLifeDays { get; init; } = 14;

    /// <summary>κ: sales of prior belief that a place buys as the place around it.</summary>
    public double Shrinkage { get; init; } = 500;

    /// <summary>Items kept per place.</summary>
    public int Items { get; init; } = 200;

    /// <summary>How many times as much as elsewhere "popular near you" means, with 90 % certainty.</summary>
    public double MinRatio { get; init; } = 1.2;

    /// <summary>Sales of prior belief that an item sells at a place as it does around it, of the Gamma-Poisson bound.</summary>
    public double RatioPrior { get; init; } = 1;
}

/// <summary>
/// Bestsellers of each place of a tree. Decayed sales s = Σ 2^(-age / half-life) go to the place and all around it; the share of an item is shrunk to
/// that of the place around: p_ri = (s_ri + κ p_parent,i) / (s_r + κ). "Popular near you" is what sells more at a place than in the rest of the place
/// around it: the lower 90 % bound of the ratio, whose posterior is Gamma(prior + s_ri, prior + expected). Immutable; reading allocates nothing.
/// </summary>
public sealed class RegionalBestsellers
{
    private readonly PlaceTree _places;

    /// <param name="places">The tree.</param>
    /// <param name="bestsellers">Per place the items with the largest share, and the shares, of any length; rows are places.</param>
    /// <param name="nearYou">Per place the items that sell more than elsewhere, and the lower bounds; rows are places.</param>
    /// <exception cref="ArgumentException">The rows are not the places.</exception>
    public RegionalBestsellers(PlaceTree places, PlaceRanking bestsellers, PlaceRanking nearYou)
    {
        ArgumentNullException.ThrowIfNull(places);
        ArgumentNullException.ThrowIfNull(bestsellers);
        ArgumentNullException.ThrowIfNull(nearYou);
        if (bestsellers.PlaceCount != places.Count || nearYou.PlaceCount != places.Count)
        {
            throw new ArgumentException($"{places.Count} places but rankings of {bestsellers.PlaceCount} and {nearYou.PlaceCount}.");
        }

        (_places, Shares, Ratios) = (places, bestsellers, nearYou);
    }

    /// <summary>Per place the largest shares p_ri, to be saved.</summary>
    public PlaceRanking Shares { get; }

    /// <summary>Per place the lower bounds of the ratio to the rest of the place around it, to be saved.</summary>
    public PlaceRanking Ratios { get; }

    /// <summary>What sells best at a place: copies the eligible items and returns how many there were. Every place has some as soon as anything was sold anywhere.</summary>
    /// <param name="place">Where.</param>
    /// <param name="eligible">The items that may be shown; null for all.</param>
    /// <param name="results">Filled from the front with items and their shares.</param>
    public int Top(int place, ItemSet? eligible, Span<Neighbour> results) => Copy(Shares.Of(place), eligible, results);

    /// <summary>What sells at a place more than around it; where nothing does, what sells more in the place around, and so on. The score is how many times as much at least.</summary>
    /// <inheritdoc cref="Top" path="/param"/>
    /// <param name="from">The place that the answer is about; <see cref="PlaceTree.Nowhere"/> where there is none.</param>
    public int NearYou(int place, ItemSet? eligible, Span<Neighbour> results, out int from)
    {
        for (from = place; from != PlaceTree.Nowhere; from = _places.ParentOf(from))
        {
            if (Copy(Ratios.Of(from), eligible, results) is var count and > 0)
            {
                return count;
            }
        }

        return 0;
    }

    private static int Copy(ReadOnlySpan<Neighbour> ranking, ItemSet? eligible, Span<Neighbour> results)
    {
        var count = 0;
        for (var at = 0; at < ranking.Length && count < results.Length; at++)
        {
            if (eligible is null || eligible.Contains(ranking[at].Item))
            {
                results[count++] = ranking[at];
            }
        }

        return count;
    }
}
