using Wellmet.Science.Evaluation;
using Wellmet.Science.Recommenders.Quality;
using Wellmet.Science.Statistics;

namespace Wellmet.Science.Recommenders.Signals;

/// <summary>
/// Fits base and half-life of each kind of signal to what customers bought next: the base is how much a signal says about other products through the item-item weights of
/// <see cref="ForYou"/>, beside a purchase, which says 1. The purchases are choices of a conditional logit model among products drawn at random (McFadden 1978: with uniformly drawn alternatives the
/// weights stay what they are), with one column per kind, Σ over the customer's items of 2^(-age / half-life) × weight on the product, and one for how well a product sells. A normal prior holds each base near its
/// starting value, so a shop with little to learn from keeps it. The half-lives are searched one kind after the other. A third of the customers takes no part: the fitted weights are used only where they foretell
/// these surely better. The same examples, in the same order, give the same weights.
/// </summary>
public static class SignalFitter
{
    private const int MostSweeps = 3;
    private const double Sure = 1.645;
    private const ulong Seed = 20170401;

    /// <summary>Of those who take part in the fit; each third one does not.</summary>
    private const int Aside = 3;

    /// <param name="model">Trained on what was bought before the examples' moments, or it would know what came.</param>
    /// <param name="examples">One per customer.</param>
    /// <param name="settings">Null for the defaults.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static SignalFit Fit(ForYou model, IReadOnlyList<SignalExample> examples, SignalFitSettings? settings = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(examples);
        settings ??= new SignalFitSettings();
        var choices = SignalChoices.Of(model, [.. examples.Where((_, at) => at % Aside != 0)], settings, new SeededRandom(Seed));
        SignalFit Started(int customers = 0, double before = 0, double after = 0) => new(
            [.. Enum.GetValues<SignalKind>().Select(kind => FittedSignal.Of(kind, choices.Counts[(int)kind], SignalWeights.Default[kind], false))], customers, before, after, false);
        if (choices.Count < settings.MinExamples || Search(choices, settings, ct) is not { } fitted)
        {
            return Started();
        }

        var aside = examples.Where((_, at) => at % Aside == 0).ToList();
        var (before, after) = (EachNdcg(model, aside, SignalWeights.Default, ct), EachNdcg(model, aside, fitted, ct));
        var (old, now) = (before.Average(), after.Average());
        return !IsBetter(before, after) ? Started(aside.Count, old, now)
            : new SignalFit([.. Enum.GetValues<SignalKind>().Select(kind => FittedSignal.Of(kind, choices.Counts[(int)kind], fitted[kind], IsFitted(choices, kind, settings)))], aside.Count, old, now, true);
    }

    /// <summary>NDCG@20 of lists without anything that the customer had to do with, mean over the examples.</summary>
    public static double Ndcg(ForYou model, IReadOnlyList<SignalExample> examples, SignalWeights weights, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        return EachNdcg(model, examples, weights, ct).DefaultIfEmpty().Average();
    }

    /// <summary>Surely, by the differences of each customer: one-sided, 95 %. So what is luck is mostly left alone.</summary>
    private static bool IsBetter(double[] before, double[] after)
    {
        var differences = before.Zip(after, (old, now) => now - old).ToArray();
        var mean = differences.Average();
        return mean > 0 && mean >= Sure * Math.Sqrt(differences.Sum(d => (d - mean) * (d - mean)) / ((double)differences.Length * (differences.Length - 1)));
    }

    private static double[] EachNdcg(ForYou model, IReadOnlyList<SignalExample> examples, SignalWeights weights, CancellationToken ct)
    {
        var results = new Recommendation[ListQuality.Length];
        return [.. examples.Select(example =>
        {
            ct.ThrowIfCancellationRequested();
            var values = new ItemValue[example.Before.Length];
            var own = values.AsSpan(0, weights.Evaluate([.. example.Before], example.Moment, values)).ToArray();
            var found = model.Recommend([.. own.Select(o => o.Item)], [.. own.Select(o => o.Value)], eligible: null, results);
            return RankingMetrics.Ndcg([.. results.Take(found).Select(r => r.Item)], example.Bought.ToHashSet(), ListQuality.Length);
        })];
    }

    private static bool IsFitted(SignalChoices choices, SignalKind kind, SignalFitSettings settings) => choices.Counts[(int)kind] >= settings.MinSignals;

    /// <summary>Null where purchases say nothing of what is bought next, so that nothing can be said beside them.</summary>
    private static SignalWeights? Search(SignalChoices choices, SignalFitSettings settings, CancellationToken ct)
    {
        var halfLives = Array.ConvertAll(Enum.GetValues<SignalKind>(), kind => SignalWeights.Default[kind].HalfLifeDays);
        if (choices.Scale(halfLives) is not { } scale)
        {
            return null;
        }

        var best = choices.Fit(halfLives, scale, settings);
        for (var (sweep, changed) = (0, true); sweep < MostSweeps && changed; sweep++)
        {
            changed = false;
            foreach (var kind in Enum.GetValues<SignalKind>().Where(kind => IsFitted(choices, kind, settings)))
            {
                foreach (var tried in settings.HalfLives)
                {
                    ct.ThrowIfCancellationRequested();
                    var other = (double[])halfLives.Clone();
                    other[(int)kind] = tried;
                    if (choices.Fit(other, scale, settings) is var fit && fit.Likelihood > best.Likelihood + settings.Gain)
                    {
                        (halfLives, best, changed) = (other, fit, true);
                    }
                }
            }
        }

        var purchase = best.Weights[(int)SignalKind.Purchase];
        return purchase < scale / 4 ? null : new SignalWeights([.. Enum.GetValues<SignalKind>().Select(kind => !IsFitted(choices, kind, settings) ? SignalWeights.Default[kind]
            : new SignalWeight(kind == SignalKind.Purchase ? 1 : Bound(kind, best.Weights[(int)kind] / purchase), halfLives[(int)kind]))]);
    }

    /// <summary>What speaks against stays against, if only a little: it was said. What speaks for never speaks against.</summary>
    private static double Bound(SignalKind kind, double value) => Math.Round(SignalWeights.SpeaksAgainst(kind) ? Math.Clamp(value, -1, -0.05) : Math.Clamp(value, 0, 1), 3);
}
