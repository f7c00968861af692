using Wellmet.Commerce.Contract;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Imports;

/// <summary>
/// Takes what other imports told of documents out of the log, before it is told anew, and says so to everybody who has added it up.
/// </summary>
internal static class RetractSales
{
    private static readonly Type[] Told = [typeof(OrderPlaced), typeof(OrderExtended), typeof(OrderCancelled)];

    /// <param name="importId">The import that is taken back; its own events go by themselves.</param>
    public static async Task RunAsync(Transaction tx, LogReader log, IReadOnlyCollection<ImportedDocument> documents, Guid importId, DateTimeOffset now, CancellationToken ct)
    {
        var ids = documents.Select(d => d.DocumentId).ToHashSet();
        var told = (await log.OfSubjectsAsync(tx, [.. documents.Select(d => d.SubjectId).Distinct()], Told, ct))
            .FindAll(d => d.ImportId is { } import && import != importId && ids.Contains(DocumentOf(d.Event)));
        await LogHistory.ForgetAsync(tx, told, ct);
        foreach (var subject in told.GroupBy(d => d.SubjectId))
        {
            // Of no import: it has to be heard whatever is taken back next.
            tx.AppendHistory(new SalesRetracted(subject.Key, now, importId, [.. subject.Select(d => d.Seq)]), importId: null);
        }
    }

    private static Guid DocumentOf(ILogEvent told) => told switch
    {
        OrderPlaced o => o.OrderId,
        OrderExtended e => e.OrderId,
        OrderCancelled c => c.CancellationId,
        _ => Guid.Empty,
    };
}
