using Wellmet.Commerce.Orders;
using Wellmet.Customers.Contract;

namespace Wellmet.Commerce.Imports;

/// <summary>What a line of a sales file says, whatever the layout.</summary>
/// <param name="Number">Of the order or of the cancellation.</param>
/// <param name="Quantity">Positive for a cancelled quantity, too.</param>
/// <param name="UnitPrice">In 1/10000.</param>
/// <param name="AmountMinor">Positive for a cancelled amount, too.</param>
/// <param name="Occurrence">1 for the first line of the document with this code, quantity and price in the file, 2 for the second…</param>
internal sealed record SalesLine(
    long LineNumber, DocumentKind Document, string Number, LineKind Kind, DateTimeOffset PlacedAt, string Sku, string Name, long Quantity, long UnitPrice,
    long AmountMinor, string Currency, string? Country, PersonClaim Person)
{
    public int Occurrence { get; set; } = 1;

    /// <summary>Class of the line in the totals.</summary>
    public string Class => Document == DocumentKind.Cancellation ? "cancelled" : Kind == LineKind.Adjustment ? "adjustment" : IsAnonymous ? "anonymous" : "customer";

    public bool IsAnonymous => string.IsNullOrEmpty(Person.Value);

    public LineKey Key => new(Sku, Quantity, UnitPrice, Occurrence);
}

/// <summary>What tells the lines of one document apart.</summary>
internal readonly record struct LineKey(string Sku, long Quantity, long UnitPrice, int Occurrence);
