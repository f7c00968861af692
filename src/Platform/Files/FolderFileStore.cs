using System.Buffers;
using System.Security.Cryptography;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Platform.Files;

/// <summary>Files in the data folder: <c>files/3f/0199…3f</c>, spread by the end of the id, which is random.</summary>
public sealed class FolderFileStore(StorageOptions storage, TimeProvider time) : IFileStore
{
    private const int BufferSize = 128 * 1024, NoSpace = 28;
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    private readonly string folder = Path.Combine(storage.DataFolder, "files");
    private int swept;

    private string Incoming => Path.Combine(folder, "incoming");

    public async Task<StoredFile> SaveAsync(Stream content, long maxLength, CancellationToken ct)
    {
        var id = Id.New();
        var part = Path.Combine(Incoming, id.ToString("N"));
        try
        {
            Directory.CreateDirectory(Incoming);
            SweepOnce();
            var (length, hash) = await WriteAsync(part, content, maxLength, ct);
            var file = PathOf(id);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.Move(part, file);
            DurableFile.FlushFolder(Path.GetDirectoryName(file)!);
            DurableFile.FlushFolder(folder);
            return new StoredFile(id, length, hash);
        }
        catch (Exception e)
        {
            File.Delete(part);
            if (e is IOException { HResult: NoSpace })
            {
                throw new ProblemException("disk_full", "The disk is full: nothing was changed. Free some space and try again.", 507);
            }
            throw;
        }
    }

    public Task<Stream> OpenAsync(Guid id, CancellationToken ct)
    {
        try
        {
            return Task.FromResult<Stream>(new FileStream(PathOf(id), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferSize, FileOptions.Asynchronous));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ProblemException("file_unknown", "This file is not there any more.", 404);
        }
    }

    public Task<bool> ExistsAsync(Guid id, CancellationToken ct) => Task.FromResult(File.Exists(PathOf(id)));

    public Task DeleteAsync(Guid id, CancellationToken ct)
    {
        var file = PathOf(id);
        if (File.Exists(file))
        {
            File.Delete(file);
            DurableFile.FlushFolder(Path.GetDirectoryName(file)!);
        }
        return Task.CompletedTask;
    }

    private string PathOf(Guid id)
    {
        var name = id.ToString("N");
        return Path.Combine(folder, name[^2..], name);
    }

    private static async Task<(long Length, string Sha256)> WriteAsync(string part, Stream content, long maxLength, CancellationToken ct)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var buffer = MemoryPool<byte>.Shared.Rent(BufferSize);
        await using var file = new FileStream(part, options);
        long length = 0;
        for (var read = 1; read > 0;)
        {
            read = await content.ReadAsync(buffer.Memory, ct);
            length += read;
            if (length > maxLength)
            {
                throw new ProblemException("file_large", "The file may have at most {0} bytes.", 413, maxLength);
            }
            hash.AppendData(buffer.Memory.Span[..read]);
            await file.WriteAsync(buffer.Memory[..read], ct);
        }
        file.Flush(flushToDisk: true);
        return (length, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>Removes, once, what uploads left behind that a crash cut off.</summary>
    private void SweepOnce()
    {
        if (Interlocked.Exchange(ref swept, 1) != 0)
        {
            return;
        }
        foreach (var file in new DirectoryInfo(Incoming).EnumerateFiles().Where(f => time.GetUtcNow() - f.LastWriteTimeUtc > Abandoned))
        {
            file.Delete();
        }
    }
}
