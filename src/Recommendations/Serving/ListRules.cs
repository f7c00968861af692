using Wellmet.Commerce.Contract;

namespace Wellmet.Recommendations.Serving;

/// <summary>A kind of product that comes earlier or later than it would by itself.</summary>
/// <param name="Kind">The noun, as in <see cref="ProductLabel.Kind"/>.</param>
/// <param name="Factor">2: the place 10 becomes place 5; 0.5: the place 5 becomes place 10. 0.1 to 10.</param>
public sealed record KindBoost(string Kind, double Factor);

/// <summary>
/// What the shop wants of a list, whatever the model says. It never brings back what a customer bought, keeps, or does not want.
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

    /// <summary>Only these kinds; empty for all.</summary>
    public IReadOnlyList<string> OnlyKinds { get; init; } = [];

    /// <summary>Not these kinds.</summary>
    public IReadOnlyList<string> NotKinds { get; init; } = [];

    public IReadOnlyList<KindBoost> Boosts { get; init; } = [];

    /// <summary>First in the list, in this order. The other rules do not ask about them.</summary>
    public IReadOnlyList<Guid> Pinned { get; init; } = [];

    /// <summary>Never in the list.</summary>
    public IReadOnlyList<Guid> Excluded { get; init; } = [];

    /// <summary>Whether a product may stand in the list; of the pinned ones it is not asked.</summary>
    public bool Allow(ProductLabel product) =>
        !Excluded.Contains(product.ProductId)
        && (OnlyKinds.Count == 0 || Names(OnlyKinds, product)) && !Names(NotKinds, product)
        && (LowestPriceMinor is null && HighestPriceMinor is null
            || product.Currency == Currency && product.PriceMinor is { } price && price >= (LowestPriceMinor ?? 0) && price <= (HighestPriceMinor ?? long.MaxValue));

    /// <summary>Puts products where their places divided by their factors say; equal ones stay in order.</summary>
    public IEnumerable<T> Arrange<T>(IEnumerable<T> best, Func<T, ProductLabel> product) => Boosts.Count == 0 ? best
        : best.Select((item, index) => (Item: item, Place: (index + 1) / FactorOf(product(item)))).OrderBy(p => p.Place).Select(p => p.Item);

    private double FactorOf(ProductLabel product) => Boosts.FirstOrDefault(b => Same(b.Kind, product))?.Factor ?? 1;

    private static bool Names(IReadOnlyList<string> kinds, ProductLabel product) => kinds.Any(k => Same(k, product));

    private static bool Same(string kind, ProductLabel product) => string.Equals(kind, product.Kind, StringComparison.OrdinalIgnoreCase);
}
