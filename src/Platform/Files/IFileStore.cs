namespace Wellmet.Platform.Files;

/// <summary>A file that was kept.</summary>
/// <param name="Id">Its name in the store; what people called it is a column of whoever keeps it.</param>
/// <param name="Sha256">Lower-case hexadecimal.</param>
public sealed record StoredFile(Guid Id, long Length, string Sha256);

/// <summary>
/// Where files are kept: uploads, exports, attachments. A folder by default; the wall behind which a store of several nodes (S3) fits.
/// Names are ids: nothing that people type becomes a path.
/// </summary>
public interface IFileStore
{
    /// <summary>Keeps the content, durable when this returns; on any failure nothing stays behind.</summary>
    /// <exception cref="ProblemException"><c>file_large</c> (413), <c>disk_full</c> (507).</exception>
    Task<StoredFile> SaveAsync(Stream content, long maxLength, CancellationToken ct);

    /// <summary>The content from its beginning, in a stream that can be wound back.</summary>
    /// <exception cref="ProblemException"><c>file_unknown</c> (404).</exception>
    Task<Stream> OpenAsync(Guid id, CancellationToken ct);

    /// <summary>False where it was deleted, or where another node keeps it in a folder of its own.</summary>
    Task<bool> ExistsAsync(Guid id, CancellationToken ct);

    /// <summary>Nothing happens where it is gone already.</summary>
    Task DeleteAsync(Guid id, CancellationToken ct);
}
