using Wellmet.Demo.Generator;
using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Places;

namespace Wellmet.Tests.Demo.Planted;

public sealed class RegionsTest(ITestOutputHelper output)
{
    private static readonly PlantedShop Shop = PlantedShop.Shared;

    [Fact]
    public void Near_you_is_what_the_country_was_made_to_like()
    {
        var countries = Habits.Favourites.Select(favourite => favourite.Country).ToList();
        var trainer = new RegionalBestsellersTrainer(
            new PlaceTree([PlaceTree.Nowhere, .. countries.Select(_ => 0)]), Catalogue.Products.Count, Shop.Until, new RegionalSettings { HalfLifeDays = 365 });
        for (var shopper = 0; shopper < Shop.Histories.Count; shopper++)
        {
            var place = 1 + countries.IndexOf(Shop.Shoppers[shopper].Country);
            // Each product once per person: one who comes back for it every month is not many.
            foreach (var line in Shop.Histories[shopper].DistinctBy(line => line.Item))
            {
                trainer.Add(new Sale(place, line.Item, line.Time));
            }
        }

        var (model, results, right) = (trainer.Train(), new Neighbour[4], 0);
        foreach (var favourite in Habits.Favourites)
        {
            var count = model.NearYou(1 + countries.IndexOf(favourite.Country), null, results, out _);
            output.WriteLine($"{favourite}: {string.Join(", ", results[..count].Select(result => $"{Catalogue.Products[result.Item].Name} {result.Score:F1}"))}");
            right += results[..count].Count(result => Catalogue.TypeOf(result.Item).Name == favourite.Type && Catalogue.LineOf(result.Item) == favourite.Line);
        }

        // Four products of each favourite line.
        (right / (4.0 * Habits.Favourites.Count)).ShouldBeGreaterThanOrEqualTo(0.9);
    }
}
