using Wellmet.Science.Statistics;

namespace Wellmet.Science.Experiments;

/// <summary>
/// Takes out of a metric what was known of the units before the experiment (CUPED: Deng, Xu, Kohavi and Walker, "Improving the sensitivity of online
/// controlled experiments by utilizing pre-experiment data", WSDM 2013): Y − θ (X − mean of X), θ = cov(X, Y) / var(X). The mean difference stays
/// unbiased, its variance falls to the share 1 − ρ², ρ being the correlation of before and now.
/// </summary>
/// <param name="Theta">The slope, one for all variants.</param>
/// <param name="Variants">Adjusted means and variances, in the order given.</param>
/// <param name="VarianceLeft">Adjusted over unadjusted variance within variants, about 1 − ρ²; 1 where nothing was gained.</param>
public sealed record Cuped(double Theta, IReadOnlyList<MeanEstimate> Variants, double VarianceLeft)
{
    /// <param name="variants">Outcome and covariate of each variant. The covariate must be from before the first exposure; a unit without one counts 0.</param>
    public static Cuped Adjust(IReadOnlyList<PairedMoments> variants)
    {
        ArgumentNullException.ThrowIfNull(variants);
        // Within the variants: between them stands the effect, which must not enter the slope.
        var spread = Within(variants, v => v.Before.Variance);
        var theta = spread > 0 ? Within(variants, v => v.Covariance) / spread : 0;
        var before = variants.Aggregate(new SampleMoments(), (sum, v) => sum + v.Before).Mean;
        var adjusted = variants.Select(v => new MeanEstimate(v.Outcome.Count, v.Outcome.Mean - theta * (v.Before.Mean - before),
            Math.Max(0, v.Outcome.Variance - 2 * theta * v.Covariance + theta * theta * v.Before.Variance))).ToList();
        var raw = Within(variants, v => v.Outcome.Variance);
        var left = variants.Select((v, i) => Math.Max(0, v.Outcome.Count - 1) * adjusted[i].Variance).Sum();
        return new Cuped(theta, adjusted, raw > 0 ? left / raw : 1);
    }

    private static double Within(IEnumerable<PairedMoments> variants, Func<PairedMoments, double> moment) => variants.Sum(v => Math.Max(0, v.Outcome.Count - 1) * moment(v));
}
