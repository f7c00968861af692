using System.Security.Cryptography;
using System.Text;
using Wellmet.Platform;

namespace Wellmet.Customers.Imports.Reading;

/// <summary>What one pass over a file shows.</summary>
/// <param name="Hash">SHA-256 of the content, whatever its compression.</param>
/// <param name="Bytes">Length of the content.</param>
/// <param name="LineBreaks">About the number of its lines.</param>
/// <param name="IsUtf8">Valid from beginning to end.</param>
/// <param name="Sample">Its beginning.</param>
public sealed record FileProbe(byte[] Hash, long Bytes, long LineBreaks, bool IsUtf8, byte[] Sample)
{
    private const long LargestContent = 8L << 30;
    private const int SampleLength = 256 * 1024, BufferLength = 128 * 1024;

    /// <exception cref="ProblemException"><c>file_empty</c>, <c>file_too_large</c>, <c>file_damaged</c>.</exception>
    public static async Task<FileProbe> ReadAsync(ImportSource source, CancellationToken ct)
    {
        await using var content = await source.OpenAsync(ct);
        return await Task.Run(() => Read(content, ct), ct);
    }

    private static FileProbe Read(Stream content, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var sample = new MemoryStream();
        var utf8 = new Utf8Check();
        var buffer = new byte[BufferLength];
        long bytes = 0, breaks = 0;
        try
        {
            for (int read; (read = content.Read(buffer)) > 0;)
            {
                ct.ThrowIfCancellationRequested();
                var chunk = buffer.AsSpan(0, read);
                hash.AppendData(chunk);
                utf8.Add(chunk);
                sample.Write(chunk[..(int)Math.Min(read, SampleLength - sample.Length)]);
                breaks += chunk.Count((byte)'\n');
                bytes += read;
                if (bytes > LargestContent)
                {
                    throw new ProblemException("file_too_large", "The file is larger than {0} GiB when it is unpacked. Split it.", 413, LargestContent >> 30);
                }
            }
        }
        catch (InvalidDataException)
        {
            throw new ProblemException("file_damaged", "The file cannot be unpacked: it is damaged. Send it again.", 422);
        }
        return bytes == 0
            ? throw new ProblemException("file_empty", "The file is empty.", 422)
            : new FileProbe(hash.GetHashAndReset(), bytes, breaks, utf8.IsValid, sample.ToArray());
    }

    /// <summary>Checks UTF-8 that comes in pieces.</summary>
    private sealed class Utf8Check
    {
        private readonly Decoder decoder = new UTF8Encoding(false, throwOnInvalidBytes: true).GetDecoder();
        private readonly char[] scratch = new char[BufferLength + 4];

        public bool IsValid { get; private set; } = true;

        public void Add(ReadOnlySpan<byte> chunk)
        {
            if (!IsValid)
            {
                return;
            }
            try
            {
                decoder.Convert(chunk, scratch, flush: false, out _, out _, out _);
            }
            catch (DecoderFallbackException)
            {
                IsValid = false;
            }
        }
    }
}
