using System.Runtime.InteropServices;
using Wellmet.Commerce.Catalog;
using Wellmet.Commerce.Contract;
using Wellmet.Commerce.Orders;
using Wellmet.Commerce.ShopEvents;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Contract;

namespace Wellmet.Commerce.Imports;

/// <summary>What writing sales needs of others.</summary>
internal sealed record SalesWriting(ICustomers Customers, LogReader Log);

/// <summary>Orders and cancellations that are ready to be written.</summary>
internal sealed class SalesBatch(Guid importId, Guid storefrontId, SalesWriting writing, ProductCache products, DateTimeOffset now) : IImportBatch
{
    private readonly Dictionary<string, long> counts = [];

    public List<ImportRemark> Remarks { get; } = [];
    public List<SalesDocument> Documents { get; } = [];

    /// <summary>Those that another import had brought before, whether or not this one adds lines to them.</summary>
    public List<SalesDocument> Named { get; } = [];

    /// <summary>Numbers of orders that only a page told until now.</summary>
    public List<string> Replaced { get; } = [];
    public List<NewProduct> NewProducts { get; } = [];
    public List<SeenPerson> People { get; } = [];

    /// <summary>Keeps what the file says about advertising; null where the lines come from what stands already.</summary>
    public IConsents? Consents { get; init; }

    /// <summary>The order that a cancelled line was matched to.</summary>
    public Dictionary<SalesLine, Guid> Matches { get; } = new(ReferenceEqualityComparer.Instance);

    IReadOnlyList<ImportRemark> IImportBatch.Remarks => Remarks;
    public IReadOnlyDictionary<string, long> Counts => counts;

    public void Count(string name, long lines) => CollectionsMarshal.GetValueRefOrAddDefault(counts, name, out _) += lines;

    public async Task WriteAsync(Transaction tx, CancellationToken ct)
    {
        foreach (var number in Replaced)
        {
            await RetractAsync(tx, number, ct);
        }
        await writing.Customers.RegisterAsync(tx, People, importId, ct);
        await KeepConsentsAsync(tx, ct);
        await SalesTables.Products.RunAsync(tx, NewProducts.ConvertAll(p => new ProductRow(p, InferredType.Of(p.Name), now, importId)), ct);
        await WriteDocumentsAsync(tx, ct);
        await WriteNamedAsync(tx, ct);
        await RefreshAsync(tx, ct);
        foreach (var document in Documents)
        {
            if (EventOf(document) is { } happened)
            {
                tx.AppendHistory(happened, importId);
            }
        }
    }

    private async Task KeepConsentsAsync(Transaction tx, CancellationToken ct)
    {
        var said = from p in People
                   where p.Person.Claim.AcceptsMarketing is not null
                   select new ImportedConsent(p.Person.SubjectId, p.Person.Claim.AcceptsMarketing!.Value, p.SeenAt);
        if (Consents is not null)
        {
            await Consents.KeepImportedAsync(tx, [.. said], importId, ct);
        }
    }

    private async Task RetractAsync(Transaction tx, string number, CancellationToken ct)
    {
        if (await StandingOrder.FindAsync(tx, storefrontId, number, ct) is { ToldBy: ToldBy.Page } hearsay && !await hearsay.IsHandledAsync(tx, ct))
        {
            await hearsay.RetractAsync(tx, writing.Log, now, ct);
            await hearsay.DeleteAsync(tx, storefrontId, number, ct);
        }
    }

    private async Task WriteDocumentsAsync(Transaction tx, CancellationToken ct)
    {
        var fresh = Documents.FindAll(d => d.Standing is null).ConvertAll(d => new DocumentRow(d, storefrontId, importId));
        await SalesTables.Numbers.RunAsync(tx, fresh, ct);
        await SalesTables.Orders.RunAsync(tx, fresh.FindAll(d => d.Document.Kind == DocumentKind.Order), ct);
        await SalesTables.Cancellations.RunAsync(tx, fresh.FindAll(d => d.Document.Kind == DocumentKind.Cancellation), ct);
        await SalesTables.OrderLines.RunAsync(tx, Lines(DocumentKind.Order), ct);
        await SalesTables.CancellationLines.RunAsync(tx, Lines(DocumentKind.Cancellation), ct);
    }

    private async Task WriteNamedAsync(Transaction tx, CancellationToken ct)
    {
        await SalesTables.NamedDocuments.RunAsync(tx, Named.ConvertAll(d => new DocumentRow(d, storefrontId, importId)), ct);
        await SalesTables.NamedLines.RunAsync(tx, [.. Named.SelectMany(d => d.Known.Select(l => Row(d, l)))], ct);
    }

    private List<LineRow> Lines(DocumentKind kind) => [.. Documents.Where(d => d.Kind == kind).SelectMany(d => d.Lines.Select(l => Row(d, l)))];

    private LineRow Row(SalesDocument document, SalesLine line) => new(document, line, line.Kind == LineKind.Charge ? null : products.IdOf(line.Sku),
        products.NameOnLine(line), Matches.TryGetValue(line, out var order) ? order : null, importId);

    /// <summary>Documents that got more lines, and orders of which something was cancelled.</summary>
    private async Task RefreshAsync(Transaction tx, CancellationToken ct)
    {
        var extended = Documents.FindAll(d => d.Standing is not null);
        var cancelled = Documents.Where(d => d.Kind == DocumentKind.Cancellation)
            .SelectMany(d => d.Lines.Where(Matches.ContainsKey).Select(l => new OrderKey(d.SubjectId, Matches[l])));
        var orders = extended.Where(d => d.Kind == DocumentKind.Order).Select(KeyOf).Concat(cancelled).ToHashSet();
        await OrderFigures.RefreshAsync(tx, orders, ct);
        var cancellations = extended.FindAll(d => d.Kind == DocumentKind.Cancellation);
        if (cancellations.Count > 0)
        {
            await CancellationFigures.RefreshAsync(tx, cancellations.ConvertAll(KeyOf), ct);
        }
    }

    private static OrderKey KeyOf(SalesDocument document) => new(document.SubjectId, document.DocumentId);

    /// <summary>Null for an order that sells nothing.</summary>
    private Platform.Log.ILogEvent? EventOf(SalesDocument d) => d switch
    {
        { Kind: DocumentKind.Cancellation } => new OrderCancelled(d.SubjectId, d.PlacedAt, d.DocumentId, d.Number, OrderOf(d), storefrontId, d.Currency,
            d.AmountMinor, d.Items, d.Anonymous, d.Products(products)),
        { Sells: false } => null,
        { Standing.Sells: true } => new OrderExtended(d.SubjectId, d.PlacedAt, d.DocumentId, d.Number, storefrontId, d.Currency,
            d.AmountMinor, d.Items, d.Anonymous, d.Products(products)),
        _ => new OrderPlaced(d.SubjectId, d.PlacedAt, d.DocumentId, d.Number, storefrontId, d.Currency,
            d.AmountMinor, d.Items, d.Country, d.Anonymous, d.Products(products)),
    };

    /// <summary>The order of which most lines were cancelled.</summary>
    private Guid? OrderOf(SalesDocument cancellation) => cancellation.Lines.Where(Matches.ContainsKey).GroupBy(l => Matches[l])
        .OrderByDescending(g => g.Count()).ThenBy(g => g.Key).Select(g => (Guid?)g.Key).FirstOrDefault();
}
