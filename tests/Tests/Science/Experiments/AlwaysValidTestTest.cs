using Wellmet.Science.Experiments;
using Wellmet.Science.Statistics;

namespace Wellmet.Tests.Science.Experiments;

/// <summary>Somebody looks at every new visitor and stops at the first alarm.</summary>
public sealed class AlwaysValidTestTest
{
    private const double Alpha = 0.05;

    [Fact]
    public void Watched_all_the_time_without_a_difference_it_alarms_at_most_as_often_as_it_says_and_a_fixed_test_far_too_often()
    {
        const int runs = 1000, units = 4000;
        var random = new SeededRandom(1);
        var (always, fixedSize) = (0, 0);
        for (var run = 0; run < runs; run++)
        {
            var alarms = Watch(units, () => 5 + 2 * random.Normal(), () => 5 + 2 * random.Normal(), 0.02, MeansAlarm);
            always += alarms.AlwaysValid ? 1 : 0;
            fixedSize += alarms.Fixed ? 1 : 0;
        }
        TestContext.Current.TestOutputHelper?.WriteLine("Of {0} without a difference: always valid {1}, fixed {2}", runs, always, fixedSize);

        always.ShouldBeLessThanOrEqualTo(Most(runs));
        fixedSize.ShouldBeGreaterThan(runs / 5);
    }

    [Theory]
    [InlineData(0.01, 1, 20_000)]
    [InlineData(0.03, 1, 10_000)]
    [InlineData(0.3, 1, 4000)]
    [InlineData(0.03, 9, 20_000)]
    public void So_it_does_with_rare_events_and_uneven_shares(double rate, int others, int units)
    {
        const int runs = 1000;
        var random = new SeededRandom(2);
        var alarms = 0;
        for (var run = 0; run < runs; run++)
        {
            alarms += RatesAlarm(random, (rate, rate), others, units) > 0 ? 1 : 0;
        }
        TestContext.Current.TestOutputHelper?.WriteLine("{0} of {1} at a rate of {2}, shares 1:{3}", alarms, runs, rate, others);

        alarms.ShouldBeLessThanOrEqualTo(Most(runs));
    }

    [Fact]
    public void So_it_does_with_what_people_spend()
    {
        const int runs = 600;
        var random = new SeededRandom(3);
        var alarms = 0;
        for (var run = 0; run < runs; run++)
        {
            alarms += Watch(6000, () => random.Spend(0.05), () => random.Spend(0.05), 0.1, MeansAlarm).AlwaysValid ? 1 : 0;
        }
        TestContext.Current.TestOutputHelper?.WriteLine("{0} of {1}", alarms, runs);

        alarms.ShouldBeLessThanOrEqualTo(Most(runs));
    }

    [Fact]
    public void A_difference_is_found_with_little_more_than_the_size_that_a_fixed_test_would_plan()
    {
        const int runs = 300;
        var planned = (int)SampleSize.ForProportions(0.05, 0.075, Alpha);
        var random = new SeededRandom(4);
        var needed = Enumerable.Range(0, runs).Select(_ => RatesAlarm(random, (0.05, 0.075), 1, 6 * planned)).Order().ToList();
        TestContext.Current.TestOutputHelper?.WriteLine("Planned {0}, median {1}", planned, needed[runs / 2]);

        needed.Count(n => n > 0).ShouldBeGreaterThan(runs * 95 / 100);
        needed[runs / 2].ShouldBeLessThan(3 * planned / 2);
    }

    [Fact]
    public void The_interval_excludes_no_difference_exactly_where_the_p_value_is_below_alpha()
    {
        foreach (var difference in new[] { 0.0, 0.005, 0.01, 0.0105, 0.011, 0.012, 0.02, -0.012, -0.02 })
        {
            var test = AlwaysValidTest.Compare(new MeanEstimate(20_000, 0.05, 0.05), new MeanEstimate(20_000, 0.05 + difference, 0.06), 1e-4);
            test.Interval.Holds(0).ShouldBe(test.PValue > Alpha, $"{difference}");
        }
        AlwaysValidTest.Compare(new MeanEstimate(99, 0, 1), new MeanEstimate(9999, 5, 1), 1).ShouldBe(new AlwaysValidTest(5, 1, Interval.Unknown));
        AlwaysValidTest.CompareProportions((500, 0), (500, 19), 1e-4).PValue.ShouldBe(1);
        AlwaysValidTest.RunningMinimum([0.5, 0.8, 0.04, 0.2]).ShouldBe([0.5, 0.5, 0.04, 0.04]);
    }

    [Fact]
    public void The_mixing_makes_intervals_narrowest_where_it_is_told()
    {
        const double variance = 3e-5;
        var best = MixtureRatio.Mixing(variance);

        var width = MixtureRatio.HalfWidth(variance, best, Alpha);
        foreach (var factor in new[] { 0.5, 0.9, 1.1, 2 })
        {
            MixtureRatio.HalfWidth(variance, best * factor, Alpha).ShouldBeGreaterThan(width);
        }
    }

    /// <summary>α of the runs and three standard errors of that count.</summary>
    private static int Most(int runs) => (int)(runs * Alpha + 3 * Math.Sqrt(runs * Alpha * (1 - Alpha)));

    private static (bool AlwaysValid, bool Fixed) Watch(int units, Func<double> control, Func<double> treatment, double mixing, Func<SampleMoments, SampleMoments, double, (bool, bool)> look)
    {
        var (a, b) = (new SampleMoments(), new SampleMoments());
        var (always, fixedSize) = (false, false);
        for (var i = 0; i < units; i++)
        {
            double x = control(), y = treatment();
            a += new SampleMoments(1, x, x * x);
            b += new SampleMoments(1, y, y * y);
            var (alwaysNow, fixedNow) = look(a, b, mixing);
            always |= alwaysNow;
            fixedSize |= fixedNow;
        }
        return (always, fixedSize);
    }

    private static (bool AlwaysValid, bool Fixed) MeansAlarm(SampleMoments a, SampleMoments b, double mixing)
    {
        var (control, treatment) = (MeanEstimate.Of(a), MeanEstimate.Of(b));
        var z = (b.Mean - a.Mean) / Math.Sqrt(a.VarianceOfMean + b.VarianceOfMean);
        return (AlwaysValidTest.Compare(control, treatment, mixing).PValue < Alpha, a.Count >= AlwaysValidTest.MinUnits && Math.Abs(z) > 1.96);
    }

    /// <summary>Units of the treatment at the first alarm; 0 where there was none.</summary>
    private static int RatesAlarm(SeededRandom random, (double Control, double Treatment) rates, int others, int units)
    {
        var (controls, treatments) = ((Units: 0L, Successes: 0L), (Units: 0L, Successes: 0L));
        var mixing = Math.Pow(0.2 * rates.Control, 2);
        for (var i = 1; i <= units / others; i++)
        {
            for (var other = 0; other < others; other++)
            {
                controls = (controls.Units + 1, controls.Successes + (random.NextDouble() < rates.Control ? 1 : 0));
            }
            treatments = (treatments.Units + 1, treatments.Successes + (random.NextDouble() < rates.Treatment ? 1 : 0));
            if (AlwaysValidTest.CompareProportions(controls, treatments, mixing).PValue < Alpha)
            {
                return i;
            }
        }
        return 0;
    }
}
