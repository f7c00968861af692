using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Wellmet.Science.Recommenders;

/// <summary>Writes little-endian values and arrays, and at the end the SHA-256 of everything written.</summary>
internal sealed class ModelWriter(Stream stream) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public void Write<T>(T value)
        where T : unmanaged => WriteBytes(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));

    public void WriteArray<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        Write(values.Length);
        for (var at = 0; at < values.Length; at += ModelReader.BlockLength)
        {
            WriteBytes(MemoryMarshal.AsBytes(values.Slice(at, Math.Min(ModelReader.BlockLength, values.Length - at))));
        }
    }

    public void WriteChecksum() => stream.Write(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();

    private void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        stream.Write(bytes);
        _hash.AppendData(bytes);
    }
}

/// <summary>Reads what <see cref="ModelWriter"/> wrote, and not one byte more.</summary>
internal sealed class ModelReader(Stream stream) : IDisposable
{
    /// <summary>Array elements read at once. A damaged length then ends at the end of the file, not in a huge allocation.</summary>
    public const int BlockLength = 1 << 18;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <exception cref="EndOfStreamException">The stream ends too early.</exception>
    public T Read<T>()
        where T : unmanaged
    {
        var value = default(T);
        ReadBytes(MemoryMarshal.AsBytes(new Span<T>(ref value)));
        return value;
    }

    /// <exception cref="EndOfStreamException">The stream ends too early.</exception>
    /// <exception cref="ModelFileException">The length is negative.</exception>
    public T[] ReadArray<T>()
        where T : unmanaged
    {
        var length = Read<int>();
        if (length < 0)
        {
            throw new ModelFileException("The model file is damaged: an array has a negative length.");
        }

        var values = new T[Math.Min(length, BlockLength)];
        for (var at = 0; at < length; at += BlockLength)
        {
            var end = Math.Min(length, at + BlockLength);
            if (end > values.Length)
            {
                Array.Resize(ref values, (int)Math.Min(length, 2L * values.Length));
            }

            ReadBytes(MemoryMarshal.AsBytes(values.AsSpan(at, end - at)));
        }

        return values;
    }

    /// <summary>Reads the checksum and compares it with what was read before it.</summary>
    /// <exception cref="EndOfStreamException">The stream ends too early.</exception>
    public bool ChecksumFits()
    {
        Span<byte> stored = stackalloc byte[SHA256.HashSizeInBytes];
        stream.ReadExactly(stored);
        return stored.SequenceEqual(_hash.GetHashAndReset());
    }

    public void Dispose() => _hash.Dispose();

    private void ReadBytes(Span<byte> bytes)
    {
        stream.ReadExactly(bytes);
        _hash.AppendData(bytes);
    }
}
