using Wellmet.Recommendations.Models;
using Wellmet.Science.Products;
using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Clocks;
using Wellmet.Science.Recommenders.NextTypes;

namespace Wellmet.Recommendations.Predictions;

/// <summary>Learns which product type the next order holds, and measures it on the orders after a cut by what was known before it.</summary>
internal static class NextTypeLearner
{
    /// <param name="Model">Null where too few customers ordered again.</param>
    /// <param name="Clocks">Learnt from what was before the cut alone, to measure with.</param>
    public sealed record Learnt(NextTypeModel? Model, RepurchaseClocks Clocks, NextTypeQuality? Quality);

    /// <param name="time">The cut, and the end of what was observed; seconds since 1970-01-01 UTC.</param>
    public static Learnt Learn(List<BuyerHistory> histories, ShopModel model, (long Cut, long Until) time, PredictionOptions options, CancellationToken ct)
    {
        var types = model.Habits.Clocks.Types;
        var before = histories.ConvertAll(h => h.Lines(h.KeptBefore(time.Cut), model)).FindAll(h => h.Length > 0);
        var learner = new RepurchaseLearner(types, time.Cut);
        before.ForEach(h => learner.Add(h));
        var clocks = learner.Learn();
        var whole = histories.ConvertAll(h => h.Lines(h.KeptBefore(time.Until), model)).FindAll(h => h.Length > 0);
        if (types.TypeCount == 0 || Repeats(whole) < options.LeastRepeats)
        {
            return new Learnt(null, clocks, null);
        }
        var from = whole.Min(h => h[0].Time);
        ct.ThrowIfCancellationRequested();
        var trained = NextTypeTrainer.Train(whole, model.Habits.Clocks, from, time.Until);
        ct.ThrowIfCancellationRequested();
        return new Learnt(trained, clocks, from >= time.Cut ? null : Measure(NextTypeTrainer.Train(before, clocks, from, time.Cut), types, whole, time.Cut, options));
    }

    /// <summary>The most likely type, the first of equals; null where no type can be bought.</summary>
    public static (int Type, double Share)? Best(NextTypeModel model, ReadOnlySpan<PastPurchase> history, long now)
    {
        var shares = new double[model.TypeCount];
        model.Predict(history, now, shares);
        var best = Array.IndexOf(shares, shares.Max());
        return best >= 0 && shares[best] > 0 ? (best, shares[best]) : null;
    }

    /// <summary>Orders after a customer's first.</summary>
    private static int Repeats(List<PastPurchase[]> histories) => histories.Sum(h => h.Select(l => l.Order).Distinct().Count() - 1);

    private static NextTypeQuality? Measure(NextTypeModel model, ItemTypes types, List<PastPurchase[]> histories, long cut, PredictionOptions options)
    {
        var (customers, hits, bestsellerHits) = (0, 0, 0);
        var bestseller = Best(model, [], cut)?.Type;
        foreach (var history in histories)
        {
            var known = Array.FindIndex(history, l => l.Time >= cut);
            if (known <= 0)
            {
                continue;
            }
            var bought = history.Skip(known).TakeWhile(l => l.Order == history[known].Order).Select(l => types.Of(l.Item)).ToHashSet();
            customers++;
            hits += Best(model, history.AsSpan(0, known), cut) is { } best && bought.Contains(best.Type) ? 1 : 0;
            bestsellerHits += bestseller is { } type && bought.Contains(type) ? 1 : 0;
        }
        return customers < options.LeastMeasured ? null : new NextTypeQuality(customers, (double)hits / customers, (double)bestsellerHits / customers);
    }
}
