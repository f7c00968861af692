using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Serving;

namespace Wellmet.Recommendations.Placements;

/// <summary>A placement as people type it: types one below the other, products by their codes, prices in whole units.</summary>
/// <param name="New">It is to be a new one: another of the same name must not be lost.</param>
public sealed record PlacementForm(
    [FromForm] string? Name, [FromForm] string? Source, [FromForm] string? Fills, [FromForm] string? Currency, [FromForm] string? Lowest, [FromForm] string? Highest,
    [FromForm] string? Only, [FromForm] string? Not, [FromForm] string? Boosts, [FromForm] string? Pinned, [FromForm] string? Excluded, [FromForm] string? New = null)
{
    public const int LongestName = Placement.LongestName;

    /// <summary>Codes of the products that are named.</summary>
    public IReadOnlyCollection<string> Codes => [.. LinesOf(Pinned), .. LinesOf(Excluded)];

    /// <summary>What stands in the form for a placement.</summary>
    /// <param name="products">Those that its rules name; one that is gone is left out.</param>
    /// <param name="currency">Of the shop; for a placement without prices.</param>
    public static PlacementForm Of(Placement placement, IReadOnlyDictionary<Guid, ProductLabel> products, string? currency)
    {
        var rules = placement.Rules;
        return new(placement.Name, EnumText.Of(placement.Source), placement.Fills ? "true" : null, rules.Currency.Length > 0 ? rules.Currency : currency,
            Price(rules.LowestPriceMinor, rules.Currency), Price(rules.HighestPriceMinor, rules.Currency), Lines(rules.OnlyKinds), Lines(rules.NotKinds),
            Lines(rules.Boosts.Select(b => $"{b.Kind} {b.Factor.ToString(CultureInfo.InvariantCulture)}")), CodesOf(rules.Pinned), CodesOf(rules.Excluded));

        string CodesOf(IEnumerable<Guid> named) => Lines(named.Where(products.ContainsKey).Select(p => products[p].Sku));
    }

    /// <exception cref="ProblemException"><c>placement_source</c>, <c>price_malformed</c>, <c>currency_malformed</c>, <c>boost_malformed</c>, <c>product_unknown</c>.</exception>
    /// <param name="products">Those of <see cref="Codes"/> that there are.</param>
    public Placement ToPlacement(IReadOnlyDictionary<string, ProductLabel> products)
    {
        var source = EnumText.TryRead<PlacementSource>(Source, out var read) ? read : throw new ProblemException("placement_source", "Choose what stands at the place.");
        var currency = (Currency ?? "").Trim().ToUpperInvariant();
        var priced = !string.IsNullOrWhiteSpace(Lowest) || !string.IsNullOrWhiteSpace(Highest);
        if (priced && !(currency.Length == 3 && currency.All(char.IsAsciiLetterUpper)))
        {
            throw new ProblemException("currency_malformed", "Enter the currency of the prices in three letters, such as EUR.");
        }
        return new Placement((Name ?? "").Trim(), source, Fills is not null, new ListRules
        {
            Currency = priced ? currency : "",
            LowestPriceMinor = PriceOf(Lowest, currency),
            HighestPriceMinor = PriceOf(Highest, currency),
            OnlyKinds = [.. LinesOf(Only)],
            NotKinds = [.. LinesOf(Not)],
            Boosts = [.. LinesOf(Boosts).Select(BoostOf)],
            Pinned = [.. LinesOf(Pinned).Select(ProductOf).Distinct()],
            Excluded = [.. LinesOf(Excluded).Select(ProductOf).Distinct()],
        });

        Guid ProductOf(string code) => products.TryGetValue(code, out var product) ? product.ProductId : throw new ProblemException("product_unknown", "There is no product with the code {0}.", 400, code);
    }

    private static string Lines(IEnumerable<string> lines) => string.Join('\n', lines);

    private static IEnumerable<string> LinesOf(string? text) => (text ?? "").Split(['\n', ','], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string? Price(long? minor, string currency) => minor is { } price ? new Money(price, currency).Amount.ToString("F" + Money.Decimals(currency), CultureInfo.InvariantCulture) : null;

    private static long? PriceOf(string? text, string currency) => string.IsNullOrWhiteSpace(text) ? null
        : decimal.TryParse(text.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) && amount <= 1_000_000_000 ? Money.From(amount, currency).Minor
        : throw new ProblemException("price_malformed", "{0} is not a price. Write it with a point, without a currency: 12.50.", 400, text.Trim());

    /// <summary>The last word is the factor; a type may have several words.</summary>
    private static KindBoost BoostOf(string line)
    {
        var space = line.LastIndexOf(' ');
        return space > 0 && double.TryParse(line[(space + 1)..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var factor)
            ? new KindBoost(line[..space].Trim(), factor)
            : throw new ProblemException("boost_malformed", "{0}: write the type and its factor, such as lantern 2.", 400, line);
    }
}
