using Wellmet.Commerce.Orders;
using Wellmet.Commerce.Storefronts;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Contract;

namespace Wellmet.Commerce.Imports;

/// <summary>Reads a sales file of any layout into orders and cancellations.</summary>
internal sealed class SalesImport(ISalesLayout layout, ImportRun run, Storefront storefront, SalesStores stores) : IImportReader
{
    private readonly SalesFile file = new(run.Format, storefront);
    private readonly Occurrences occurrences = new();
    private readonly ProductCache products = new(stores.Database);
    private readonly HashSet<string> sold = [];

    public void Skip(IReadOnlyList<ImportLine> lines)
    {
        Read(lines);
        file.TakeRemarks();
    }

    public async Task<IImportBatch> PrepareAsync(IReadOnlyList<ImportLine> lines, CancellationToken ct)
    {
        var read = Read(lines);
        var batch = new SalesBatch(run.ImportId, storefront.StorefrontId, new SalesWriting(stores.Customers, stores.Log), products, stores.Time.GetUtcNow()) { Consents = stores.Consents };
        var documents = read.GroupBy(l => (l.Document, l.Number)).Select(g => SalesDocument.Of(g.Key.Document, g.Key.Number, [.. g])).ToList();
        var hearsay = await FindStandingAsync(documents, ct);
        RejectMixed(documents);
        batch.Count("rejected", lines.Count - LinesOf(documents.SelectMany(d => d.Lines)));
        foreach (var ofClass in documents.SelectMany(d => d.Lines).GroupBy(l => l.Class))
        {
            batch.Count(ofClass.Key, LinesOf(ofClass));
        }
        if (!layout.AddsToStanding)
        {
            batch.Count("known", LinesOf(documents.Where(IsOfAnother).SelectMany(d => d.Lines)));
            documents.RemoveAll(IsOfAnother);
        }
        documents.ForEach(d => d.PassOverKnown());
        batch.Count("known", documents.Sum(d => (long)d.Known.Count));
        await ResolveAsync(documents, batch, ct);
        batch.Named.AddRange(documents.Where(IsOfAnother));
        batch.NewProducts.AddRange(await products.LoadAsync([.. documents.SelectMany(d => d.Lines.Concat(d.Known))], ct));
        documents.RemoveAll(d => d.Lines.Count == 0);
        batch.Replaced.AddRange(documents.Where(d => d.Kind == DocumentKind.Order && hearsay.Contains(d.Number)).Select(d => d.Number));
        await MatchAsync(documents, batch, ct);
        batch.Documents.AddRange(documents);
        batch.Remarks.AddRange(file.TakeRemarks());
        return batch;
    }

    public Task CompleteAsync(CancellationToken ct) => stores.Prices.RunAsync(sold, ct);

    private List<SalesLine> Read(IReadOnlyList<ImportLine> lines)
    {
        var read = new List<SalesLine>(lines.Count);
        foreach (var line in lines)
        {
            foreach (var sale in layout.ReadAll(line, file))
            {
                sale.Occurrence = occurrences.Next(sale);
                if (sale.Occurrence > 1)
                {
                    file.Note(sale.LineNumber, RemarkKind.Flagged, "identical_line");
                }
                if (sale.Kind == LineKind.Product)
                {
                    sold.Add(sale.Sku);
                }
                read.Add(sale);
            }
        }
        return read;
    }

    /// <returns>Numbers of orders that only a page told.</returns>
    private async Task<HashSet<string>> FindStandingAsync(List<SalesDocument> documents, CancellationToken ct)
    {
        var standing = await stores.Standing.FindAsync(storefront.StorefrontId, documents, ct);
        foreach (var document in documents)
        {
            if (standing.TryGetValue((document.Kind, document.Number), out var found) && !found.IsHearsay)
            {
                document.Standing = found;
                (document.SubjectId, document.DocumentId) = (found.SubjectId, found.DocumentId);
            }
            else
            {
                document.DocumentId = Id.New();
                document.Order = document is { Kind: DocumentKind.Cancellation, Head.Anonymous: true } ? standing.GetValueOrDefault((DocumentKind.Order, document.Number)) : null;
            }
        }
        return [.. standing.Where(s => s.Value.IsHearsay).Select(s => s.Key.Item2)];
    }

    private void RejectMixed(List<SalesDocument> documents)
    {
        foreach (var document in documents)
        {
            document.TakeMixed().ForEach(l => file.Reject(l.LineNumber, "currency_mixed", l.Currency));
        }
        documents.RemoveAll(d => d.Lines.Count == 0);
    }

    /// <summary>Of the file: one may hold several of an order.</summary>
    private static int LinesOf(IEnumerable<SalesLine> lines) => lines.Select(l => l.LineNumber).Distinct().Count();

    private bool IsOfAnother(SalesDocument document) => document.Standing is { } standing && standing.ImportId != run.ImportId;

    private async Task ResolveAsync(List<SalesDocument> documents, SalesBatch batch, CancellationToken ct)
    {
        var open = documents.FindAll(d => d.Standing is not { } standing || (IsOfAnother(d) && (standing.Anonymous || !d.Head.Anonymous)));
        var resolved = await stores.Customers.ResolveAsync(open.ConvertAll(d => d.Person with { StandingId = (d.Standing ?? d.Order)?.SubjectId }), run.ImportId, ct);
        for (var i = 0; i < open.Count; i++)
        {
            open[i].PersonId = resolved[i].SubjectId;
            open[i].SubjectId = open[i].Standing?.SubjectId ?? resolved[i].SubjectId;
            batch.People.Add(new SeenPerson(resolved[i], open[i].Head.PlacedAt));
        }
    }

    private async Task MatchAsync(List<SalesDocument> documents, SalesBatch batch, CancellationToken ct)
    {
        var cancellations = documents.FindAll(d => d.Kind == DocumentKind.Cancellation);
        if (cancellations.Count == 0)
        {
            return;
        }
        var open = new OpenQuantities();
        await stores.Database.ReadAsync(s => open.LoadAsync(s, [.. cancellations.Select(c => c.SubjectId).Distinct()],
            [.. cancellations.SelectMany(c => c.Lines).Select(l => l.Sku).Distinct()], ct), ct);
        foreach (var order in documents.Where(d => d.Kind == DocumentKind.Order))
        {
            open.Add(order);
        }
        foreach (var cancellation in cancellations)
        {
            foreach (var line in cancellation.Lines)
            {
                if (open.Take(cancellation, line) is { } orderId)
                {
                    batch.Matches[line] = orderId;
                }
                else
                {
                    file.Note(line.LineNumber, RemarkKind.Flagged, "no_order_to_cancel");
                }
            }
        }
    }
}

/// <summary>What sales imports work with.</summary>
internal sealed record SalesStores(Database Database, ICustomers Customers, StandingDocuments Standing, ProductPrices Prices, TimeProvider Time, LogReader Log, IConsents Consents);
