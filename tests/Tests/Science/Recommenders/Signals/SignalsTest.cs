using Wellmet.Science.Recommenders.Signals;
using Wellmet.Science.Statistics;

namespace Wellmet.Tests.Science.Recommenders.Signals;

public sealed class SignalsTest
{
    private const long Day = 86_400;

    [Fact]
    public void The_strongest_signal_counts_at_its_age()
    {
        Evaluate(30 * Day, new(7, SignalKind.Cart, 0), new(7, SignalKind.View, 30 * Day), new(3, SignalKind.View, 30 * Day), new(3, SignalKind.LongView, 2 * Day))
            .ShouldBe([new(3, 0.15f, SignalKind.View), new(7, 0.3f, SignalKind.Cart)]);
    }

    [Fact]
    public void What_speaks_against_a_product_counts_until_it_is_taken_back()
    {
        Evaluate(9, new(1, SignalKind.Purchase, 0), new(1, SignalKind.Return, 5)).Single().Value.ShouldBe(-0.5f, 1e-4f);
        Evaluate(9, new(1, SignalKind.NotInterested, 0), new(1, SignalKind.LongView, 5)).Single().Kind.ShouldBe(SignalKind.NotInterested);
        Evaluate(9, new(1, SignalKind.NotInterested, 0), new(1, SignalKind.Return, 5)).Single().Kind.ShouldBe(SignalKind.NotInterested);
        Evaluate(9, new(1, SignalKind.NotInterested, 0), new(1, SignalKind.Cart, 5)).Single().Value.ShouldBe(0.6f, 1e-4f);
        Evaluate(9, new(1, SignalKind.LowRating, 0), new(1, SignalKind.Purchase, 5)).Single().Value.ShouldBe(1, 1e-4f);
    }

    [Fact]
    public void Ratings_and_views_have_their_kinds()
    {
        Signal.OfRating(4).ShouldBe(SignalKind.HighRating);
        Signal.OfRating(3).ShouldBeNull();
        Signal.OfRating(2).ShouldBe(SignalKind.LowRating);
        Signal.OfView(31).ShouldBe(SignalKind.LongView);
        Signal.OfView(null).ShouldBe(SignalKind.View);
        Enum.GetValues<SignalKind>().Length.ShouldBe(Signal.KindCount);
    }

    [Fact]
    public void Evaluating_allocates_nothing_and_does_not_lose_what_has_no_room()
    {
        var random = new SeededRandom(1);
        var signals = Enumerable.Range(0, 300).Select(_ => new Signal(random.Next(50), (SignalKind)random.Next(9), random.Next(1_000))).ToArray();
        var results = new ItemValue[50];
        SignalWeights.Default.Evaluate(signals, 1_000, results).ShouldBe(50);

        var before = GC.GetAllocatedBytesForCurrentThread();
        SignalWeights.Default.Evaluate(signals, 1_000, results);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        Should.Throw<ArgumentException>(() => SignalWeights.Default.Evaluate(signals, 1_000, new ItemValue[49]));
        Should.Throw<ArgumentException>(() => new SignalWeights(new SignalWeight[9]));
        Should.Throw<ArgumentException>(() => new SignalWeights([]));
    }

    [Fact]
    public void Weights_and_half_lives_that_made_the_purchases_are_found_again()
    {
        // ln odds = -4 + 4 × wish 2^(-age / 90) + 3 × cart 2^(-age / 7) + 1 × view 2^(-age / 4) - 2 × not interested.
        var (random, fitter) = (new SeededRandom(9), new SignalFitter());
        for (var customer = 0; customer < 40_000; customer++)
        {
            var (log, signals) = (-4.0, new List<Signal>());
            void Perhaps(SignalKind kind, double share, double strength, double halfLife, int days)
            {
                if (random.NextDouble() < share)
                {
                    var age = random.NextDouble() * days;
                    signals.Add(new Signal(0, kind, (long)(-age * Day)));
                    log += strength * Math.Pow(2, -age / halfLife);
                }
            }

            Perhaps(SignalKind.View, 0.9, 1, 4, 20);
            Perhaps(SignalKind.WishList, 0.4, 4, 90, 200);
            Perhaps(SignalKind.Cart, 0.4, 3, 7, 40);
            Perhaps(SignalKind.NotInterested, 0.3, -2, double.PositiveInfinity, 40);
            if (random.NextDouble() < 1 / (1 + Math.Exp(-log)))
            {
                signals.Add(new Signal(0, SignalKind.Purchase, 5 * Day));
            }

            if (customer % 2 == 0)
            {
                // Much later: no success of what was done before.
                signals.Add(new Signal(0, SignalKind.Purchase, 30 * Day));
            }

            fitter.Add([.. signals], 0);
        }

        var fitted = fitter.Fit();

        fitted[SignalKind.WishList].Base.ShouldBe(0.8, 1e-9);
        fitted[SignalKind.WishList].HalfLifeDays.ShouldBeInRange(60, 180);
        fitted[SignalKind.Cart].Base.ShouldBe(0.6, 0.08);
        fitted[SignalKind.Cart].HalfLifeDays.ShouldBe(7);
        fitted[SignalKind.View].Base.ShouldBe(0.2, 0.08);
        fitted[SignalKind.View].HalfLifeDays.ShouldBeInRange(2, 7);
        fitted[SignalKind.NotInterested].Base.ShouldBe(-0.4, 0.1);
        fitted[SignalKind.Purchase].ShouldBe(SignalWeights.Default[SignalKind.Purchase]);
        fitted[SignalKind.Return].ShouldBe(SignalWeights.Default[SignalKind.Return]);
    }

    [Fact]
    public void A_log_that_is_too_small_changes_nothing()
    {
        var fitter = new SignalFitter();
        fitter.Add([new(0, SignalKind.View, 0), new(0, SignalKind.Purchase, 5 * Day)], Day);

        fitter.Count.ShouldBe(1);
        fitter.Fit().ShouldBeSameAs(SignalWeights.Default);
    }

    private static ItemValue[] Evaluate(long now, params Signal[] signals)
    {
        var results = new ItemValue[signals.Length];
        return results[..SignalWeights.Default.Evaluate(signals, now, results)];
    }
}
