using Wellmet.Customers.Imports.Reading;
using Wellmet.Platform.Files;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Imports;

/// <summary>
/// Uploaded files, kept in the file store until their import is done: nothing needs them afterwards, and they are full of personal data.
/// </summary>
public sealed class ImportFiles(IFileStore store, Database database)
{
    public const long LargestUpload = 1L << 30;

    /// <exception cref="Platform.ProblemException"><c>file_large</c>, <c>disk_full</c>.</exception>
    public async Task<Guid> SaveAsync(Stream upload, CancellationToken ct) => (await store.SaveAsync(upload, LargestUpload, ct)).Id;

    public ImportSource SourceOf(Guid fileId) => ImportSource.Stored(store, fileId);

    /// <summary>Whether this node can read the import's file: false where another node keeps it in a folder of its own.</summary>
    public async Task<bool> AreHereAsync(Import import, CancellationToken ct) => import.FileId is { } fileId && await store.ExistsAsync(fileId, ct);

    public Task DeleteAsync(Guid fileId, CancellationToken ct) => store.DeleteAsync(fileId, ct);

    /// <summary>Deletes the upload of an import that needs it no more. Whoever could still choose its columns has to send it again.</summary>
    public async Task DropAsync(Import import, CancellationToken ct)
    {
        if (import.FileId is not { } fileId)
        {
            return;
        }
        await store.DeleteAsync(fileId, ct);
        await database.WriteAsync(tx => tx.ExecuteAsync("""
            update customers_imports set file_id = null, state = case when state = 'mapping' then 'cancelled' else state end
            where import_id = @ImportId and file_id = @fileId
            """, new { import.ImportId, fileId }, ct), ct);
    }

    /// <summary>Gives a stopped import the file that was sent again, where its own cannot be read here any more; false where it can.</summary>
    public async Task<bool> ReplaceAsync(Import import, Guid fileId, CancellationToken ct) => !await AreHereAsync(import, ct)
        && await database.WriteAsync(tx => tx.ExecuteAsync(
            "update customers_imports set file_id = @fileId where import_id = @ImportId and state in ('cancelled', 'failed', 'queued')", new { import.ImportId, fileId }, ct), ct) > 0;
}
