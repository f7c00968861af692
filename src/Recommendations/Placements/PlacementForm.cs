using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Serving;

namespace Wellmet.Recommendations.Placements;

/// <summary>A placement as people type it: types one below the other, products by their codes, prices in whole units.</summary>
/// <param name="New">It is to be a new one: another of the same name must not be lost.</param>
/// <param name="Segment">Whose rules they are; null for the placement's own.</param>
public sealed record PlacementForm(
    [FromForm] string? Name, [FromForm] string? Source, [FromForm] string? Fills, [FromForm] string? Currency, [FromForm] string? Lowest, [FromForm] string? Highest,
    [FromForm] string? Only, [FromForm] string? Not, [FromForm] string? Boosts, [FromForm] string? Pinned, [FromForm] string? Excluded, [FromForm] string? New = null,
    [FromForm] string? Newest = null, [FromForm] string? SoldOut = null, [FromForm] string? MostOfKind = null, [FromForm] string? Explore = null, [FromForm] string? Looks = null, [FromForm] string? Segment = null, [FromForm] string? Model = null)
{
    public const string DayFormat = "yyyy-MM-dd";

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
            Price(rules.LowestPriceMinor, rules.Currency), Price(rules.HighestPriceMinor, rules.Currency), RuleLines.Write(rules, r => r.Only), RuleLines.Write(rules, r => r.Not),
            RuleLines.Write(rules.Boosts), CodesOf(rules.Pinned), CodesOf(rules.Excluded), null, rules.NewestDays?.ToString(CultureInfo.InvariantCulture), rules.SoldOut ? "true" : null,
            rules.MostOfKind?.ToString(CultureInfo.InvariantCulture), rules.ExplorePercent?.ToString(CultureInfo.InvariantCulture), rules.LooksFactor?.ToString(CultureInfo.InvariantCulture), null, placement.ModelDay?.ToString(DayFormat, CultureInfo.InvariantCulture));

        string CodesOf(IEnumerable<Guid> named) => Lines(named.Where(products.ContainsKey).Select(p => products[p].Sku));
    }

    /// <exception cref="ProblemException"><c>placement_source</c>, <c>price_malformed</c>, <c>currency_malformed</c>, <c>days_out_of_range</c>, <c>boost_malformed</c>, <c>product_unknown</c>, <c>kinds_out_of_range</c>, <c>explore_out_of_range</c>, <c>looks_out_of_range</c>, <c>model_version_unknown</c>.</exception>
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
        var (only, not) = (RuleLines.Read(Only), RuleLines.Read(Not));
        return new Placement((Name ?? "").Trim(), source, Fills is not null, new ListRules
        {
            Currency = priced ? currency : "",
            LowestPriceMinor = PriceOf(Lowest, currency),
            HighestPriceMinor = PriceOf(Highest, currency),
            NewestDays = NumberOf(Newest, ArrangePlacement.DaysOutOfRange),
            SoldOut = SoldOut is not null,
            OnlyKinds = [.. only[ProductTrait.Kind]], NotKinds = [.. not[ProductTrait.Kind]],
            OnlyBrands = [.. only[ProductTrait.Brand]], NotBrands = [.. not[ProductTrait.Brand]],
            OnlySellers = [.. only[ProductTrait.Seller]], NotSellers = [.. not[ProductTrait.Seller]],
            OnlyCategories = [.. only[ProductTrait.Category]], NotCategories = [.. not[ProductTrait.Category]],
            Boosts = RuleLines.ReadBoosts(Boosts),
            Pinned = [.. LinesOf(Pinned).Select(ProductOf).Distinct()],
            Excluded = [.. LinesOf(Excluded).Select(ProductOf).Distinct()],
            MostOfKind = NumberOf(MostOfKind, ArrangePlacement.KindsOutOfRange),
            ExplorePercent = NumberOf(Explore, ArrangePlacement.ExploreOutOfRange),
            LooksFactor = LooksOf(Looks),
        })
        {
            ModelDay = DayOf(Model),
        };

        Guid ProductOf(string code) => products.TryGetValue(code, out var product) ? product.ProductId : throw new ProblemException("product_unknown", "There is no product with the code {0}.", 400, code);
    }

    private static string Lines(IEnumerable<string> lines) => string.Join('\n', lines);

    private static IEnumerable<string> LinesOf(string? text) => (text ?? "").Split(['\n', ','], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string? Price(long? minor, string currency) => minor is { } price ? new Money(price, currency).Amount.ToString("F" + Money.Decimals(currency), CultureInfo.InvariantCulture) : null;

    private static long? PriceOf(string? text, string currency) => string.IsNullOrWhiteSpace(text) ? null
        : decimal.TryParse(text.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) && amount <= 1_000_000_000 ? Money.From(amount, currency).Minor
        : throw new ProblemException("price_malformed", "{0} is not a price. Write it with a point, without a currency: 12.50.", 400, text.Trim());

    private static DateOnly? DayOf(string? text) => string.IsNullOrEmpty(text) ? null
        : DateOnly.TryParseExact(text, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : throw ArrangePlacement.ModelUnknown();

    private static int? NumberOf(string? text, Func<ProblemException> problem) => string.IsNullOrWhiteSpace(text) ? null
        : int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw problem();

    private static double? LooksOf(string? text) => string.IsNullOrWhiteSpace(text) ? null
        : double.TryParse(text.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var factor) ? factor : throw ArrangePlacement.LooksOutOfRange();
}
