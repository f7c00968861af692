using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Places;

namespace Wellmet.Recommendations.Models;

/// <summary>What sells best in each country, drawn to what sells best in the whole shop where a country has few sales; see <see cref="RegionalBestsellers"/>. Immutable.</summary>
public sealed class ShopPlaces
{
    /// <summary>What fewer people of a country bought would say of them what they bought.</summary>
    private const int LeastBuyers = 3;

    /// <summary>Orders say where they went to only by the country; the place of all others.</summary>
    private const int Everywhere = 0;

    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);

    /// <param name="countries">ISO 3166 alpha-2 codes; the first is place 1.</param>
    /// <param name="bestsellers">By place, the whole shop first: products and their shares of the sales, largest first.</param>
    /// <param name="orders">Beside them: how many orders to that place held the product; 0 where they were those of fewer than three people.</param>
    /// <exception cref="ArgumentException">The parts do not fit together.</exception>
    public ShopPlaces(IReadOnlyList<string> countries, PlaceRanking bestsellers, int[] orders)
    {
        if (bestsellers.PlaceCount != countries.Count + 1 || bestsellers.Entries.Length != orders.Length)
        {
            throw new ArgumentException($"{countries.Count} countries, {bestsellers.PlaceCount} places, {bestsellers.Entries.Length} products, {orders.Length} counts.", nameof(bestsellers));
        }
        (Countries, Bestsellers, Orders) = (countries, bestsellers, orders);
        for (var country = 0; country < countries.Count; country++)
        {
            places.Add(countries[country], country + 1);
        }
    }

    public IReadOnlyList<string> Countries { get; }
    public PlaceRanking Bestsellers { get; }
    public IReadOnlyList<int> Orders { get; }

    /// <summary>What sells best in a country, best first, and in how many orders to it it was, of three people at least; nothing where nothing went to.</summary>
    /// <param name="country">ISO 3166 alpha-2 code.</param>
    public IEnumerable<(int Item, float Share, int Orders)> In(string country)
    {
        if (places.TryGetValue(country, out var place))
        {
            for (var at = Bestsellers.Offsets[place]; at < Bestsellers.Offsets[place + 1]; at++)
            {
                if (Orders[at] > 0)
                {
                    yield return (Bestsellers.Entries[at].Item, Bestsellers.Entries[at].Score, Orders[at]);
                }
            }
        }
    }

    /// <param name="countryOf">Of each order; null where it is not known.</param>
    public static ShopPlaces Learn(Interactions interactions, IReadOnlyList<string?> countryOf)
    {
        var countries = countryOf.OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        var placeOf = countries.Select((country, index) => (country, Place: index + 1)).ToDictionary(c => c.country, c => c.Place, StringComparer.Ordinal);
        var tree = new PlaceTree([PlaceTree.Nowhere, .. countries.Select(_ => Everywhere)]);
        var trainer = new RegionalBestsellersTrainer(tree, interactions.ItemCount, interactions.LatestTime);
        var held = new Dictionary<(int Place, int Item), int>();
        var buyers = new Dictionary<(int Place, int Item), HashSet<int>>();
        for (var order = 0; order < interactions.OrderCount; order++)
        {
            var place = countryOf[order] is { } country ? placeOf[country] : Everywhere;
            foreach (var item in interactions.Orders.Columns(order))
            {
                trainer.Add(new Sale(place, item, interactions.OrderTimes[order]));
                held[(place, item)] = held.GetValueOrDefault((place, item)) + 1;
                // An order of somebody unknown stands for a person of its own. Nobody needs to know of more people than are enough.
                var people = buyers.TryGetValue((place, item), out var known) ? known : buyers[(place, item)] = [];
                if (people.Count < LeastBuyers)
                {
                    people.Add(interactions.OrderUsers[order] is Purchase.Anonymous ? -2 - order : interactions.OrderUsers[order]);
                }
            }
        }
        var best = trainer.Train().Shares;
        return new ShopPlaces(countries, best, [.. Enumerable.Range(0, best.PlaceCount).SelectMany(place => best.Of(place).ToArray()
            .Select(e => buyers.TryGetValue((place, e.Item), out var people) && people.Count == LeastBuyers ? held[(place, e.Item)] : 0))]);
    }
}
