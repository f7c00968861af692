using Wellmet.Science.Statistics;

namespace Wellmet.Science.Recommenders;

/// <summary>The factorisation of <see cref="ImplicitAls"/>.</summary>
/// <param name="Dimensions">Numbers per item and customer.</param>
/// <param name="Alpha">What a purchase of weight 1 counts beside an item that was not bought, which counts 1.</param>
/// <param name="Regularization">Penalty on the squared factors, in the same unit.</param>
/// <param name="Sweeps">How often customers and items are solved for in turn.</param>
public sealed record ImplicitAlsSettings(int Dimensions = 256, float Alpha = 40, float Regularization = 20, int Sweeps = 15);

/// <summary>
/// Matrix factorisation for purchases without ratings: minimises Σ over purchases of α w (1 - p_u·q_i)² + Σ over all pairs of (p_u·q_i)² +
/// λ (|P|² + |Q|²) by alternating least squares (Hu, Koren and Volinsky, "Collaborative filtering for implicit feedback datasets", ICDM 2008; the
/// loss is the one of Rendle et al., "Revisiting the performance of iALS", RecSys 2022). Each least-squares problem takes three steps of conjugate
/// gradients from where it was (Takács, Pilászy and Tikk, "Applications of the conjugate gradient method for implicit feedback", RecSys 2011).
/// </summary>
public static class ImplicitAls
{
    private const ulong Seed = 20081215;
    private const float StartSize = 0.01f;

    /// <summary>Learns the items' factors; those of the customers are not kept, for they are solved for anew from their purchases.</summary>
    /// <remarks>Time per sweep: 4 (users + items) d² + 8 purchases d multiplications. Memory: (users + items) d floats.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">A setting is not above 0.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static ItemFactors Train(Interactions interactions, ImplicitAlsSettings? settings = null, TrainingRun run = default)
    {
        ArgumentNullException.ThrowIfNull(interactions);
        settings ??= new ImplicitAlsSettings();
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(settings.Dimensions, 0);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(settings.Alpha, 0);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(settings.Regularization, 0);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(settings.Sweeps, 0);
        var customers = new DenseMatrix(interactions.UserCount, settings.Dimensions);
        var items = Start(interactions.ItemCount, settings.Dimensions);
        var silent = run with { Finished = null };
        for (var sweep = 0; sweep < settings.Sweeps; sweep++)
        {
            LeastSquares.Improve(customers, items, interactions.Users, settings, silent);
            LeastSquares.Improve(items, customers, interactions.Items, settings, silent);
            run.Finished?.Invoke((int)((sweep + 1L) * items.Rows / settings.Sweeps - (long)sweep * items.Rows / settings.Sweeps));
        }

        return new ItemFactors(Whitening.Apply(items, settings.Regularization, silent), settings.Alpha);
    }

    private static DenseMatrix Start(int items, int dimensions)
    {
        var random = new SeededRandom(Seed);
        var factors = new DenseMatrix(items, dimensions);
        for (var item = 0; item < items; item++)
        {
            foreach (ref var value in factors.Row(item)[..dimensions])
            {
                value = StartSize * (float)(2 * random.NextDouble() - 1);
            }
        }

        return factors;
    }
}
