using Wellmet.Commerce.Contract;
using Wellmet.Commerce.Orders;
using Wellmet.Platform;

namespace Wellmet.Commerce.Catalog;

/// <summary>What a person or the shop's server says of a product. What is not told stays; the newest word counts.</summary>
public sealed record ProductFacts
{
    public const int LongestName = 500, LongestWord = 100, LongestAddress = 2000;
    public const long MostStock = 1_000_000_000;

    private static readonly DateOnly EarliestDay = new(1900, 1, 1), LatestDay = new(2199, 12, 31);

    public Told<string?> Name { get; init; }

    /// <summary>Null: as its name says.</summary>
    public Told<ProductType?> Type { get; init; }

    /// <summary>The noun it is; in small letters.</summary>
    public Told<string?> Kind { get; init; }

    /// <summary>By name, made where it is new.</summary>
    public Told<string?> Category { get; init; }

    public Told<string?> Brand { get; init; }

    /// <summary>Who sells it on the shop's market place; null for the shop itself.</summary>
    public Told<string?> Seller { get; init; }

    /// <summary>Pieces; 0 is sold out, null is not counted.</summary>
    public Told<long?> Stock { get; init; }

    /// <summary>The day from which the shop offers it; before that day it stands in no list.</summary>
    public Told<DateOnly?> AvailableSince { get; init; }

    /// <summary>What the shop asks for one; null: what the latest order paid.</summary>
    public Told<Money?> Price { get; init; }

    /// <summary>Whether it is still sold.</summary>
    public Told<bool> Active { get; init; }

    /// <summary>Of its picture: https.</summary>
    public Told<string?> ImageUrl { get; init; }

    /// <summary>Of its page in the shop: https.</summary>
    public Told<string?> PageUrl { get; init; }

    /// <summary>The same, trimmed, with nothing empty in it and within the bounds.</summary>
    /// <exception cref="ProblemException">
    /// <c>name_missing</c>, <c>name_too_long</c>, <c>stock_out_of_range</c>, <c>day_out_of_range</c>, <c>price_out_of_range</c>, <c>currency_unknown</c>, <c>address_invalid</c>.
    /// </exception>
    public ProductFacts Checked() => this with
    {
        Name = Each(Name, name => Word(name, LongestName) ?? throw NameMissing()),
        Kind = Each(Kind, kind => Word(kind, LongestWord)?.ToLowerInvariant()),
        Category = Each(Category, category => Word(category, LongestWord)),
        Brand = Each(Brand, brand => Word(brand, LongestWord)),
        Seller = Each(Seller, seller => Word(seller, LongestWord)),
        Stock = Each(Stock, stock => stock is null or (>= 0 and <= MostStock) ? stock : throw StockOutOfRange()),
        AvailableSince = Each(AvailableSince, day => day is null || (day >= EarliestDay && day <= LatestDay)
            ? day : throw new ProblemException("day_out_of_range", "The day lies between {0} and {1}.", 422, EarliestDay, LatestDay)),
        Price = Each(Price, CheckedPrice),
        ImageUrl = Each(ImageUrl, Address),
        PageUrl = Each(PageUrl, Address),
    };

    internal static ProblemException NameMissing() => new("name_missing", "A product that is not known yet needs a name, and none can lose it.", 422);

    internal static ProblemException OtherCurrency() => new("price_currency", "This product was sold in another currency. All prices of a product are in one.", 422);

    internal static ProblemException StockOutOfRange() => new("stock_out_of_range", "Stock is a whole number from 0 to {0}; say nothing where you do not count it.", 422, MostStock);

    private static Told<T> Each<T>(Told<T> told, Func<T, T> check) => told.IsTold ? check(told.Value) : told;

    private static string? Word(string? text, int longest) => text?.Trim().Replace("\0", "", StringComparison.Ordinal) switch
    {
        null or "" => null,
        var clean when clean.Length > longest => throw new ProblemException("name_too_long", "A name may have at most {0} characters.", 422, longest),
        var clean => clean,
    };

    private static Money? CheckedPrice(Money? price) => price switch
    {
        null => null,
        { Currency: not { Length: 3 } } => throw CurrencyUnknown(),
        { Currency: var code } when code.AsSpan().ContainsAnyExceptInRange('A', 'Z') => throw CurrencyUnknown(),
        { Minor: < 0 } => throw PriceOutOfRange(),
        { } money => LineAmount.Price(money.Amount) is null ? throw PriceOutOfRange() : money,
    };

    private static ProblemException CurrencyUnknown() => new("currency_unknown", "The currency is a code of three letters, such as EUR.", 422);

    private static ProblemException PriceOutOfRange() => new("price_out_of_range", "A price is not below 0, nor beyond all measure.", 422);

    /// <summary>It will stand in letters and pages: only what is fetched unread by others, and nothing with a password in it.</summary>
    private static string? Address(string? text) => text?.Trim() switch
    {
        null or "" => null,
        { Length: <= LongestAddress } address when Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.UserInfo.Length == 0 && uri.AbsoluteUri.Length <= LongestAddress
            => uri.AbsoluteUri,
        _ => throw new ProblemException("address_invalid", "The address of a picture or page begins with https:// and has at most {0} characters.", 422, LongestAddress),
    };
}
