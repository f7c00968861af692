using Wellmet.Science.Statistics;

namespace Wellmet.Science.Experiments;

/// <summary>A variant's mean of a metric per unit, and how sure it is.</summary>
/// <param name="Count">Units.</param>
/// <param name="Mean">Mean per unit.</param>
/// <param name="Variance">Variance between units (not of the mean).</param>
public readonly record struct MeanEstimate(long Count, double Mean, double Variance)
{
    /// <summary>The variance of the mean; infinite without units.</summary>
    public double VarianceOfMean => Count == 0 ? double.PositiveInfinity : Variance / Count;

    public static MeanEstimate Of(SampleMoments sample) => new(sample.Count, sample.Mean, sample.Variance);

    /// <summary>Of units that did or did not.</summary>
    public static MeanEstimate OfProportion(long count, long successes) => Of(SampleMoments.OfProportion(count, successes));
}
