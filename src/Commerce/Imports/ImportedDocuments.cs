using Wellmet.Commerce.Orders;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Imports;

/// <summary>Reads and deletes whole documents, with what every import says of them.</summary>
internal static class ImportedDocuments
{
    private const int Most = 100, MostLines = 1000;
    private static readonly PersonClaim Somebody = new(IdentityKind.AnonymousId, null, new PersonDetails());

    /// <summary>Some documents that the import brought, or to which it added lines; empty when there is none.</summary>
    public static async Task<List<OrderKey>> SomeAsync(Transaction tx, DocumentTables tables, Guid importId, CancellationToken ct)
    {
        var brought = await tx.QueryAsync($"select subject_id, {tables.Id} from {tables.Heads} where import_id = @importId limit {Most}", new { importId }, Key, ct);
        return brought.Count > 0 ? brought
            : [.. (await tx.QueryAsync($"select subject_id, {tables.Id} from {tables.Lines} where import_id = @importId limit {MostLines}", new { importId }, Key, ct)).Distinct()];
    }

    /// <summary>The documents without what the import says of them.</summary>
    public static async Task<List<ImportedDocument>> WithoutAsync(Transaction tx, DocumentTables tables, IReadOnlyCollection<OrderKey> keys, Guid importId, CancellationToken ct)
    {
        var chosen = Chosen(keys);
        var heads = await tx.QueryAsync($"""
            select subject_id, {tables.Id}, number, storefront_id, import_id, placed_at, currency, country, anonymous from {tables.Heads}
            where subject_id in @subjects and {tables.Id} in @ids
            """, chosen, r => (Document: new ImportedDocument(tables.Kind, r.Guid(0), r.Guid(1), r.Text(2), r.Guid(3), []), ImportId: r.GuidOrNull(4), Said: Head(r, 5)), ct);
        var named = (await tx.QueryAsync("""
            select document_id, import_id, person_id, placed_at, currency, country, anonymous from commerce_named_documents
            where subject_id in @subjects and document_id in @ids and import_id <> @importId
            """, With(chosen, importId), r => (Key: (r.Guid(0), r.Guid(1)), PersonId: r.GuidOrNull(2), Said: Head(r, 3)), ct)).ToDictionary(n => n.Key);
        var lines = (await LinesAsync(tx, tables, With(chosen, importId), ct)).ToLookup(l => l.DocumentId);
        return heads.ConvertAll(head =>
        {
            var of = lines[head.Document.DocumentId].ToList();
            // What an event told stands by itself.
            var document = head.Document with { Stands = head.ImportId is null || (head.ImportId != importId && of.Where(l => !l.Owned).All(l => of.Exists(o => o.Owned && o.Key == l.Key))) };
            foreach (var part in of.GroupBy(l => l.ImportId).OrderBy(g => g.Key))
            {
                var (person, said) = part.Key != head.ImportId && named.TryGetValue((document.DocumentId, part.Key), out var own) ? (own.PersonId, own.Said) : (document.SubjectId, head.Said);
                document.Parts.Add(new DocumentPart(part.Key, person, said, [.. part.Select(l => Line(document, said, l))]));
            }
            return document;
        });
    }

    /// <summary>Deletes the lines that the import brought to documents of others.</summary>
    public static async Task DeleteLinesAsync(Transaction tx, DocumentTables tables, IReadOnlyCollection<ImportedDocument> documents, Guid importId, CancellationToken ct)
    {
        var keys = documents.Select(d => new OrderKey(d.SubjectId, d.DocumentId)).ToList();
        await tx.ExecuteAsync($"delete from {tables.Lines} where subject_id in @subjects and {tables.Id} in @ids and import_id = @importId", With(Chosen(keys), importId), ct);
        if (tables.Kind == DocumentKind.Cancellation && keys.Count > 0)
        {
            await CancellationFigures.RefreshAsync(tx, keys, ct);
        }
    }

    /// <summary>Deletes the documents with their lines, and what any import says of them.</summary>
    public static async Task DeleteAsync(Transaction tx, DocumentTables tables, IReadOnlyCollection<ImportedDocument> documents, CancellationToken ct)
    {
        var chosen = Chosen([.. documents.Select(d => new OrderKey(d.SubjectId, d.DocumentId))]);
        foreach (var (table, id) in new[] { (tables.Heads, tables.Id), (tables.Lines, tables.Id), ("commerce_named_documents", "document_id"), ("commerce_named_lines", "document_id") })
        {
            await tx.ExecuteAsync($"delete from {table} where subject_id in @subjects and {id} in @ids", chosen, ct);
        }
        await tx.ExecuteAsync("delete from commerce_order_numbers where storefront_id in @storefronts and number in @numbers and document_id in @ids", new
        {
            storefronts = documents.Select(d => d.StorefrontId).Distinct(), numbers = documents.Select(d => d.Number).Distinct(), ids = documents.Select(d => d.DocumentId),
        }, ct);
    }

    private static Task<List<ImportedLine>> LinesAsync(Transaction tx, DocumentTables tables, object chosen, CancellationToken ct) => tx.QueryAsync($"""
        select {tables.Id}, import_id, sku, quantity, unit_price, occurrence, kind, name, amount_minor, 1, order_id from {tables.Lines}
        where subject_id in @subjects and {tables.Id} in @ids and import_id <> @importId
        union all
        select document_id, import_id, sku, quantity, unit_price, occurrence, kind, name, amount_minor, 0, null from commerce_named_lines
        where subject_id in @subjects and document_id in @ids and import_id <> @importId
        """, chosen, r => new ImportedLine(r.Guid(0), r.Guid(1), new LineKey(r.Text(2), r.Long(3), r.Long(4), r.Int(5)), r.Enum<LineKind>(6), r.TextOrNull(7), r.Long(8), r.Int(9) == 1, r.GuidOrNull(10)), ct);

    private static SalesLine Line(ImportedDocument document, DocumentHead said, ImportedLine l)
    {
        var line = new SalesLine(0, document.Kind, document.Number, l.Kind, said.PlacedAt, l.Key.Sku, l.Name ?? "", l.Key.Quantity, l.Key.UnitPrice, l.AmountMinor,
            said.Currency, said.Country, Somebody) { Occurrence = l.Key.Occurrence };
        if (document.Kind == DocumentKind.Cancellation && l.OrderId is { } order)
        {
            document.Matches[line] = order;
        }
        return line;
    }

    private static OrderKey Key(Row r) => new(r.Guid(0), r.Guid(1));

    private static DocumentHead Head(Row r, int at) => new(r.Time(at), r.Text(at + 1), r.TextOrNull(at + 2), r.Bool(at + 3));

    private static Choice Chosen(IReadOnlyCollection<OrderKey> keys) => new([.. keys.Select(k => k.SubjectId).Distinct()], [.. keys.Select(k => k.OrderId)]);

    private static object With(Choice chosen, Guid importId) => new { chosen.subjects, chosen.ids, importId };

    private sealed record Choice(Guid[] subjects, Guid[] ids);

    /// <param name="Owned">A line of the document; else one that the import named when it stood already.</param>
    private sealed record ImportedLine(Guid DocumentId, Guid ImportId, LineKey Key, LineKind Kind, string? Name, long AmountMinor, bool Owned, Guid? OrderId);
}
