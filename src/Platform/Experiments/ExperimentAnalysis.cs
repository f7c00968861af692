using Wellmet.Science.Experiments;
using Wellmet.Science.Statistics;

namespace Wellmet.Platform.Experiments;

/// <summary>Makes results of counts.</summary>
internal static class ExperimentAnalysis
{
    private const double Alpha = 0.05;

    public static ExperimentResults Of(Experiment experiment, IReadOnlyList<DayCounts> days)
    {
        var variants = experiment.Plan.Variants;
        // After each day, one sum for each variant.
        var looks = new List<(DateOnly Day, DayCounts[] Sums)>();
        var sums = variants.Select((_, v) => new DayCounts(experiment.Id, default, v)).ToArray();
        foreach (var day in days.GroupBy(d => d.Day).OrderBy(g => g.Key))
        {
            sums = [.. sums.Select(s => day.Where(d => d.Variant == s.Variant).Aggregate(s, (sum, d) => sum.Plus(d)))];
            looks.Add((day.Key, sums));
        }
        return new ExperimentResults(experiment,
            SampleRatio.Test([.. sums.Select(s => s.Units)], [.. variants.Select(v => (double)v.Weight)]),
            [.. variants.Zip(sums, (v, s) => new VariantCounts(v.Name, s.Units, s.Exposures, s.Clicked, s.Converted, s.RevenueMinor))],
            experiment.Plan.Design == ExperimentDesign.Interleaved ? [] : [.. Enum.GetValues<ExperimentMetric>().Select(m => MetricOf(experiment.Plan, m, looks, sums))])
        {
            Choices = experiment.Plan.Design == ExperimentDesign.Interleaved ? PreferenceOf(looks, sums) : null,
        };
    }

    private static Preference PreferenceOf(List<(DateOnly Day, DayCounts[] Sums)> looks, DayCounts[] sums)
    {
        var scores = looks.ConvertAll(l => ScoreOf(l.Sums));
        var pValues = AlwaysValidTest.RunningMinimum(scores.Select(s => s.AlwaysValidPValue));
        return new Preference(ScoreOf(sums), [.. scores.Select((s, i) => new DayOfPreference(looks[i].Day, s.ShareOfB, s.AlwaysValidShareOfB, pValues[i]))]);

        static InterleavingScore ScoreOf(DayCounts[] of) => new(of[0].Wins, of[1].Wins, of.Sum(s => s.Units) - of[0].Wins - of[1].Wins);
    }

    private static MetricResult MetricOf(ExperimentPlan plan, ExperimentMetric metric, List<(DateOnly Day, DayCounts[] Sums)> looks, DayCounts[] sums)
    {
        var (estimates, varianceLeft) = Estimates(metric, sums);
        var mixing = MixingOf(plan, metric, looks);
        var tests = Enumerable.Range(1, plan.Variants.Count - 1).Select(v => DaysOf(metric, v, looks, mixing)).ToList();
        var adjusted = Holm.Adjust([.. tests.Select(days => days.Count == 0 ? 1 : days[^1].PValue)]);
        var control = estimates[0];
        var worthFinding = Math.Abs(plan.MinEffect * control.Mean);
        return new MetricResult(metric, [.. estimates.Select(e => e.Mean)], varianceLeft, [.. tests.Select((days, i) =>
        {
            var treatment = estimates[i + 1];
            var welch = WelchTest.Compare(control, treatment);
            return new Comparison(plan.Variants[i + 1].Name, welch.Difference, control.Mean == 0 ? 0 : welch.Difference / control.Mean,
                days.Count == 0 ? Interval.Unknown : days[^1].AlwaysValid, adjusted[i], welch.Interval, welch.PValue,
                SampleSize.Power(worthFinding, control.VarianceOfMean + treatment.VarianceOfMean), days)
            {
                Guarded = Test(metric, i + 1, sums, mixing, 1 - (Alpha / Math.Max(1, plan.Guardrails.Count * tests.Count))).Interval,
            };
        })], worthFinding > 0 && control.Variance > 0 ? SampleSize.ForMeans(Math.Sqrt(control.Variance), worthFinding) : null);
    }

    private static List<DayOfComparison> DaysOf(ExperimentMetric metric, int variant, List<(DateOnly Day, DayCounts[] Sums)> looks, double mixing)
    {
        var tests = looks.ConvertAll(look => Test(metric, variant, look.Sums, mixing));
        var pValues = AlwaysValidTest.RunningMinimum(tests.Select(t => t.PValue));
        return [.. tests.Select((t, i) => new DayOfComparison(looks[i].Day, t.Difference, t.Interval, pValues[i]))];
    }

    private static AlwaysValidTest Test(ExperimentMetric metric, int variant, DayCounts[] sums, double mixing, double confidence = 1 - Alpha)
    {
        var estimates = Estimates(metric, sums).Means;
        return !(mixing > 0) ? new AlwaysValidTest(estimates[variant].Mean - estimates[0].Mean, 1, Interval.Unknown)
            : metric == ExperimentMetric.Revenue ? AlwaysValidTest.Compare(estimates[0], estimates[variant], mixing, confidence)
            : AlwaysValidTest.CompareProportions((sums[0].Units, sums[0].Successes(metric)), (sums[variant].Units, sums[variant].Successes(metric)), mixing, confidence);
    }

    /// <summary>
    /// The square of the difference worth finding, of the mean over all variants on the first day with enough units. Fixed from then on: one that followed the figures would
    /// spoil the promise of the test.
    /// </summary>
    private static double MixingOf(ExperimentPlan plan, ExperimentMetric metric, List<(DateOnly Day, DayCounts[] Sums)> looks)
    {
        foreach (var (_, sums) in looks)
        {
            var all = sums.Aggregate((a, b) => a.Plus(b));
            var mean = metric == ExperimentMetric.Revenue ? all.Revenue.Outcome.Mean : all.Units == 0 ? 0 : all.Successes(metric) / (double)all.Units;
            if (mean != 0 && sums.All(s => s.Units >= AlwaysValidTest.MinUnits))
            {
                return Math.Pow(plan.MinEffect * mean, 2);
            }
        }
        return 0;
    }

    private static (IReadOnlyList<MeanEstimate> Means, double VarianceLeft) Estimates(ExperimentMetric metric, DayCounts[] sums)
    {
        if (metric != ExperimentMetric.Revenue)
        {
            return ([.. sums.Select(s => MeanEstimate.OfProportion(s.Units, s.Successes(metric)))], 1);
        }
        var cuped = Cuped.Adjust([.. sums.Select(s => s.Revenue)]);
        return (cuped.Variants, cuped.VarianceLeft);
    }
}
