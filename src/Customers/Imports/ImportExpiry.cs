using Wellmet.Platform;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Imports;

/// <summary>
/// Deletes what imports keep of a file's content. Lines with remarks belong to nobody known, so no erasure can find them: they go 30 days
/// after the import ended, with their key, which takes them out of backups too. Uploads whose import never came to its end go with them.
/// </summary>
internal sealed class ImportExpiry(ImportLedger ledger, ImportFiles files, ImportRemarks remarks) : IExpiry
{
    private const int Rows = 1000;
    private const string AtRest = "state in ('mapping', 'cancelled', 'failed', 'completed', 'undone')";
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    public async Task<int> DeleteExpiredAsync(CancellationToken ct) => await DropFilesAsync(ct) + await ForgetRemarksAsync(ct);

    /// <summary>Also those that a crash kept from going when their import was done.</summary>
    private async Task<int> DropFilesAsync(CancellationToken ct)
    {
        var deleted = 0;
        foreach (var import in await ledger.Database.ReadAsync(s => s.QueryAsync($"""
            select {Import.Columns} from customers_imports
            where file_id is not null and {AtRest} and (state in ('completed', 'undone') or coalesce(finished_at, created_at) < @before)
            """, new { before = ledger.Now - Kept }, Import.Of, ct), ct))
        {
            if (await files.AreHereAsync(import, ct))
            {
                await files.DropAsync(import, ct);
                deleted++;
            }
        }
        return deleted;
    }

    private async Task<int> ForgetRemarksAsync(CancellationToken ct)
    {
        var deleted = 0;
        foreach (var importId in await ledger.Database.ReadAsync(s => s.QueryAsync($"""
            select import_id from customers_imports i where {AtRest} and coalesce(finished_at, created_at) < @before
              and exists (select 1 from customers_import_remarks r where r.import_id = i.import_id)
            """, new { before = ledger.Now - Kept }, r => r.Guid(0), ct), ct))
        {
            await remarks.ForgetKeyAsync(importId, ct);
            for (int gone; (gone = await ledger.Database.WriteAsync(tx => ImportRemarks.ForgetSomeAsync(tx, importId, Rows, ct), ct)) > 0;)
            {
                deleted += gone;
            }
        }
        return deleted;
    }
}
