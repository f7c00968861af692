using Wellmet.Commerce.Orders;

namespace Wellmet.Commerce.Imports;

/// <summary>A document of which an import is taken back, with what the other imports say of it.</summary>
/// <param name="Parts">In the order in which they were imported; none where nobody else named it.</param>
internal sealed record ImportedDocument(DocumentKind Kind, Guid SubjectId, Guid DocumentId, string Number, Guid StorefrontId, List<DocumentPart> Parts)
{
    /// <summary>Whether it is the same without the import, but for the lines that the import alone named.</summary>
    public bool Stands { get; init; }

    /// <summary>The orders of its cancelled lines, as they are.</summary>
    public Dictionary<SalesLine, Guid> Matches { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>
    /// The document as it comes about when the parts are read one after the other, each line from the first import that names it: the
    /// same that a sales file goes through.
    /// </summary>
    public IEnumerable<(Guid ImportId, SalesDocument Document)> Read()
    {
        StandingDocument? standing = null;
        foreach (var part in Parts)
        {
            var document = new SalesDocument(Kind, Number, part.Head, [.. part.Lines])
            {
                DocumentId = DocumentId, PersonId = part.PersonId, SubjectId = standing?.SubjectId ?? part.PersonId!.Value, Standing = standing,
            };
            document.PassOverKnown();
            standing ??= new StandingDocument(document.SubjectId, DocumentId, part.ImportId, part.Head.PlacedAt, part.Head.Currency, part.Head.Anonymous, Sells: false, []);
            standing = standing with { Sells = standing.Sells || document.Sells };
            standing.Lines.UnionWith(document.Lines.Select(l => l.Key));
            yield return (part.ImportId, document);
        }
    }
}

/// <summary>What one import says of a document.</summary>
/// <param name="PersonId">The subject that it names; null for nobody, and never so in the first part once that is about to stand.</param>
/// <param name="Lines">All that it names, those included that another import brought first.</param>
internal sealed record DocumentPart(Guid ImportId, Guid? PersonId, DocumentHead Head, List<SalesLine> Lines);

/// <summary>The tables of a kind of document.</summary>
internal sealed record DocumentTables(DocumentKind Kind, string Heads, string Lines, string Id)
{
    public static readonly DocumentTables Orders = new(DocumentKind.Order, "commerce_orders", "commerce_order_lines", "order_id");
    public static readonly DocumentTables Cancellations = new(DocumentKind.Cancellation, "commerce_cancellations", "commerce_cancellation_lines", "cancellation_id");

    public static DocumentTables Of(DocumentKind kind) => kind == DocumentKind.Order ? Orders : Cancellations;
}
