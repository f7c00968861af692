using Wellmet.Demo.Generator;
using Wellmet.Science.Recommenders.Types;

namespace Wellmet.Tests.Demo.Planted;

public sealed class ComplementsTest(ITestOutputHelper output)
{
    [Theory]
    [InlineData(DemoPlan.DefaultCustomers, DemoPlan.DefaultSeed)]
    [InlineData(2_000, 2)]
    [InlineData(6_000, 7)]
    public void The_planted_complements_are_found_in_their_direction_and_no_others(int customers, ulong seed)
    {
        var relations = Learn(new PlantedShop(customers, seed));
        var planted = Habits.Complements.Select(pair => (pair.Type, pair.With)).ToHashSet();
        var found = Enumerable.Range(0, Catalogue.Types.Count)
            .SelectMany(type => relations.ComplementsOf(type).ToArray().Select(relation => (Catalogue.Types[type].Name, With: Catalogue.Types[relation.Type].Name, relation))).ToList();
        found.ForEach(f => output.WriteLine($"{f.Name} → {f.With}: {f.relation}"));

        var right = found.Count(f => planted.Contains((f.Name, f.With)));
        ((double)right / found.Count).ShouldBeGreaterThanOrEqualTo(0.9);
        ((double)right / planted.Count).ShouldBeGreaterThanOrEqualTo(0.9);
        // Everything that was looked at before an order was bought: nothing was planted that would do instead.
        Enumerable.Range(0, Catalogue.Types.Count).Sum(type => relations.SubstitutesOf(type).Length).ShouldBe(0);
    }

    private static TypeRelations Learn(PlantedShop shop)
    {
        var learner = new TypeRelationLearner(shop.Types);
        for (var shopper = 0; shopper < shop.Histories.Count; shopper++)
        {
            learner.Add(shop.Histories[shopper], shop.Views[shopper]);
        }

        return learner.Learn();
    }
}
