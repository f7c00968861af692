namespace Wellmet.Science.Recommenders;

/// <summary>How much the parts of <see cref="Taste"/> count beside the item-item weights, which count 1.</summary>
/// <param name="Als">Of <see cref="ImplicitAls"/>; 0 leaves it out.</param>
/// <param name="Spectral">Of <see cref="SpectralFilter"/>; 0 leaves it out.</param>
public readonly record struct TasteShares(float Als, float Spectral);

/// <summary>
/// What global structure says about a customer: a weighted sum of <see cref="ImplicitAls"/> and <see cref="SpectralFilter"/>, both computed from the
/// customer's items at request time. Immutable; safe for any number of threads.
/// </summary>
public sealed class Taste
{
    /// <param name="als">Null to leave it out.</param>
    /// <param name="spectral">Null to leave it out.</param>
    /// <param name="shares">How much each counts.</param>
    /// <param name="itemFactors">Multiplies the score of each item, such as <see cref="Trend"/>; null for 1 each.</param>
    /// <exception cref="ArgumentException">The parts are about different numbers of items.</exception>
    public Taste(ItemFactors? als, SpectralFactors? spectral, TasteShares shares, float[]? itemFactors = null)
    {
        (Als, Spectral, Shares, ItemFactors) = (als, spectral, shares, itemFactors);
        ItemCount = als?.ItemCount ?? spectral?.ItemCount ?? 0;
        if ((spectral?.ItemCount ?? ItemCount) != ItemCount || (itemFactors?.Length ?? ItemCount) != ItemCount)
        {
            throw new ArgumentException("The parts are about different numbers of items.");
        }
    }

    /// <summary>Number of items.</summary>
    public int ItemCount { get; }

    /// <summary>How much each part counts.</summary>
    public TasteShares Shares { get; }

    internal ItemFactors? Als { get; }

    internal SpectralFactors? Spectral { get; }

    internal float[]? ItemFactors { get; }
}

/// <summary>Applies <see cref="Taste"/> to one customer at a time. The buffers are kept; one instance per thread.</summary>
internal sealed class TasteReader(Taste taste)
{
    private readonly FoldIn? _als = taste.Als is { } als && taste.Shares.Als != 0 ? new FoldIn(als) : null;
    private readonly SpectralReader? _spectral = taste.Spectral is { } spectral && taste.Shares.Spectral != 0 ? new SpectralReader(spectral) : null;

    /// <summary>Turns to a customer.</summary>
    public void MoveTo(ReadOnlySpan<int> owned, ReadOnlySpan<float> weights)
    {
        _als?.Solve(owned, weights);
        _spectral?.Solve(owned, weights);
    }

    /// <summary>The current customer's score of an item.</summary>
    public float Score(int item) =>
        Factor(item) * ((taste.Shares.Als * _als?.Score(item) ?? 0) + (taste.Shares.Spectral * _spectral?.Score(item) ?? 0));

    /// <summary>Adds to each own item's place what it contributes to <see cref="Score"/>: the sum is the score.</summary>
    public void AddContributions(ReadOnlySpan<int> owned, ReadOnlySpan<float> weights, int item, Span<float> contributions)
    {
        _als?.AddContributions(owned, weights, item, Factor(item) * taste.Shares.Als, contributions);
        _spectral?.AddContributions(owned, weights, item, Factor(item) * taste.Shares.Spectral, contributions);
    }

    private float Factor(int item) => taste.ItemFactors is { } factors ? factors[item] : 1;
}
