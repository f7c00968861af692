using Wellmet.Science.Recommenders;
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
        Evaluate(9, new(1, SignalKind.Purchase, 0), new(1, SignalKind.Return, 5)).Single().Value.ShouldBe(-0.25f, 1e-4f);
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
        // Of 60 products each has three that go with it. Who does something with one buys one of those that go with it, the likelier the more that says.
        var (random, model) = (new SeededRandom(9), Model());
        var truth = new Dictionary<SignalKind, SignalWeight>
        {
            [SignalKind.Purchase] = new(1, double.PositiveInfinity), [SignalKind.WishList] = new(0.9, 180), [SignalKind.Cart] = new(0.1, 30), [SignalKind.View] = new(1, 30), [SignalKind.Return] = new(-0.8, 365),
        };
        var examples = Enumerable.Range(0, 1500).Select(_ =>
        {
            var before = truth.Keys.SelectMany(kind => Enumerable.Range(0, 2).Select(_ => new Signal(random.Next(60), kind, -(long)(random.NextDouble() * 40 * Day)))).DistinctBy(s => s.Item).ToArray();
            var scores = new double[60];
            foreach (var signal in before)
            {
                var row = model.Weights.RowOf(signal.Item);
                for (var at = 0; at < row.Items.Length; at++)
                {
                    scores[row.Items[at]] += 10 * truth[signal.Kind].At(-signal.Time / (double)Day) * row.Values[at];
                }
            }

            int[] others = [.. Enumerable.Range(0, 60).Where(item => before.All(s => s.Item != item))];
            var place = random.NextDouble() * others.Sum(item => Math.Exp(scores[item]));
            return new SignalExample(before, 0, [others.First(item => (place -= Math.Exp(scores[item])) <= 0)]);
        }).ToList();

        var fit = SignalFitter.Fit(model, examples);

        fit.Adopted.ShouldBeTrue();
        fit.Ndcg.ShouldBeGreaterThan(fit.DefaultNdcg + 0.01);
        fit.Kinds.Select(k => k.Kind).ShouldBe(Enum.GetValues<SignalKind>());
        var fitted = SignalWeights.Of(fit.Kinds);
        fitted[SignalKind.Purchase].ShouldBe(new SignalWeight(1, double.PositiveInfinity));
        fitted[SignalKind.WishList].Base.ShouldBe(0.9, 0.15);
        fitted[SignalKind.Cart].Base.ShouldBe(0.1, 0.15);
        fitted[SignalKind.View].Base.ShouldBe(0.9, 0.2);
        fitted[SignalKind.View].HalfLifeDays.ShouldBeInRange(14, 60);
        fitted[SignalKind.Return].Base.ShouldBe(-0.8, 0.25);
        fit.Kinds[(int)SignalKind.HighRating].ShouldBe(new FittedSignal(SignalKind.HighRating, 0, 1, null, Fitted: false));
        SignalFitter.Fit(model, examples).Kinds.ShouldBe(fit.Kinds, "the same examples");
    }

    [Fact]
    public void A_log_that_is_too_small_or_says_nothing_changes_nothing()
    {
        var (random, model) = (new SeededRandom(3), Model());
        List<SignalExample> Bought(int count) => [.. Enumerable.Range(0, count).Select(_ => new SignalExample([new(random.Next(30), SignalKind.Purchase, -Day), new(30 + random.Next(10), SignalKind.View, -Day)], 0, [40 + random.Next(20)]))];

        SignalFitter.Fit(model, []).Kinds.ShouldBe(SignalFit.None.Kinds);
        var few = SignalFitter.Fit(model, Bought(50));
        few.Adopted.ShouldBeFalse();
        few.Kinds.ShouldAllBe(k => !k.Fitted && k.Base == SignalWeights.Default[k.Kind].Base);
        few.Kinds[0].Count.ShouldBe(33);
        SignalFitter.Fit(model, Bought(300)).Kinds.ShouldAllBe(k => k.Base == SignalWeights.Default[k.Kind].Base);
    }

    /// <summary>Item i says something of the next three.</summary>
    private static ForYou Model() => new(
        new SparseMatrix(60, [.. Enumerable.Range(0, 61).Select(i => 3 * i)],
            [.. Enumerable.Range(0, 60).SelectMany(i => Enumerable.Range(1, 3).Select(by => (i + by) % 60).Order())], [.. Enumerable.Range(0, 180).Select(_ => 0.3f)]),
        new Bestsellers([.. Enumerable.Range(0, 60).Select(i => new Neighbour(i, 1))]));

    private static ItemValue[] Evaluate(long now, params Signal[] signals)
    {
        var results = new ItemValue[signals.Length];
        return results[..SignalWeights.Default.Evaluate(signals, now, results)];
    }
}
