using Wellmet.Demo.Generator;
using Wellmet.Science.Products;
using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Clocks;

namespace Wellmet.Tests.Demo.Planted;

public sealed class ClocksTest(ITestOutputHelper output)
{
    private const long Day = 86_400;
    private static readonly PlantedShop Shop = PlantedShop.Shared;
    private static readonly Lazy<RepurchaseClocks> Learned = new(() => Learn(Shop.Until));

    [Fact]
    public void What_is_used_up_is_found_and_everything_else_is_kept()
    {
        for (var type = 0; type < Catalogue.Types.Count; type++)
        {
            var (name, clock) = (Catalogue.Types[type].Name, Learned.Value.Clocks[type]);
            output.WriteLine($"{name}: {clock}");
            clock.Kind.ShouldBe(Habits.Clocks.ContainsKey(name) ? ProductKind.Consumable : ProductKind.Durable, name);
        }
    }

    [Fact]
    public void The_clocks_are_the_planted_ones_within_a_tenth()
    {
        foreach (var (name, days) in Habits.Clocks)
        {
            ((double)Learned.Value.Clocks[PlantedShop.TypeIndex(name)].Interval).ShouldBe(days, days * 0.1, name);
        }
    }

    [Fact]
    public void The_next_purchase_mostly_falls_into_the_predicted_interval()
    {
        var cut = Shop.Until - (150 * Day);
        var clocks = Learn(cut);
        var (inside, early, all, error) = (0, 0, 0, 0.0);
        foreach (var history in Shop.Histories)
        {
            var before = history.Where(line => line.Time < cut).ToArray();
            foreach (var type in before.Select(line => Shop.Types.Of(line.Item)).Distinct())
            {
                var next = history.FirstOrDefault(line => line.Time >= cut && Shop.Types.Of(line.Item) == type);
                if (next != default && clocks.TryPredictType(type, before, out var prediction) && prediction.Expected > cut)
                {
                    all++;
                    inside += next.Time >= prediction.Earliest && next.Time <= prediction.Latest ? 1 : 0;
                    early += next.Time < prediction.Expected ? 1 : 0;
                    error += Math.Abs(next.Time - prediction.Expected) / (double)Day;
                }
            }
        }

        output.WriteLine($"{all} purchases, {inside} inside, {early} before the date, {error / all:F1} days off on average");
        all.ShouldBeGreaterThan(200);
        ((double)inside / all).ShouldBeInRange(0.7, 0.92);
        ((double)early / all).ShouldBeInRange(0.35, 0.65);
    }

    [Fact]
    public void Of_what_is_kept_nobody_is_offered_a_second_one()
    {
        var rule = new NotAgain(Learned.Value);
        var gates = new Gate[rule.TypeCount];
        var offered = 0;
        foreach (var history in Shop.Histories.Where(history => history.Length > 0))
        {
            var now = history[^1].Time + (30 * Day);
            rule.ForTypes(history, now, gates);
            var recent = history.Where(line => line.Time > now - (180 * Day) && !Habits.Clocks.ContainsKey(Catalogue.TypeOf(line.Item).Name)).Select(line => Shop.Types.Of(line.Item)).ToHashSet();
            var passing = Enumerable.Range(0, Catalogue.Products.Count).Where(item => rule.ForItem(item, history, gates).Factor > 0).ToList();
            passing.ShouldNotContain(item => recent.Contains(Shop.Types.Of(item)));
            offered += passing.Count;
        }

        offered.ShouldBeGreaterThan(0);
    }

    private static RepurchaseClocks Learn(long until)
    {
        var learner = new RepurchaseLearner(Shop.Types, until);
        foreach (var history in Shop.Histories)
        {
            learner.Add(history.Where(line => line.Time < until).ToArray());
        }

        return learner.Learn();
    }
}
