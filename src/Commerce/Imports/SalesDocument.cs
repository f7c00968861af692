using Wellmet.Commerce.Contract;
using Wellmet.Commerce.Orders;
using Wellmet.Customers.Contract;

namespace Wellmet.Commerce.Imports;

/// <summary>What an import says of a whole document. A document has the time of its first line.</summary>
internal sealed record DocumentHead(DateTimeOffset PlacedAt, string Currency, string? Country, bool Anonymous);

/// <summary>The lines of a batch that belong to one order or one cancellation.</summary>
internal sealed class SalesDocument(DocumentKind kind, string number, DocumentHead head, List<SalesLine> lines)
{
    public DocumentKind Kind { get; } = kind;
    public string Number { get; } = number;

    /// <summary>As this import says it; what stands already goes before.</summary>
    public DocumentHead Head { get; } = head;

    /// <summary>Without those that stand already, once they were passed over.</summary>
    public List<SalesLine> Lines { get; } = lines;

    /// <summary>Lines that stand already.</summary>
    public List<SalesLine> Known { get; } = [];

    /// <summary>Some files name the customer on the first line of an order only.</summary>
    public PersonClaim Person { get; } = (lines.Find(l => !l.IsAnonymous) ?? lines[0]).Person;

    /// <summary>The row that stands already; null for a document that is new.</summary>
    public StandingDocument? Standing { get; set; }

    /// <summary>The order that stands under a cancellation's number, where the file knows nobody behind it: it is the same person.</summary>
    public StandingDocument? Order { get; set; }

    public Guid DocumentId { get; set; }
    public Guid SubjectId { get; set; }

    /// <summary>The subject that this import names; null for nobody, where another import knows somebody.</summary>
    public Guid? PersonId { get; set; }

    public DateTimeOffset PlacedAt => Standing?.PlacedAt ?? Head.PlacedAt;
    public string Currency => Head.Currency;
    public string? Country => Head.Country;
    public bool Anonymous => (Standing ?? Order)?.Anonymous ?? Head.Anonymous;

    public IEnumerable<SalesLine> Sold => Lines.Where(l => l.Kind != LineKind.Adjustment);
    public bool Sells => Lines.Exists(l => l.Kind != LineKind.Adjustment);
    public long AmountMinor => Sold.Sum(l => l.AmountMinor);
    public long Items => Lines.Where(l => l.Kind == LineKind.Product).Sum(l => l.Quantity);

    public static SalesDocument Of(DocumentKind kind, string number, List<SalesLine> lines) => new(kind, number, new DocumentHead(
        lines[0].PlacedAt, lines[0].Currency, lines.Find(l => l.Country is not null)?.Country, lines.TrueForAll(l => l.IsAnonymous)), lines);

    /// <summary>Takes out the lines whose amounts cannot be added to the others: those of another currency.</summary>
    public List<SalesLine> TakeMixed()
    {
        var currency = Standing?.Currency ?? Head.Currency;
        var mixed = Lines.FindAll(l => l.Currency != currency);
        Lines.RemoveAll(l => l.Currency != currency);
        return mixed;
    }

    public void PassOverKnown()
    {
        if (Standing is { } standing)
        {
            Known.AddRange(Lines.Where(l => standing.Lines.Contains(l.Key)));
            Lines.RemoveAll(l => standing.Lines.Contains(l.Key));
        }
    }

    public IReadOnlyList<OrderedProduct> Products(ProductCache products) =>
        [.. Lines.Where(l => l.Kind == LineKind.Product && products.IdOf(l.Sku) is not null).GroupBy(l => l.Sku)
            .Select(g => new OrderedProduct(products.IdOf(g.Key)!.Value, g.Sum(l => l.Quantity), g.Sum(l => l.AmountMinor)))];
}

/// <summary>What stands already of a document that a file speaks of.</summary>
/// <param name="ImportId">The import that brought it; null where none did.</param>
/// <param name="Lines">Keys of its lines.</param>
/// <param name="Sells">Whether it was told as an order already.</param>
internal sealed record StandingDocument(
    Guid SubjectId, Guid DocumentId, Guid? ImportId, DateTimeOffset PlacedAt, string Currency, bool Anonymous, bool Sells, HashSet<LineKey> Lines)
{
    /// <summary>Only a page told it, and nothing was done with it yet: a file takes its place.</summary>
    public bool IsHearsay { get; init; }
}
