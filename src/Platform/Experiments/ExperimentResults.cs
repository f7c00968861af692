using Wellmet.Science.Experiments;

namespace Wellmet.Platform.Experiments;

/// <summary>What came of an experiment up to now.</summary>
/// <param name="SampleRatio">Whether the variants got their shares; where not, nothing below can be trusted.</param>
/// <param name="Metrics">All three; the one that decides is the plan's. None of an interleaved experiment: everybody saw both variants.</param>
public sealed record ExperimentResults(Experiment Experiment, SampleRatio SampleRatio, IReadOnlyList<VariantCounts> Variants, IReadOnlyList<MetricResult> Metrics)
{
    /// <summary>Which variant units prefer by what they choose; null where each was shown one variant alone.</summary>
    public Preference? Choices { get; init; }

    /// <summary>The metric that decides; null of an interleaved experiment, which <see cref="Choices"/> decide.</summary>
    public MetricResult? Decisive => Metrics.FirstOrDefault(m => m.Metric == Experiment.Plan.Metric);

    /// <summary>
    /// Guardrails that are surely broken: all of the range that holds however often one looks, for all guardrails and variants together (<see cref="Comparison.Guarded"/>), lies below what is allowed. None where the parts do not fit, as no
    /// figure can be believed then.
    /// </summary>
    public IEnumerable<(Guardrail Guardrail, Comparison Comparison)> Broken =>
        from guardrail in Experiment.Plan.Guardrails
        let metric = Metrics.Single(m => m.Metric == guardrail.Metric)
        from comparison in metric.Comparisons
        where !SampleRatio.IsMismatch && metric.Means[0] > 0 && comparison.Guarded.High < -guardrail.MaxDrop * metric.Means[0]
        select (guardrail, comparison);
}

/// <param name="Score">Units by what they prefer: A is the control. A unit without a choice, or with as many from both, is a tie.</param>
/// <param name="Days">How the interval narrowed, for a picture.</param>
public sealed record Preference(InterleavingScore Score, IReadOnlyList<DayOfPreference> Days)
{
    /// <summary>May be watched; the smallest of all days.</summary>
    public double PValue => Days.Count == 0 ? 1 : Days[^1].PValue;
}

/// <param name="Share">Of the units that prefer one, those that prefer the other one than the control.</param>
/// <param name="AlwaysValid">Holds the true share however often one looks.</param>
/// <param name="PValue">As of this day; never rises.</param>
public sealed record DayOfPreference(DateOnly Day, double Share, Interval AlwaysValid, double PValue);

/// <param name="Units">That were shown the variant; of a mixed list, whose first product it gave.</param>
/// <param name="Exposures">Days on which they were, summed over units.</param>
/// <param name="Clicked">Units that clicked.</param>
/// <param name="Converted">Units that converted.</param>
public sealed record VariantCounts(string Name, long Units, long Exposures, long Clicked, long Converted, long RevenueMinor);

/// <param name="Means">Per unit, by variant; of clicks and conversions the share of units; of revenue as adjusted by what was known before (CUPED).</param>
/// <param name="VarianceLeft">What share of the variance the adjustment left; 1 for rates.</param>
/// <param name="Comparisons">Each other variant with the control.</param>
/// <param name="NeededUnits">For each variant, to find the plan's difference at one look with a power of 80 %; null before anything is known.</param>
public sealed record MetricResult(ExperimentMetric Metric, IReadOnlyList<double> Means, double VarianceLeft, IReadOnlyList<Comparison> Comparisons, long? NeededUnits);

/// <summary>A variant against the control.</summary>
/// <param name="Difference">Of the means.</param>
/// <param name="Lift">The same over the control's mean; 0 where that is 0.</param>
/// <param name="AlwaysValid">Holds the difference however often one looks.</param>
/// <param name="PValue">May be watched; the smallest of all days, adjusted for the number of variants (Holm).</param>
/// <param name="FixedSize">Welch's interval: narrower, and right at one look only, at a size planned before.</param>
/// <param name="FixedSizePValue">Of it.</param>
/// <param name="Power">Probability that Welch's test finds the plan's difference at this size.</param>
/// <param name="Days">How the always-valid interval narrowed, for a picture.</param>
public sealed record Comparison(
    string Variant, double Difference, double Lift, Interval AlwaysValid, double PValue, Interval FixedSize, double FixedSizePValue, double Power, IReadOnlyList<DayOfComparison> Days)
{
    /// <summary>Holds the difference however often one looks, together with those of all guardrails and variants, in 95 of 100 experiments (Bonferroni): what guards the shop must not stop what does no harm because it looks at much.</summary>
    public Interval Guarded { get; init; } = AlwaysValid;
}

/// <param name="PValue">As of this day, not adjusted; never rises.</param>
public sealed record DayOfComparison(DateOnly Day, double Difference, Interval AlwaysValid, double PValue);
