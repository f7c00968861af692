using Wellmet.Platform;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Imports;

/// <summary>Uploaded files, kept in the data folder for as long as their import may still need them.</summary>
public sealed class ImportFiles(StorageOptions storage)
{
    public const long LargestUpload = 1L << 30;
    private const int BufferLength = 128 * 1024;

    public string PathOf(Guid importId) => Path.Combine(Folder, importId.ToString("N"));

    /// <summary>Writes an upload to disk as it comes, never whole into memory.</summary>
    /// <exception cref="ProblemException"><c>file_too_large</c>.</exception>
    public async Task<string> SaveAsync(Stream upload, Guid importId, CancellationToken ct)
    {
        Directory.CreateDirectory(Folder);
        var file = PathOf(importId);
        try
        {
            await using var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferLength, useAsync: true);
            await CopyAsync(upload, stream, ct);
            stream.Flush(flushToDisk: true);
        }
        catch
        {
            File.Delete(file);
            throw;
        }
        return file;
    }

    /// <summary>Nothing happens where the import came from a file elsewhere.</summary>
    public void Delete(Guid importId)
    {
        if (Directory.Exists(Folder))
        {
            File.Delete(PathOf(importId));
        }
    }

    private string Folder => Path.Combine(storage.DataFolder, "imports");

    private static async Task CopyAsync(Stream from, FileStream to, CancellationToken ct)
    {
        var buffer = new byte[BufferLength];
        long written = 0;
        for (int read; (read = await from.ReadAsync(buffer, ct)) > 0;)
        {
            written += read;
            if (written > LargestUpload)
            {
                throw new ProblemException("file_too_large", "The file is larger than {0} GiB. Compress it, or split it.", 413, LargestUpload >> 30);
            }
            await to.WriteAsync(buffer.AsMemory(0, read), ct);
        }
    }
}
