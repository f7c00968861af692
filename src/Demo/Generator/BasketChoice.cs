using Wellmet.Demo.Contract;
using Wellmet.Science.Statistics;

namespace Wellmet.Demo.Generator;

/// <summary>What one person puts into a basket: by what sells, what they are interested in, what their country likes, the season, and what goes together.</summary>
internal sealed class BasketChoice
{
    /// <summary>How likely an order for no particular reason has one product, two, three, four.</summary>
    public static readonly double[] Sizes = [0.52, 0.29, 0.14, 0.05];

    private const int Interests = 5;
    private const double Interest = 4, Owned = 0.03;

    private static readonly bool[] UsedUp = [.. Catalogue.Types.Select(t => Habits.Clocks.ContainsKey(t.Name))];
    private static readonly bool[][] InSeason = [.. Catalogue.Types.Select(t => Enumerable.Range(0, 13).Select(m => Habits.Seasons.TryGetValue(t.Name, out var months) && months.Contains(m)).ToArray())];
    private static readonly (int With, double Share)?[] Companions = [.. Catalogue.Types.Select(t => Habits.Complements.Where(c => c.Type == t.Name).Select(c => ((int, double)?)(Catalogue.IndexOf(c.With), c.Share)).FirstOrDefault())];

    /// <summary>Some products of a type sell better than others, in an order that is none of the catalogue's.</summary>
    private static readonly double[] Popularity = [.. Enumerable.Range(0, CatalogueType.Size).Select(p => 1 / Math.Sqrt(1 + (p * 7 % CatalogueType.Size)))];

    private readonly SeededRandom random;
    private readonly double[] weights;
    private readonly (int Type, int Line) liked;

    public BasketChoice(string country, SeededRandom random)
    {
        this.random = random;
        weights = [.. Catalogue.Types.Select(t => t.Weight)];
        for (var i = 0; i < Interests; i++)
        {
            weights[random.Next(weights.Length)] *= Interest;
        }
        var favourite = Habits.Favourites.First(f => f.Country == country);
        var type = Catalogue.IndexOf(favourite.Type);
        liked = (type, Array.IndexOf(Catalogue.Types[type].Lines, favourite.Line));
        weights[liked.Type] *= 2;
    }

    /// <summary>Adds products of types that are not in the basket yet.</summary>
    public void Fill(List<DemoItem> basket, int month, int products, Func<int, long> quantity)
    {
        for (var i = 0; i < products; i++)
        {
            var type = TypeFor(month);
            Add(basket, type, quantity);
            if (Companions[type] is { } companion && Pick.Chance(random, companion.Share))
            {
                Add(basket, companion.With, quantity);
            }
        }
    }

    /// <summary>A product to look at.</summary>
    public int Interesting(int month) => ProductOf(TypeFor(month));

    private int TypeFor(int month) => Pick.Of(random, weights.Length, t => weights[t] * (InSeason[t][month] ? Habits.Season : 1));

    private void Add(List<DemoItem> basket, int type, Func<int, long> quantity)
    {
        var product = ProductOf(type);
        if (basket.Exists(i => i.Product / CatalogueType.Size == type))
        {
            return;
        }
        basket.Add(new DemoItem(product, quantity(product)));
        // What is kept is hardly bought again; what is used up is bought again when its clock says so, and only then.
        weights[type] *= UsedUp[type] ? 0 : Owned;
    }

    private int ProductOf(int type) => (type * CatalogueType.Size) + Pick.Of(random, CatalogueType.Size,
        p => Popularity[p] * (type == liked.Type && p / 4 == liked.Line ? Habits.Liking : 1));
}
