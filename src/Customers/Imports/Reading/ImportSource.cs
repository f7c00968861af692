using System.IO.Compression;
using Wellmet.Platform.Files;

namespace Wellmet.Customers.Imports.Reading;

/// <summary>A file to import, wherever it is; opened anew for each pass over it.</summary>
public sealed class ImportSource(Func<CancellationToken, Task<Stream>> open)
{
    private const int BufferLength = 128 * 1024;

    /// <summary>A file of this machine.</summary>
    public static ImportSource Local(string path) =>
        new(_ => Task.FromResult<Stream>(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferLength, FileOptions.SequentialScan)));

    /// <summary>An upload.</summary>
    public static ImportSource Stored(IFileStore store, Guid fileId) => new(ct => store.OpenAsync(fileId, ct));

    /// <summary>The content, unpacked; gzip is recognised by its first bytes, not by its name.</summary>
    public async Task<Stream> OpenAsync(CancellationToken ct)
    {
        var stream = await open(ct);
        var packed = stream.ReadByte() == 0x1F && stream.ReadByte() == 0x8B;
        stream.Position = 0;
        return packed ? new GZipStream(stream, CompressionMode.Decompress) : stream;
    }
}
