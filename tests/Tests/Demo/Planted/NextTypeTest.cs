using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Clocks;
using Wellmet.Science.Recommenders.NextTypes;

namespace Wellmet.Tests.Demo.Planted;

/// <summary>The orders of the last three months, foretold from the fifteen before.</summary>
public sealed class NextTypeTest(ITestOutputHelper output)
{
    private const long Day = 86_400;
    private static readonly PlantedShop Shop = PlantedShop.Shared;
    private static readonly long Cut = Shop.Until - (90 * Day);
    private static readonly Lazy<NextTypeModel> Trained = new(Train);
    private static readonly Lazy<double[]> Popular = new(Sold);
    private static readonly Lazy<List<(double[] Foretold, double[] ByHistory, int Type)>> Later = new(Foretell);

    [Fact]
    public void The_next_type_is_foretold_better_than_by_what_sells_and_by_what_was_bought()
    {
        var shares = Popular.Value;
        var (loss, popular, byHistory) = (Loss(l => l.Foretold), Loss(_ => shares), Loss(l => l.ByHistory));
        var (hits, popularHits, historyHits) = (Hits(l => l.Foretold), Hits(_ => shares), Hits(l => l.ByHistory));
        output.WriteLine($"{Later.Value.Count} lines; loss {loss:F3}, popular {popular:F3}, history {byHistory:F3}; in the first three {hits:P1}, {popularHits:P1}, {historyHits:P1}");
        output.WriteLine(string.Join(" ", Trained.Value.Weights.ToArray().Select(weight => weight.ToString("F2"))));

        loss.ShouldBeLessThan(Math.Min(popular, byHistory) - 0.2);
        hits.ShouldBeGreaterThan(Math.Max(popularHits, historyHits) + 0.04);
    }

    [Fact]
    public void What_is_said_to_be_likely_happens_as_often()
    {
        var (all, error) = (0, 0.0);
        foreach (var bin in Later.Value.SelectMany(l => l.Foretold.Select((p, type) => (p, hit: type == l.Type))).GroupBy(c => (int)(10 * Math.Sqrt(c.p))))
        {
            var (said, happened) = (bin.Average(c => c.p), bin.Average(c => c.hit ? 1.0 : 0));
            output.WriteLine($"said {said:F3}, happened {happened:F3} ({bin.Count()})");
            all += bin.Count();
            error += bin.Count() * Math.Abs(said - happened);
        }

        (error / all).ShouldBeLessThan(0.01);
    }

    private static double Loss(Func<(double[] Foretold, double[] ByHistory, int Type), double[]> said) => Later.Value.Average(l => -Math.Log(said(l)[l.Type]));

    private static double Hits(Func<(double[] Foretold, double[] ByHistory, int Type), double[]> said) =>
        Later.Value.Average(l => said(l).Count(p => p > said(l)[l.Type]) < 3 ? 1.0 : 0);

    /// <summary>Shares of all lines of the last sixty days before the cut.</summary>
    private static double[] Sold()
    {
        var lines = Shop.Histories.SelectMany(history => history).Where(line => line.Time < Cut && line.Time >= Cut - (60 * Day)).Select(line => Shop.Types.Of(line.Item)).ToList();
        return [.. Enumerable.Range(0, Shop.Types.TypeCount).Select(type => (lines.Count(sold => sold == type) + 0.5) / (lines.Count + (0.5 * Shop.Types.TypeCount)))];
    }

    private static NextTypeModel Train()
    {
        var learner = new RepurchaseLearner(Shop.Types, Cut);
        foreach (var history in Shop.Histories)
        {
            learner.Add(history.Where(line => line.Time < Cut).ToArray());
        }

        return NextTypeTrainer.Train(Shop.Histories, learner.Learn(), Shop.Until - (548 * Day), Cut);
    }

    private static List<(double[] Foretold, double[] ByHistory, int Type)> Foretell()
    {
        var later = new List<(double[], double[], int)>();
        foreach (var history in Shop.Histories)
        {
            foreach (var order in history.Where(line => line.Time >= Cut).GroupBy(line => line.Order))
            {
                var before = history.TakeWhile(line => line.Order != order.Key).ToArray();
                if (before.Length > 0)
                {
                    var foretold = new double[Trained.Value.TypeCount];
                    Trained.Value.Predict(before, order.First().Time, foretold);
                    foretold.Sum().ShouldBe(1, 1e-9);
                    later.AddRange(order.Select(line => (foretold, ByHistory(before), Shop.Types.Of(line.Item))));
                }
            }
        }

        return later;
    }

    /// <summary>What was bought before, with as much weight on what sells as three lines have.</summary>
    private static double[] ByHistory(PastPurchase[] before)
    {
        var shares = Popular.Value;
        return [.. shares.Select((share, type) => (before.Count(line => Shop.Types.Of(line.Item) == type) + (3 * share)) / (before.Length + 3))];
    }
}
