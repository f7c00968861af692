namespace Wellmet.Science.Statistics;

/// <summary>What a sample's mean and spread are known from; samples add up.</summary>
/// <param name="Count">Units, not events: each counts once with its total.</param>
public readonly record struct SampleMoments(long Count, double Sum, double SumOfSquares)
{
    /// <summary>0 of an empty sample.</summary>
    public double Mean => Count == 0 ? 0 : Sum / Count;

    /// <summary>The unbiased variance; 0 below two units.</summary>
    public double Variance => Count < 2 ? 0 : Math.Max(0, (SumOfSquares - Sum * Mean) / (Count - 1));

    /// <summary>The variance of the mean; 0 of an empty sample.</summary>
    public double VarianceOfMean => Count == 0 ? 0 : Variance / Count;

    public static SampleMoments operator +(SampleMoments a, SampleMoments b) => Add(a, b);

    /// <summary>The two samples together.</summary>
    public static SampleMoments Add(SampleMoments a, SampleMoments b) => new(a.Count + b.Count, a.Sum + b.Sum, a.SumOfSquares + b.SumOfSquares);

    /// <summary>Of units that did or did not: each is 1 or 0.</summary>
    public static SampleMoments OfProportion(long count, long successes) => new(count, successes, successes);

    public static SampleMoments Of(IEnumerable<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.Aggregate(new SampleMoments(), (m, v) => new SampleMoments(m.Count + 1, m.Sum + v, m.SumOfSquares + v * v));
    }
}

/// <summary>The moments of pairs: what was measured (y) and what was known of the unit before (x).</summary>
public readonly record struct PairedMoments(SampleMoments Outcome, SampleMoments Before, double SumOfProducts)
{
    /// <summary>The unbiased covariance; 0 below two units.</summary>
    public double Covariance => Outcome.Count < 2 ? 0 : (SumOfProducts - Outcome.Sum * Before.Mean) / (Outcome.Count - 1);

    public static PairedMoments operator +(PairedMoments a, PairedMoments b) => Add(a, b);

    /// <summary>The two samples together.</summary>
    public static PairedMoments Add(PairedMoments a, PairedMoments b) => new(a.Outcome + b.Outcome, a.Before + b.Before, a.SumOfProducts + b.SumOfProducts);

    public static PairedMoments Of(IEnumerable<(double Outcome, double Before)> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        return pairs.Aggregate(new PairedMoments(), (m, p) =>
            m + new PairedMoments(new SampleMoments(1, p.Outcome, p.Outcome * p.Outcome), new SampleMoments(1, p.Before, p.Before * p.Before), p.Outcome * p.Before));
    }
}
