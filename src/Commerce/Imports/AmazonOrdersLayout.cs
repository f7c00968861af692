using Wellmet.Commerce.Orders;
using Wellmet.Customers.Contract;

namespace Wellmet.Commerce.Imports;

/// <summary>
/// Flat-file order reports of Amazon's Selling Partner API, tab-separated: of all orders (<c>amazon-order-id</c> …) and of those to be sent (<c>order-id</c>, <c>quantity-purchased</c> …). A line's price is that
/// of its whole quantity; what a promotion took off is taken off it. Amazon passes buyers' messages on under addresses of its own: they say who is who, and are no addresses to write to.
/// </summary>
internal sealed class AmazonOrdersLayout : ISalesLayout
{
    private const int Number = 0, Date = 1, Sku = 2, Product = 3, Quantity = 4, Price = 5, Discount = 6, CurrencyCode = 7, Status = 8, Country = 9, Buyer = 10;
    private const int LongestCode = 100, LongestName = 500, CurrencyLength = 3;
    private const string Prefix = "amazon:";

    public string Name => "amazon-orders";
    public string Title => "Amazon order report";
    public bool NeedsMapping => false;
    public bool? DayFirst => false;
    public string Currency => "EUR";

    public IReadOnlyList<ImportField> Fields { get; } =
    [
        new("amazon-order-id", "Order number", true, ImportFieldKind.Text, ["orderid"]),
        new("purchase-date", "Date", true, ImportFieldKind.Time, ["purchasedate"]),
        new("sku", "Product code", true, ImportFieldKind.Text, ["sku", "sellersku"]),
        new("product-name", "Product name", false, ImportFieldKind.Text, ["productname"]),
        new("quantity", "Quantity", true, ImportFieldKind.Number, ["quantitypurchased", "quantityshipped"]),
        new("item-price", "Price", true, ImportFieldKind.Number, ["itemprice"]),
        new("item-promotion-discount", "Discount", false, ImportFieldKind.Number, ["itempromotiondiscount"]),
        new("currency", "Currency", false, ImportFieldKind.Text, ["currency"]),
        new("order-status", "Status", false, ImportFieldKind.Text, ["itemstatus"]),
        new("ship-country", "Country", false, ImportFieldKind.Text, ["shipcountry"]),
        new("buyer-email", "Buyer", false, ImportFieldKind.Text, ["buyeremail"]),
    ];

    public string? GroupOf(ImportLine line) => line[Number];

    public SalesLine? Read(ImportLine line, SalesFile file)
    {
        string number = line[Number], code = line[Sku];
        if (number.Length is 0 or > LongestCode)
        {
            return file.Reject(line.Number, "order_number_missing", number);
        }
        if (code.Length is 0 or > LongestCode)
        {
            return file.Reject(line.Number, "product_code_missing", code);
        }
        if (file.Time(line[Date]) is not { } time)
        {
            return file.Reject(line.Number, "date_not_read", line[Date]);
        }
        var currency = line[CurrencyCode] is { Length: > 0 } named ? named.ToUpperInvariant() : file.Currency;
        if (currency.Length != CurrencyLength || currency.AsSpan().ContainsAnyExceptInRange('A', 'Z'))
        {
            return file.Reject(line.Number, "currency_unknown", currency);
        }
        // Amazon takes the price away from what was cancelled, and leaves the line.
        return line[Status].Equals("cancelled", StringComparison.OrdinalIgnoreCase) && (line[Price].Length == 0 || file.Number(line[Quantity]) is 0 or null)
            ? file.Reject(line.Number, "cancelled_before_paid", number)
            : Amounts(line, currency, file) is { } amounts ? LineOf(line, number, code, time, currency, amounts, file) : null;
    }

    /// <summary>The price of one, from that of all of them.</summary>
    private static LineAmounts? Amounts(ImportLine line, string currency, SalesFile file)
    {
        if (file.Number(line[Quantity]) is not { } quantity || quantity <= 0 || quantity != decimal.Truncate(quantity) || quantity > int.MaxValue)
        {
            file.Reject(line.Number, "quantity_not_a_number", line[Quantity]);
            return null;
        }
        if (file.Number(line[Price]) is not { } price)
        {
            file.Reject(line.Number, "price_not_a_number", line[Price]);
            return null;
        }
        var each = (price - Math.Abs(file.Number(line[Discount]) ?? 0)) / quantity;
        if (LineAmount.Price(each) is not { } unitPrice || LineAmount.Minor((long)quantity, each, Platform.Money.Decimals(currency)) is not { } minor)
        {
            file.Reject(line.Number, "amount_too_large", line[Price]);
            return null;
        }
        return new LineAmounts((long)quantity, each, unitPrice, minor);
    }

    private static SalesLine? LineOf(ImportLine line, string number, string code, DateTimeOffset time, string currency, LineAmounts amounts, SalesFile file)
    {
        var buyer = line[Buyer].Split('@')[0];
        if (buyer.Length + Prefix.Length > PersonClaim.MaxLength)
        {
            return file.Reject(line.Number, "personal_data_too_long", buyer);
        }
        var country = line[Country] is { Length: > 0 } named ? SalesCells.Cut(named, LongestCode) : null;
        var cancelled = line[Status].Equals("cancelled", StringComparison.OrdinalIgnoreCase);
        if (!cancelled && amounts.Price <= 0)
        {
            file.Note(line.Number, RemarkKind.Flagged, "price_not_positive");
        }
        var kind = !cancelled && amounts.Price <= 0 ? LineKind.Adjustment : LineKind.Product;
        return new SalesLine(line.Number, cancelled ? DocumentKind.Cancellation : DocumentKind.Order, number, kind, time, code, SalesCells.Cut(line[Product], LongestName),
            amounts.Quantity, amounts.UnitPrice, amounts.Minor, currency, country, new PersonClaim(IdentityKind.ExternalId, buyer.Length == 0 ? null : Prefix + buyer.ToLowerInvariant(), new PersonDetails(Country: country)));
    }
}
