using System.Text.Json.Serialization;
using Wellmet.Commerce.Contract;
using Wellmet.Science.Statistics;

namespace Wellmet.Recommendations.Serving;

/// <summary>What a rule tells products apart by.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ProductTrait>))]
public enum ProductTrait
{
    /// <summary>The noun it is, as in <see cref="ProductLabel.Kind"/>.</summary>
    Kind,
    Brand,
    Seller,
    Category,
}

/// <summary>Products that come earlier or later than they would by themselves.</summary>
/// <param name="Value">The kind, or what <paramref name="Trait"/> says; stored under the name of the first trait that there was.</param>
/// <param name="Factor">2: the place 10 becomes place 5; 0.5: the place 5 becomes place 10. 0.1 to 10.</param>
public sealed record Boost([property: JsonPropertyName("kind")] string Value, double Factor, ProductTrait Trait = ProductTrait.Kind);

/// <summary>
/// What the shop wants of a list, whatever the model says. It never brings back what a customer bought, keeps, or does not want. Words are compared without regard to capitals.
/// </summary>
public sealed record ListRules
{
    public static readonly ListRules None = new();

    /// <summary>Products that cost less are left out, and those of other currencies; minor units of <see cref="Currency"/>. Null for no bound.</summary>
    public long? LowestPriceMinor { get; init; }

    /// <summary>Products that cost more are left out, and those of other currencies.</summary>
    public long? HighestPriceMinor { get; init; }

    /// <summary>ISO 4217, of the prices; empty without them.</summary>
    public string Currency { get; init; } = "";

    /// <summary>Only what the shop has offered for at most so many days; what is not told since when is left out. Null for any age.</summary>
    public int? NewestDays { get; init; }

    /// <summary>Whether what is told to be sold out may stand in the list, too.</summary>
    public bool SoldOut { get; init; }

    /// <summary>Only these kinds; empty for all.</summary>
    public IReadOnlyList<string> OnlyKinds { get; init; } = [];

    /// <summary>Not these kinds.</summary>
    public IReadOnlyList<string> NotKinds { get; init; } = [];
    public IReadOnlyList<string> OnlyBrands { get; init; } = [];
    public IReadOnlyList<string> NotBrands { get; init; } = [];
    public IReadOnlyList<string> OnlySellers { get; init; } = [];
    public IReadOnlyList<string> NotSellers { get; init; } = [];
    public IReadOnlyList<string> OnlyCategories { get; init; } = [];
    public IReadOnlyList<string> NotCategories { get; init; } = [];

    /// <summary>What fits several of them is moved by the product of their factors.</summary>
    public IReadOnlyList<Boost> Boosts { get; init; } = [];

    /// <summary>First in the list, in this order, as far as they are offered. The other rules do not ask about them.</summary>
    public IReadOnlyList<Guid> Pinned { get; init; } = [];

    /// <summary>Never in the list.</summary>
    public IReadOnlyList<Guid> Excluded { get; init; } = [];

    /// <summary>So many of one kind, what more there is comes after everything else; null for as many as there are. Products without a kind are not counted.</summary>
    public int? MostOfKind { get; init; }

    /// <summary>So many places of a hundred are for something from further down, drawn anew each day; null for none.</summary>
    public int? ExplorePercent { get; init; }

    /// <summary>How much looks count beside purchases, for what is picked out for a customer: 0 for not at all, null for as usual (1).</summary>
    public double? LooksFactor { get; init; }

    /// <summary>From which places are drawn: of whoever is answered, and the day. Not stored.</summary>
    [JsonIgnore]
    public ulong ExploreSeed { get; init; }

    /// <summary>Whether the shop offers a product at all now: it is sold still and already, and there is some of it. Asked of every product, pinned or not.</summary>
    public bool Offer(ProductLabel product) => product.Active && product.DaysOffered is not < 0 && (SoldOut || !product.IsSoldOut);

    /// <summary>Whether a product may stand in the list; of the pinned ones it is not asked.</summary>
    public bool Allow(ProductLabel product) => !Excluded.Contains(product.ProductId) && Traits.All(t => Allow(t, product)) && (NewestDays is null || product.DaysOffered <= NewestDays) && AllowPrice(product);

    /// <summary>What must and what must not be the trait of a product.</summary>
    public (IReadOnlyList<string> Only, IReadOnlyList<string> Not) Of(ProductTrait trait) => trait switch
    {
        ProductTrait.Brand => (OnlyBrands, NotBrands),
        ProductTrait.Seller => (OnlySellers, NotSellers),
        ProductTrait.Category => (OnlyCategories, NotCategories),
        _ => (OnlyKinds, NotKinds),
    };

    /// <summary>A trait of a product; null where it has none.</summary>
    public static string? Of(ProductLabel product, ProductTrait trait) => trait switch
    {
        ProductTrait.Brand => product.Brand,
        ProductTrait.Seller => product.Seller,
        ProductTrait.Category => product.Category,
        _ => product.Kind,
    };

    /// <summary>Puts products where their places divided by their factors say; equal ones stay in order. Then each place is drawn for something from further down as often as <see cref="ExplorePercent"/> says.</summary>
    public IEnumerable<T> Arrange<T>(IEnumerable<T> best, Func<T, ProductLabel> product)
    {
        var arranged = Boosts.Count == 0 ? best
            : best.Select((item, index) => (Item: item, Place: (index + 1) / FactorOf(product(item)))).OrderBy(p => p.Place).Select(p => p.Item);
        return ExplorePercent is > 0 and var percent ? Explore([.. arranged], percent) : arranged;
    }

    /// <summary>What is passed over follows at once: nothing good is lost but by a place.</summary>
    private List<T> Explore<T>(List<T> items, int percent)
    {
        var random = new SeededRandom(ExploreSeed);
        for (var place = 0; place + 1 < items.Count; place++)
        {
            if (random.Next(100) < percent)
            {
                var drawn = place + 1 + random.Next(items.Count - place - 1);
                var item = items[drawn];
                items.RemoveAt(drawn);
                items.Insert(place, item);
            }
        }
        return items;
    }

    internal static readonly IReadOnlyList<ProductTrait> Traits = Enum.GetValues<ProductTrait>();

    private double FactorOf(ProductLabel product) => Boosts.Where(b => Same(b.Value, Of(product, b.Trait))).Aggregate(1.0, (factor, boost) => factor * boost.Factor);

    private bool Allow(ProductTrait trait, ProductLabel product)
    {
        var ((only, not), value) = (Of(trait), Of(product, trait));
        return (only.Count == 0 || only.Any(o => Same(o, value))) && !not.Any(n => Same(n, value));
    }

    private bool AllowPrice(ProductLabel product) => (LowestPriceMinor is null && HighestPriceMinor is null)
        || (product.Currency == Currency && product.PriceMinor is { } price && price >= (LowestPriceMinor ?? 0) && price <= (HighestPriceMinor ?? long.MaxValue));

    private static bool Same(string named, string? value) => string.Equals(named, value, StringComparison.OrdinalIgnoreCase);
}
