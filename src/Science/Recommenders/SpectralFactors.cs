namespace Wellmet.Science.Recommenders;

/// <summary>What <see cref="SpectralFilter"/> learned of the items. Immutable; safe for any number of threads.</summary>
public sealed class SpectralFactors
{
    internal SpectralFactors(DenseMatrix basis, float[] scales) => (Basis, Scales) = (basis, scales);

    /// <summary>Number of items.</summary>
    public int ItemCount => Basis.Rows;

    /// <summary>Numbers per item.</summary>
    public int Dimensions => Basis.Columns;

    /// <summary>V, one row per item.</summary>
    internal DenseMatrix Basis { get; }

    /// <summary>D^1/2, one number per item.</summary>
    internal float[] Scales { get; }
}

/// <summary>Applies <see cref="SpectralFactors"/> to one customer at a time. The buffers are kept; one instance per thread.</summary>
internal sealed class SpectralReader(SpectralFactors factors)
{
    private readonly float[] _taste = new float[factors.Basis.Stride];

    /// <summary>Turns to a customer.</summary>
    public void Solve(ReadOnlySpan<int> owned, ReadOnlySpan<float> weights)
    {
        _taste.AsSpan().Clear();
        for (var i = 0; i < owned.Length; i++)
        {
            Dense.AddScaled(Scaled(owned[i], weights, i), factors.Basis.Row(owned[i]), _taste);
        }
    }

    /// <summary>The current customer's score of an item.</summary>
    public float Score(int item) => factors.Scales[item] * Dense.Dot(_taste, factors.Basis.Row(item));

    /// <summary>Adds what each own item contributes to <see cref="Score"/> times <paramref name="share"/>.</summary>
    public void AddContributions(ReadOnlySpan<int> owned, ReadOnlySpan<float> weights, int item, float share, Span<float> contributions)
    {
        for (var i = 0; i < owned.Length; i++)
        {
            contributions[i] += share * factors.Scales[item] * Scaled(owned[i], weights, i) * Dense.Dot(factors.Basis.Row(owned[i]), factors.Basis.Row(item));
        }
    }

    private float Scaled(int item, ReadOnlySpan<float> weights, int at) => (weights.IsEmpty ? 1 : weights[at]) / factors.Scales[item];
}
