using Wellmet.Science.Statistics;

namespace Wellmet.Science.Recommenders;

/// <summary>The filter of <see cref="SpectralFilter"/>.</summary>
/// <param name="Dimensions">Leading singular directions that pass.</param>
/// <param name="Iterations">Subspace iterations.</param>
/// <param name="ItemExponent">An item that n customers bought is scaled by n^-exponent.</param>
public sealed record SpectralFilterSettings(int Dimensions = 256, int Iterations = 4, float ItemExponent = 0.5f);

/// <summary>
/// The ideal low-pass filter of GF-CF (Shen et al., "How powerful is graph convolution for recommendation?", CIKM 2021): with the normalised
/// purchases R = D_u^-1/2 X D_i^-1/2 and its leading right singular vectors V, a customer's scores are x D_i^-1/2 V Vᵀ D_i^1/2. V comes from randomised
/// subspace iteration (Halko, Martinsson and Tropp, "Finding structure with randomness", SIAM Review 2011).
/// </summary>
public static class SpectralFilter
{
    private const ulong Seed = 20110607;

    /// <summary>Learns V. Time: 2 iterations × purchases × dimensions multiplications, and as many × items × dimensions². Memory: (users + items) × dimensions floats.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A setting is not above 0.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static SpectralFactors Train(Interactions interactions, SpectralFilterSettings? settings = null, TrainingRun run = default)
    {
        ArgumentNullException.ThrowIfNull(interactions);
        settings ??= new SpectralFilterSettings();
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(settings.Dimensions, 0);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(settings.Iterations, 0);
        var scales = new float[interactions.ItemCount];
        for (var item = 0; item < scales.Length; item++)
        {
            scales[item] = MathF.Pow(Math.Max(1, interactions.Items.RowLength(item)), settings.ItemExponent);
        }

        var userScales = new float[interactions.UserCount];
        for (var user = 0; user < userScales.Length; user++)
        {
            userScales[user] = 1 / MathF.Sqrt(Math.Max(1, interactions.Users.RowLength(user)));
        }

        var inverse = Array.ConvertAll(scales, scale => 1 / scale);
        var silent = run with { Finished = null };
        var basis = Start(interactions.ItemCount, settings.Dimensions);
        var customers = new DenseMatrix(interactions.UserCount, settings.Dimensions);
        for (var iteration = 0; iteration < settings.Iterations; iteration++)
        {
            basis = Orthonormal(basis, silent);
            Multiply(interactions.Users, userScales, inverse, basis, customers, silent);
            Multiply(interactions.Items, inverse, userScales, customers, basis, silent);
        }

        return new SpectralFactors(Orthonormal(basis, silent), scales);
    }

    /// <summary>Directions that purchases do not fill, as in a shop with fewer items than dimensions, shrink to nothing.</summary>
    private static DenseMatrix Orthonormal(DenseMatrix basis, TrainingRun run)
    {
        const float negligible = 1e-5f;
        var mean = Dense.Dot(basis.Values, basis.Values) / basis.Columns;
        return Whitening.Apply(basis, mean > 0 ? mean * negligible : 1, run);
    }

    /// <summary>target = diag(rowScales) X diag(columnScales) source, with X taken as 0/1.</summary>
    private static void Multiply(SparseMatrix x, float[] rowScales, float[] columnScales, DenseMatrix source, DenseMatrix target, TrainingRun run) =>
        ItemLoop.Run(x.RowCount, run, () => 0, (row, _) =>
        {
            var sum = target.Row(row);
            sum.Clear();
            foreach (var column in x.Columns(row))
            {
                Dense.AddScaled(rowScales[row] * columnScales[column], source.Row(column), sum);
            }
        });

    private static DenseMatrix Start(int items, int dimensions)
    {
        var random = new SeededRandom(Seed);
        var basis = new DenseMatrix(items, dimensions);
        for (var item = 0; item < items; item++)
        {
            foreach (ref var value in basis.Row(item)[..dimensions])
            {
                value = (float)(2 * random.NextDouble() - 1);
            }
        }

        return basis;
    }
}
