namespace Wellmet.Science.Recommenders;

/// <summary>
/// Solves for one customer's factors from what they own, exactly, with the items' factors as they are. With c = α |w| for the confidence in an own
/// item and t for its target (1 for a positive weight, 0 for a negative one), p = (I + Σ c h hᵀ)⁻¹ Σ c t h; for less than d items through the
/// smaller system s = (diag(1/c) + K)⁻¹ t, K_ij = h_i·h_j, p = Σ s h. The buffers are kept; one instance per thread.
/// </summary>
internal sealed class FoldIn(ItemFactors factors)
{
    /// <summary>Below this confidence an own item says nothing.</summary>
    private const float Least = 1e-6f;

    private readonly Cholesky _cholesky = new(factors.Dimensions);
    private readonly float[] _taste = new float[factors.Whitened.Stride];
    private readonly float[] _solution = new float[factors.Whitened.Stride];
    private int _size;

    private bool IsSmall(int owned) => owned <= factors.Dimensions;

    /// <summary>Solves for a customer.</summary>
    public void Solve(ReadOnlySpan<int> owned, ReadOnlySpan<float> weights)
    {
        _taste.AsSpan().Clear();
        if (IsSmall(owned.Length))
        {
            FactorSmall(owned, weights);
            for (var i = 0; i < owned.Length; i++)
            {
                _solution[i] = Target(weights, i);
            }

            _cholesky.Solve(_size, _solution);
            for (var i = 0; i < owned.Length; i++)
            {
                Dense.AddScaled(_solution[i], factors.Whitened.Row(owned[i]), _taste);
            }

            return;
        }

        FactorLarge(owned, weights);
        for (var i = 0; i < owned.Length; i++)
        {
            Dense.AddScaled(Confidence(weights, i) * Target(weights, i), factors.Whitened.Row(owned[i]), _taste);
        }

        _cholesky.Solve(_size, _taste);
    }

    /// <summary>The customer's score of an item, p·h.</summary>
    public float Score(int item) => Dense.Dot(_taste, factors.Whitened.Row(item));

    /// <summary>
    /// Adds what each own item contributes to <see cref="Score"/> times <paramref name="share"/>: p·h_j = Σ over own items i of
    /// c_i t_i h_iᵀ A⁻¹ h_j (Hu, Koren and Volinsky, section 5). For the customer of the last <see cref="Solve"/>, the same items and weights.
    /// </summary>
    public void AddContributions(ReadOnlySpan<int> owned, ReadOnlySpan<float> weights, int item, float share, Span<float> contributions)
    {
        var target = factors.Whitened.Row(item);
        if (IsSmall(owned.Length))
        {
            // c h_iᵀ A⁻¹ h_j = [(diag(1/c) + K)⁻¹ k_j]_i, by the push-through identity.
            for (var i = 0; i < owned.Length; i++)
            {
                _solution[i] = Dense.Dot(factors.Whitened.Row(owned[i]), target);
            }

            _cholesky.Solve(_size, _solution);
            for (var i = 0; i < owned.Length; i++)
            {
                contributions[i] += share * Target(weights, i) * _solution[i];
            }

            return;
        }

        target.CopyTo(_solution);
        _cholesky.Solve(_size, _solution);
        for (var i = 0; i < owned.Length; i++)
        {
            contributions[i] += share * Target(weights, i) * Confidence(weights, i) * Dense.Dot(factors.Whitened.Row(owned[i]), _solution);
        }
    }

    private void FactorSmall(ReadOnlySpan<int> owned, ReadOnlySpan<float> weights)
    {
        _size = owned.Length;
        for (var i = 0; i < owned.Length; i++)
        {
            var row = _cholesky.Row(i);
            var own = factors.Whitened.Row(owned[i]);
            for (var j = i; j < owned.Length; j++)
            {
                row[j] = Dense.Dot(own, factors.Whitened.Row(owned[j]));
            }

            row[i] += 1 / Math.Max(Least, Confidence(weights, i));
        }

        Factor();
    }

    private void FactorLarge(ReadOnlySpan<int> owned, ReadOnlySpan<float> weights)
    {
        _size = factors.Dimensions;
        for (var row = 0; row < _size; row++)
        {
            _cholesky.Row(row).Clear();
            _cholesky.Row(row)[row] = 1;
        }

        for (var i = 0; i < owned.Length; i++)
        {
            var own = factors.Whitened.Row(owned[i]);
            var confidence = Confidence(weights, i);
            for (var row = 0; row < _size; row++)
            {
                Dense.AddScaled(confidence * own[row], own[row..], _cholesky.Row(row)[row..]);
            }
        }

        Factor();
    }

    private void Factor()
    {
        if (!_cholesky.TryFactor(_size))
        {
            throw new ArithmeticException("The weights are too large to solve for a customer's factors.");
        }
    }

    private float Confidence(ReadOnlySpan<float> weights, int at) => factors.Alpha * (weights.IsEmpty ? 1 : Math.Abs(weights[at]));

    private static float Target(ReadOnlySpan<float> weights, int at) => weights.IsEmpty || weights[at] > 0 ? 1 : 0;
}
