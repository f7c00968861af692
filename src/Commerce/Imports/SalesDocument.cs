using Wellmet.Commerce.Contract;
using Wellmet.Commerce.Orders;
using Wellmet.Customers.Contract;

namespace Wellmet.Commerce.Imports;

/// <summary>The lines of a batch that belong to one order or one cancellation, without those that stand already.</summary>
internal sealed class SalesDocument(DocumentKind kind, string number, List<SalesLine> lines)
{
    public DocumentKind Kind { get; } = kind;
    public string Number { get; } = number;
    public List<SalesLine> Lines { get; } = lines;

    /// <summary>The row that stands already; null for a document that is new.</summary>
    public StandingDocument? Standing { get; set; }

    public Guid DocumentId { get; set; }
    public Guid SubjectId { get; set; }

    /// <summary>A document has the time of its first line.</summary>
    public DateTimeOffset PlacedAt => Standing?.PlacedAt ?? Lines[0].PlacedAt;
    public string Currency => Lines[0].Currency;
    public string? Country => Lines.Find(l => l.Country is not null)?.Country;
    public bool Anonymous => Standing?.Anonymous ?? Person.Value is not { Length: > 0 };

    /// <summary>Some files name the customer on the first line of an order only.</summary>
    public PersonClaim Person => Lines.Find(l => !l.IsAnonymous)?.Person ?? Lines[0].Person;

    public IEnumerable<SalesLine> Sold => Lines.Where(l => l.Kind != LineKind.Adjustment);
    public bool Sells => Lines.Exists(l => l.Kind != LineKind.Adjustment);
    public long AmountMinor => Sold.Sum(l => l.AmountMinor);
    public long Items => Lines.Where(l => l.Kind == LineKind.Product).Sum(l => l.Quantity);

    public IReadOnlyList<OrderedProduct> Products(ProductCache products) =>
        [.. Lines.Where(l => l.Kind == LineKind.Product).GroupBy(l => l.Sku)
            .Select(g => new OrderedProduct(products.IdOf(g.Key)!.Value, g.Sum(l => l.Quantity), g.Sum(l => l.AmountMinor)))];
}

/// <summary>What stands already of a document that a file speaks of.</summary>
/// <param name="Lines">Keys of its lines.</param>
/// <param name="Sells">Whether it was told as an order already.</param>
internal sealed record StandingDocument(Guid SubjectId, Guid DocumentId, DateTimeOffset PlacedAt, bool Anonymous, bool Sells, HashSet<LineKey> Lines);
