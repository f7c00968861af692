using Wellmet.Commerce.Orders;
using Wellmet.Customers.Contract;

namespace Wellmet.Commerce.Imports;

/// <summary>
/// The UCI Online Retail layout (Daqing Chen, 2015): one line for each line of an invoice, in pounds. Classes of lines, in this
/// precedence: an invoice number with C is a cancellation; one with A, a quantity or a price that is not positive an adjustment; then a
/// line without a customer is anonymous. Decided before anything is rounded.
/// </summary>
internal sealed class OnlineRetailLayout : ISalesLayout
{
    private const int Invoice = 0, StockCode = 1, Description = 2, Quantity = 3, InvoiceDate = 4, UnitPrice = 5, CustomerId = 6, Country = 7;
    private const int LongestCode = 100, LongestName = 500;

    public string Name => "online-retail";
    public string Title => "UCI Online Retail";
    public bool NeedsMapping => false;

    /// <summary>Spreadsheets write the published file out as 12/1/2010 8:26 for the first of December.</summary>
    public bool? DayFirst => false;
    public string Currency => "GBP";

    public IReadOnlyList<ImportField> Fields { get; } =
    [
        new("InvoiceNo", "Invoice number", true, ImportFieldKind.Text, ["invoiceno", "invoice"]),
        new("StockCode", "Stock code", true, ImportFieldKind.Text, ["stockcode"]),
        new("Description", "Description", false, ImportFieldKind.Text, ["description"]),
        new("Quantity", "Quantity", true, ImportFieldKind.Number, ["quantity"]),
        new("InvoiceDate", "Invoice date", true, ImportFieldKind.Time, ["invoicedate"]),
        new("UnitPrice", "Unit price", true, ImportFieldKind.Number, ["unitprice", "price"]),
        new("CustomerID", "Customer ID", true, ImportFieldKind.Text, ["customerid"]),
        new("Country", "Country", false, ImportFieldKind.Text, ["country"]),
    ];

    public string? GroupOf(ImportLine line) => line[Invoice];

    public SalesLine? Read(ImportLine line, SalesFile file)
    {
        string number = line[Invoice], code = line[StockCode];
        if (number.Length is 0 or > LongestCode)
        {
            return file.Reject(line.Number, "order_number_missing", number);
        }
        if (code.Length is 0 or > LongestCode)
        {
            return file.Reject(line.Number, "product_code_missing", code);
        }
        if (file.Time(line[InvoiceDate]) is not { } time)
        {
            return file.Reject(line.Number, "date_not_read", line[InvoiceDate]);
        }
        if (line[CustomerId].Length > PersonClaim.MaxLength)
        {
            return file.Reject(line.Number, "personal_data_too_long", line[CustomerId]);
        }
        return SalesCells.Amounts(line, line[Quantity], line[UnitPrice], Currency, file) is { } amounts
            ? Classify(line, number, code, time, amounts, file)
            : null;
    }

    private SalesLine Classify(ImportLine line, string number, string code, DateTimeOffset time, LineAmounts amounts, SalesFile file)
    {
        var cancelled = number[0] is 'C' or 'c';
        var adjustment = !cancelled && AdjustmentReason(number, amounts) is { } reason && Flagged(reason);
        var kind = adjustment ? LineKind.Adjustment : StockCodes.IsCharge(code) ? LineKind.Charge : LineKind.Product;
        var country = line[Country] is { Length: > 0 } named ? SalesCells.Cut(named, LongestCode) : null;
        var sign = cancelled ? -1 : 1;
        return new SalesLine(line.Number, cancelled ? DocumentKind.Cancellation : DocumentKind.Order, number, kind, time, code,
            SalesCells.Cut(line[Description], LongestName), sign * amounts.Quantity, amounts.UnitPrice, sign * amounts.Minor, Currency, country,
            new PersonClaim(IdentityKind.ExternalId, Identifier(line[CustomerId]), new PersonDetails(Country: country)));

        bool Flagged(string why)
        {
            file.Note(line.Number, RemarkKind.Flagged, why);
            return true;
        }
    }

    private static string? AdjustmentReason(string number, LineAmounts amounts) =>
        number[0] is 'A' or 'a' ? "adjustment_invoice"
        : amounts.Quantity <= 0 ? "quantity_not_positive"
        : amounts.Price <= 0 ? "price_not_positive"
        : null;

    /// <summary>Spreadsheets write whole numbers as 17850.0.</summary>
    private static string? Identifier(string cell) =>
        cell.Length == 0 ? null : cell.EndsWith(".0", StringComparison.Ordinal) && !cell.AsSpan(0, cell.Length - 2).ContainsAnyExceptInRange('0', '9') ? cell[..^2] : cell;
}
