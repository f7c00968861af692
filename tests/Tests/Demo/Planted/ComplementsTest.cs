using Wellmet.Demo.Generator;
using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Types;

namespace Wellmet.Tests.Demo.Planted;

public sealed class ComplementsTest(ITestOutputHelper output)
{
    private static readonly PlantedShop Shop = PlantedShop.Shared;
    private static readonly Lazy<TypeRelations> Learned = new(Learn);

    [Fact]
    public void The_planted_complements_are_found_in_their_direction_and_no_others()
    {
        var planted = Habits.Complements.Select(pair => (pair.Type, pair.With)).ToHashSet();
        var found = Enumerable.Range(0, Catalogue.Types.Count)
            .SelectMany(type => Learned.Value.ComplementsOf(type).ToArray().Where(relation => relation.Source == TypeEvidenceSource.Pair)
                .Select(relation => (Catalogue.Types[type].Name, With: Catalogue.Types[relation.Type].Name, relation))).ToList();
        found.ForEach(f => output.WriteLine($"{f.Name} → {f.With}: {f.relation}"));

        var right = found.Count(f => planted.Contains((f.Name, f.With)));
        ((double)right / found.Count).ShouldBeGreaterThanOrEqualTo(0.9);
        ((double)right / planted.Count).ShouldBeGreaterThanOrEqualTo(0.9);
    }

    private static TypeRelations Learn()
    {
        var learner = new TypeRelationLearner(Shop.Types);
        for (var shopper = 0; shopper < Shop.Histories.Count; shopper++)
        {
            learner.Add(Shop.Histories[shopper], Shop.Views[shopper]);
        }

        return learner.Learn();
    }
}
