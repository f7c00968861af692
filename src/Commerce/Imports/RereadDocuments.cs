using Wellmet.Customers.Contract;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Imports;

/// <summary>Writes documents anew from what is left of the imports that named them, and tells them anew.</summary>
internal sealed class RereadDocuments(Database database, ICustomers customers, LogReader log, TimeProvider time)
{
    /// <param name="orders">Orders that are no longer what they were.</param>
    /// <param name="cancellations">Cancellations that are no longer what they were.</param>
    /// <param name="loose">Cancellations that stand, but may now belong to another order.</param>
    /// <param name="importId">The import that is taken back.</param>
    public async Task RunAsync(
        Transaction tx, List<ImportedDocument> orders, List<ImportedDocument> cancellations, List<ImportedDocument> loose, Guid importId, CancellationToken ct)
    {
        var products = new ProductCache(database);
        await products.LoadAsync([.. orders.Concat(cancellations).Concat(loose).SelectMany(d => d.Parts).SelectMany(p => p.Lines)], ct);
        await RewriteAsync(tx, DocumentTables.Orders, orders, new Rereading(importId, products, []), ct);
        await ImportedDocuments.DeleteAsync(tx, DocumentTables.Cancellations, cancellations, ct);
        var (matches, moved) = await MatchAsync(tx, cancellations, loose, ct);
        await RewriteAsync(tx, DocumentTables.Cancellations, [.. cancellations, .. moved], new Rereading(importId, products, matches), ct);
    }

    private async Task RewriteAsync(Transaction tx, DocumentTables tables, List<ImportedDocument> documents, Rereading how, CancellationToken ct)
    {
        await RetractSales.RunAsync(tx, log, documents, how.ImportId, time.GetUtcNow(), ct);
        await ImportedDocuments.DeleteAsync(tx, tables, documents, ct);
        await RegisterNobodyAsync(tx, documents, ct);
        var read = documents.SelectMany(d => d.Read().Select(r => (d.StorefrontId, r.ImportId, r.Document)));
        foreach (var group in read.GroupBy(r => (r.ImportId, r.StorefrontId)).OrderBy(g => g.Key.ImportId))
        {
            var batch = new SalesBatch(group.Key.ImportId, group.Key.StorefrontId, new SalesWriting(customers, log), how.Products, time.GetUtcNow());
            batch.Documents.AddRange(group.Select(r => r.Document).Where(d => d.Lines.Count > 0));
            batch.Named.AddRange(group.Select(r => r.Document).Where(d => d.Standing is not null));
            foreach (var line in batch.Documents.SelectMany(d => d.Lines).Where(how.Matches.ContainsKey))
            {
                batch.Matches[line] = how.Matches[line];
            }
            await batch.WriteAsync(tx, ct);
        }
    }

    /// <summary>Where the import that is next knows nobody behind an order, the order is that of a new unknown customer.</summary>
    private async Task RegisterNobodyAsync(Transaction tx, List<ImportedDocument> documents, CancellationToken ct)
    {
        foreach (var parts in documents.Select(d => d.Parts).Where(p => p.Count > 0 && p[0].PersonId is null))
        {
            var nobody = new PersonClaim(IdentityKind.AnonymousId, null, new PersonDetails(Country: parts[0].Head.Country));
            var resolved = await customers.ResolveAsync([nobody], parts[0].ImportId, ct);
            await customers.RegisterAsync(tx, [new SeenPerson(resolved[0], parts[0].Head.PlacedAt)], parts[0].ImportId, ct);
            parts[0] = parts[0] with { PersonId = resolved[0].SubjectId };
        }
    }

    /// <summary>Finds the order of each cancelled line, earlier cancellations first; answers also which of the loose ones have another now.</summary>
    private static async Task<(Dictionary<SalesLine, Guid> Matches, List<ImportedDocument> Moved)> MatchAsync(
        Transaction tx, List<ImportedDocument> cancellations, List<ImportedDocument> loose, CancellationToken ct)
    {
        var read = cancellations.Concat(loose).SelectMany(c => c.Read().Select(r => (Of: c, r.Document))).OrderBy(r => r.Document.PlacedAt).ToList();
        var lines = read.SelectMany(r => r.Document.Lines.Select(l => (r.Of, r.Document, Line: l))).ToList();
        var open = new OpenQuantities();
        await open.LoadAsync(tx, [.. read.Select(r => r.Document.SubjectId).Distinct()], [.. lines.Select(l => l.Line.Sku).Distinct()], ct);
        foreach (var (of, document, line) in lines.Where(l => loose.Contains(l.Of) && l.Of.Matches.ContainsKey(l.Line)))
        {
            open.GiveBack(document, line, of.Matches[line]);
        }
        var matches = new Dictionary<SalesLine, Guid>(ReferenceEqualityComparer.Instance);
        foreach (var (_, document, line) in lines)
        {
            if (open.Take(document, line) is { } order)
            {
                matches[line] = order;
            }
        }
        var moved = lines.Where(l => loose.Contains(l.Of) && l.Of.Matches.GetValueOrDefault(l.Line) != matches.GetValueOrDefault(l.Line)).Select(l => l.Of).Distinct();
        return (matches, [.. moved]);
    }

    private sealed record Rereading(Guid ImportId, ProductCache Products, Dictionary<SalesLine, Guid> Matches);
}
