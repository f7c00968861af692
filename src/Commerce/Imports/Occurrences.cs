using Wellmet.Commerce.Orders;

namespace Wellmet.Commerce.Imports;

/// <summary>
/// Counts how often each line came in the file so far. The count is part of a line's key, so identical lines stay two, wherever in the file
/// they stand, and the same file read again meets the same keys.
/// </summary>
internal sealed class Occurrences
{
    private const ulong Offset = 14695981039346656037, Prime = 1099511628211;
    private readonly Dictionary<ulong, int> seen = [];

    /// <summary>1 for the first time.</summary>
    public int Next(SalesLine line)
    {
        ref var count = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(seen, Hash(line), out _);
        return ++count;
    }

    /// <summary>FNV-1a (Fowler, Noll, Vo), 64 bits wide: with ten million lines, two of them share a hash by a chance of 1 : 370,000.</summary>
    private static ulong Hash(SalesLine line)
    {
        var hash = Offset;
        Add(ref hash, line.Number);
        Add(ref hash, line.Sku);
        Add(ref hash, (ulong)line.Quantity);
        Add(ref hash, (ulong)line.UnitPrice);
        return line.Document == DocumentKind.Cancellation ? ~hash : hash;
    }

    private static void Add(ref ulong hash, string text)
    {
        foreach (var c in text)
        {
            hash = (hash ^ c) * Prime;
        }
        hash = (hash ^ 0xFFFF) * Prime;
    }

    private static void Add(ref ulong hash, ulong number)
    {
        for (var i = 0; i < 8; i++, number >>= 8)
        {
            hash = (hash ^ (byte)number) * Prime;
        }
    }
}
