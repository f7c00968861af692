using FsCheck;
using FsCheck.Fluent;
using Wellmet.Science.Recommenders;

namespace Wellmet.Tests.Science.Recommenders;

public sealed class LocalRidgeTest
{
    [Fact]
    public void Two_items_by_hand()
    {
        // Item 0 with four customers, item 1 with three of them: b = 3 / (4 + 1) from 0 to 1, and 3 / (3 + 1) back.
        var interactions = InteractionsBuilder.Build(
            [new(0, 0, 0, 0, 1), new(0, 0, 1, 0, 1), new(1, 1, 0, 0, 1), new(1, 1, 1, 0, 1), new(2, 2, 0, 0, 1), new(2, 2, 1, 0, 1), new(3, 3, 0, 0, 1)], 4, 2);

        var weights = LocalRidge.Train(interactions, new LocalRidgeSettings(Lambda: 1, UserExponent: 0));

        weights[0, 1].ShouldBe(3f / 5, 1e-6f);
        weights[1, 0].ShouldBe(3f / 4, 1e-6f);
        weights[0, 0].ShouldBe(0);
    }

    [Fact]
    public void With_all_items_as_neighbours_it_solves_the_dense_equations()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var interactions = new GeneratedShop(seed).Interactions;
            var weights = LocalRidge.Train(interactions, new LocalRidgeSettings(Neighbours: interactions.ItemCount, Lambda: 2));
            return LargestResidual(interactions, weights, 2) < 1e-3;
        }).Check(Config.QuickThrowOnFailure);
    }

    [Fact]
    public void A_large_neighbourhood_uses_all_of_the_vector_code()
    {
        var interactions = new GeneratedShop(3, users: 800, items: 200).Interactions;

        var weights = LocalRidge.Train(interactions, new LocalRidgeSettings(Neighbours: 200, Lambda: 2));

        LargestResidual(interactions, weights, 2).ShouldBeLessThan(5e-3);
    }

    [Fact]
    public void A_penalty_of_zero_is_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => LocalRidge.Train(new GeneratedShop(1).Interactions, new LocalRidgeSettings(Lambda: 0)));
    }

    [Fact]
    public void It_can_be_cancelled()
    {
        Should.Throw<OperationCanceledException>(() => LocalRidge.Train(new GeneratedShop(1).Interactions, null, new TrainingRun(1, new CancellationToken(true))));
    }

    /// <summary>The largest error of (G + λ I) b = g over all items, each over its own neighbours, with G made the slow way.</summary>
    private static double LargestResidual(Interactions interactions, SparseMatrix weights, double lambda)
    {
        var gram = new double[interactions.ItemCount, interactions.ItemCount];
        for (var user = 0; user < interactions.UserCount; user++)
        {
            var items = interactions.Users.Columns(user).ToArray();
            foreach (var (a, b) in items.SelectMany(a => items.Select(b => (a, b))))
            {
                gram[a, b] += 1 / Math.Sqrt(items.Length);
            }
        }

        double Residual(int item)
        {
            var near = Enumerable.Range(0, interactions.ItemCount).Where(other => weights[other, item] != 0).ToArray();
            return near.Select(a => Math.Abs(near.Sum(b => gram[a, b] * weights[b, item]) + lambda * weights[a, item] - gram[a, item])).DefaultIfEmpty().Max();
        }
        return Enumerable.Range(0, interactions.ItemCount).Max(Residual);
    }
}
