using Wellmet.Science.Products;
using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Clocks;
using Wellmet.Science.Recommenders.NextTypes;
using Wellmet.Science.Statistics;

namespace Wellmet.Tests.Science.Recommenders.NextTypes;

public sealed class NextTypeModelTest
{
    private const long Day = 86_400;
    private const int Bed = 0, Mattress = 1, TypeCount = 6, Wide = 5;

    /// <summary>Item = type, but no item is of the wide type.</summary>
    private static readonly ItemTypes Types = new(new TypeTree([Wide, Wide, Wide, Wide, Wide, TypeTree.None]), [0, 1, 2, 3, 4]);

    private static readonly RepurchaseClocks Clocks = new(Types, [.. Enumerable.Range(0, TypeCount).Select(_ => new TypeClock(ProductKind.Collectable, 0, 0.5f, 0, 0, 0))]);

    private static readonly NextTypeModel Model = NextTypeTrainer.Train(Histories(), Clocks, 0, 400 * Day);

    [Fact]
    public void What_usually_follows_is_likely_after_it_and_only_then()
    {
        Predict(new PastPurchase(0, Bed, 0))[Mattress].ShouldBe(0.6, 0.1);
        Predict(new PastPurchase(0, 3, 0))[Mattress].ShouldBeLessThan(0.3);
        Predict()[Wide].ShouldBe(0);
        Predict().Sum().ShouldBe(1, 1e-9);
    }

    [Fact]
    public void Who_has_what_lasts_is_not_said_to_buy_it_next()
    {
        var durable = new RepurchaseClocks(Types, [.. Enumerable.Range(0, TypeCount).Select(_ => new TypeClock(ProductKind.Durable, 180, 0.5f, 0, 0, 0))]);
        var model = NextTypeTrainer.Train(Histories().Select(history => history.DistinctBy(line => line.Item).ToArray()), durable, 0, 400 * Day);
        var probabilities = new double[TypeCount];

        model.Predict([new(0, 3, 0)], 30 * Day, probabilities);
        var soon = probabilities[3];
        soon.ShouldBeLessThan(0.01);
        model.Predict([new(0, 3, 0)], 400 * Day, probabilities);
        probabilities[3].ShouldBeGreaterThan(2 * soon);
    }

    [Fact]
    public void A_saved_model_says_the_same_and_asking_allocates_nothing()
    {
        var saved = new NextTypeModel(Clocks, Model.Shares.ToArray(), Model.Transitions, Model.Weights.ToArray());
        PastPurchase[] history = [new(0, Bed, 0), new(1, 2, 5 * Day)];
        var probabilities = new double[TypeCount];
        saved.Predict(history, 9 * Day, probabilities);
        probabilities.ShouldBe(Predict(history));

        var before = GC.GetAllocatedBytesForCurrentThread();
        saved.Predict(history, 9 * Day, probabilities);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void Without_orders_everything_that_can_be_bought_is_as_likely()
    {
        var model = NextTypeTrainer.Train([], Clocks, 0, 0);
        var probabilities = new double[TypeCount];

        model.Predict([], 0, probabilities);

        probabilities.ShouldBe([0.2, 0.2, 0.2, 0.2, 0.2, 0], 1e-9);
        Should.Throw<ArgumentException>(() => model.Predict([], 0, new double[2]));
        Should.Throw<ArgumentException>(() => new NextTypeModel(Clocks, [1], Model.Transitions, [1]));
        Should.Throw<ArgumentOutOfRangeException>(() => NextTypeTrainer.Train([], Clocks, 1, 0));
    }

    /// <summary>After a bed six in ten buy a mattress next; else anything follows anything.</summary>
    private static IEnumerable<PastPurchase[]> Histories()
    {
        for (var customer = 0; customer < 2_000; customer++)
        {
            var random = new SeededRandom((ulong)customer + 1);
            var (first, day) = (random.Next(5), (long)random.Next(360));
            var next = first == Bed && random.NextDouble() < 0.5 ? Mattress : random.Next(5);
            yield return [new(0, first, day * Day), new(1, next, (day + 9) * Day)];
        }
    }

    private static double[] Predict(params PastPurchase[] history)
    {
        var probabilities = new double[TypeCount];
        Model.Predict(history, 9 * Day, probabilities);
        return probabilities;
    }
}
