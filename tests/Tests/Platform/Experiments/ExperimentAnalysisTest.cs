using Wellmet.Platform.Experiments;
using Wellmet.Science.Statistics;

namespace Wellmet.Tests.Platform.Experiments;

/// <summary>Counts whose truth is known.</summary>
public sealed class ExperimentAnalysisTest
{
    private static readonly Experiment Running = new(Guid.Parse("0199d5a0-0000-7000-8000-000000000002"),
        new ExperimentPlan("x", "x", ExperimentMetric.Conversions, [Of("control"), Of("same"), Of("better")], [new(ExperimentMetric.Revenue, 0.02)], MinEffect: 0.1),
        "salt", ExperimentState.Running, null, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, null);

    [Fact]
    public void A_better_variant_is_found_and_an_equal_one_is_not()
    {
        var results = ExperimentAnalysis.Of(Running, [.. Days(30, [0.05, 0.05, 0.07], [20, 20, 20])]);

        var (same, better) = (results.Decisive!.Comparisons[0], results.Decisive.Comparisons[1]);
        results.SampleRatio.IsMismatch.ShouldBeFalse();
        better.PValue.ShouldBeLessThan(0.001);
        better.Lift.ShouldBe(0.4, 0.1);
        better.AlwaysValid.Low.ShouldBeGreaterThan(0);
        better.FixedSize.Low.ShouldBeGreaterThan(better.AlwaysValid.Low, "a look at one size only sees further");
        same.PValue.ShouldBeGreaterThan(0.05);
        same.AlwaysValid.Holds(0).ShouldBeTrue();
        results.Decisive.NeededUnits.ShouldNotBeNull().ShouldBeInRange(25_000, 35_000);
        // Six tenths of the units that 80 % would need.
        better.Power.ShouldBeInRange(0.4, 0.6);
        better.Days.Count.ShouldBe(30);
        better.Days.Select(d => d.PValue).ShouldBeInOrder(SortDirection.Descending);
        (better.Days[^1].AlwaysValid.High - better.Days[^1].AlwaysValid.Low).ShouldBeLessThan(better.Days[5].AlwaysValid.High - better.Days[5].AlwaysValid.Low);
        results.Broken.ShouldBeEmpty();
    }

    [Fact]
    public void Known_spending_narrows_the_interval_of_revenue_and_a_broken_guardrail_is_seen()
    {
        var results = ExperimentAnalysis.Of(Running, [.. Days(30, [0.05, 0.05, 0.07], [20, 20, 16])]);
        var revenue = results.Metrics.Single(m => m.Metric == ExperimentMetric.Revenue);

        // What is spent is what was spent before and as much noise: half of the variance goes.
        revenue.VarianceLeft.ShouldBe(0.5, 0.05);
        revenue.Comparisons[1].Lift.ShouldBe(-0.2, 0.03);
        var (guardrail, comparison) = results.Broken.ShouldHaveSingleItem();
        (guardrail.Metric, comparison.Variant).ShouldBe((ExperimentMetric.Revenue, "better"));
    }

    [Fact]
    public void Guardrails_are_adjusted_for_how_many_are_watched_on_how_many_variants()
    {
        DayCounts[] days = [.. Days(30, [0.05, 0.05, 0.05], [20, 20, 19])];
        var one = ExperimentAnalysis.Of(Running, days).Metrics.Single(m => m.Metric == ExperimentMetric.Revenue);
        var (mean, alone, guarded) = (one.Means[0], one.Comparisons[1].AlwaysValid.High, one.Comparisons[1].Guarded.High);
        guarded.ShouldBeGreaterThan(alone);
        // What is allowed lies between: one look at one variant would be sure, two variants are not.
        var allowed = new Guardrail(ExperimentMetric.Revenue, -(alone + guarded) / 2 / mean);
        ExperimentAnalysis.Of(Running with { Plan = Running.Plan with { Guardrails = [allowed] } }, days).Broken.ShouldBeEmpty();

        var many = ExperimentAnalysis.Of(Running with { Plan = Running.Plan with { Guardrails = [allowed, new(ExperimentMetric.Clicks, 0.5), new(ExperimentMetric.Conversions, 0.5)] } }, days);
        many.Metrics.Single(m => m.Metric == ExperimentMetric.Revenue).Comparisons[1].Guarded.High.ShouldBeGreaterThan(guarded);
    }

    [Fact]
    public void An_experiment_with_a_mixed_list_has_no_metric_that_decides()
    {
        var plan = Running.Plan with { Design = ExperimentDesign.Interleaved, Variants = [Of("control"), Of("new")], Guardrails = [], Metric = ExperimentMetric.Clicks };
        var results = ExperimentAnalysis.Of(Running with { Plan = plan }, [.. Days(3, [0.05, 0.05], [20, 20])]);

        results.Decisive.ShouldBeNull();
        results.Choices.ShouldNotBeNull();
        results.Broken.ShouldBeEmpty();
    }

    [Fact]
    public void Lost_units_alarm_and_an_experiment_without_units_says_nothing()
    {
        var lost = Days(10, [0.05, 0.05, 0.05], [20, 20, 20]).Select(d => d.Variant == 1 ? d with { Units = d.Units * 9 / 10 } : d);
        ExperimentAnalysis.Of(Running, [.. lost]).SampleRatio.IsMismatch.ShouldBeTrue();

        var empty = ExperimentAnalysis.Of(Running, []);
        empty.SampleRatio.PValue.ShouldBe(1);
        empty.Metrics.Count.ShouldBe(3);
        empty.Metrics.SelectMany(m => m.Comparisons).ShouldAllBe(c => c.PValue == 1 && c.Days.Count == 0 && c.Lift == 0);
        empty.Decisive!.NeededUnits.ShouldBeNull();
    }

    private static Variant Of(string name) => new(name, 1, new Dictionary<string, string>());

    /// <summary>About 600 units a day for each variant.</summary>
    private static IEnumerable<DayCounts> Days(int days, double[] rates, double[] means)
    {
        var random = new SeededRandom(1);
        for (var day = 0; day < days; day++)
        {
            for (var variant = 0; variant < rates.Length; variant++)
            {
                var counts = new DayCounts(Running.Id, new DateOnly(2026, 11, 1).AddDays(day), variant);
                for (var unit = 0; unit < 570 + random.Next(60); unit++)
                {
                    double before = 10 * random.NextDouble(), spent = Math.Round(1000 * (means[variant] - 10 + before + 10 * random.NextDouble())) / 1000;
                    counts = counts.Plus(counts with
                    {
                        Units = 1, Exposures = 1, Clicked = 0, Converted = random.NextDouble() < rates[variant] ? 1 : 0, RevenueMinor = (long)(100 * spent),
                        RevenueSquares = (long)(100 * spent) * (double)(long)(100 * spent), Covariate = before, CovariateSquares = before * before, Products = (long)(100 * spent) * before,
                    });
                }
                yield return counts;
            }
        }
    }
}
