namespace Wellmet.Platform.Log;

/// <summary>Which partition a subject belongs to, for ever.</summary>
public static class Partitions
{
    /// <summary>Fixed at the first migration: an upper bound on how many nodes can share the work.</summary>
    public const int Count = 64;

    /// <summary>FNV-1a (Fowler, Noll, Vo) over the id's 16 bytes in network order.</summary>
    public static int Of(Guid subject)
    {
        Span<byte> bytes = stackalloc byte[16];
        subject.TryWriteBytes(bytes, bigEndian: true, out _);
        var hash = 2166136261u;
        foreach (var b in bytes)
        {
            hash = (hash ^ b) * 16777619u;
        }
        return (int)(hash % Count);
    }
}
