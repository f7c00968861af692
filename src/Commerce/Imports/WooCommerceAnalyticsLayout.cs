using System.Text.RegularExpressions;
using Wellmet.Commerce.Orders;
using Wellmet.Customers.Contract;
using Wellmet.Platform;

namespace Wellmet.Commerce.Imports;

/// <summary>
/// Orders as WooCommerce's Analytics exports them: one line for each order, its products as <c>2× Lamp, 1× Candle</c>, its net sales in one sum. There is no address in it and no product code: nobody is known by it, and a
/// product's name is its code. Of several products each gets its share of the sum by quantity, to the cent.
/// </summary>
internal sealed partial class WooCommerceAnalyticsLayout : ISalesLayout
{
    private const int Date = 0, Number = 1, Status = 2, Products = 3, Net = 4;
    private const int LongestCode = 100, LongestName = 500, MostProducts = 200;

    private static readonly PersonClaim Nobody = new(IdentityKind.AnonymousId, null, new PersonDetails());

    public string Name => "woocommerce-analytics";
    public string Title => "WooCommerce Analytics orders";
    public bool NeedsMapping => false;
    public bool? DayFirst => false;
    public string Currency => "EUR";
    public bool AddsToStanding => false;

    public IReadOnlyList<ImportField> Fields { get; } =
    [
        new("Date", "Date", true, ImportFieldKind.Time, ["date"]),
        new("Order #", "Order number", true, ImportFieldKind.Text, ["order"]),
        new("Status", "Status", false, ImportFieldKind.Text, ["status"]),
        new("Product(s)", "Products", true, ImportFieldKind.Text, ["products"]),
        new("Net Sales", "Net sales", true, ImportFieldKind.Number, ["netsales", "nrevenue"]),
    ];

    public string? GroupOf(ImportLine line) => line[Number];

    public SalesLine? Read(ImportLine line, SalesFile file) => ReadAll(line, file) is [var first, ..] ? first : null;

    public IReadOnlyList<SalesLine> ReadAll(ImportLine line, SalesFile file)
    {
        var number = line[Number];
        if (number.Length is 0 or > LongestCode)
        {
            return Reject("order_number_missing", number);
        }
        if (file.Time(line[Date]) is not { } placedAt)
        {
            return Reject("date_not_read", line[Date]);
        }
        if (file.Number(line[Net]) is not { } net || Math.Abs(net) > int.MaxValue)
        {
            return Reject("price_not_a_number", line[Net]);
        }
        var products = ProductsOf(line[Products]);
        if (products.Count == 0)
        {
            return Reject("product_code_missing", line[Products]);
        }
        if (products.Count > 1)
        {
            file.Note(line.Number, RemarkKind.Flagged, "price_shared");
        }
        var document = OrdersCsvLayout.IsCancelled(line[Status]) ? DocumentKind.Cancellation : DocumentKind.Order;
        var (minor, units) = (Money.From(net, file.Currency).Minor, products.Sum(p => p.Quantity));
        var lines = new List<SalesLine>();
        foreach (var (name, quantity) in products)
        {
            // What is left of the sum, by what is left of the quantity: so that the lines come to it.
            var share = (long)Math.Round((decimal)minor * quantity / units, MidpointRounding.AwayFromZero);
            (minor, units) = (minor - share, units - quantity);
            var price = new Money(share, file.Currency).Amount / quantity;
            var kind = document == DocumentKind.Order && share <= 0 ? LineKind.Adjustment : LineKind.Product;
            lines.Add(new SalesLine(line.Number, document, number, kind, placedAt, SalesCells.Cut(name, LongestCode), SalesCells.Cut(name, LongestName), quantity, LineAmount.Price(price) ?? 0, share, file.Currency, null, Nobody));
        }
        return lines;

        IReadOnlyList<SalesLine> Reject(string reason, string detail)
        {
            file.Reject(line.Number, reason, detail);
            return [];
        }
    }

    /// <summary>Names may hold commas: the next product begins with its quantity.</summary>
    private static List<(string Name, long Quantity)> ProductsOf(string cell) => [.. Product().Matches(cell).Take(MostProducts)
        .Select(m => (Name: m.Groups["name"].Value.Trim(), Quantity: long.TryParse(m.Groups["n"].ValueSpan, out var n) ? n : 0)).Where(p => p.Name.Length > 0 && p.Quantity is > 0 and < int.MaxValue)];

    [GeneratedRegex(@"(?:^|,\s*)(?<n>\d{1,9})\s*[×x]\s+(?<name>.+?)(?=,\s*\d{1,9}\s*[×x]\s|$)", RegexOptions.None, 1000)]
    private static partial Regex Product();
}
