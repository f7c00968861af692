using System.Numerics;

namespace Wellmet.Science.Linkage;

/// <summary>Distinct texts, each once, numbered from 1 in the order they came; 0 is the empty text. About 20 bytes a text beside its characters.</summary>
internal sealed class TextValues
{
    private const int FirstSlots = 1 << 10;

    private char[] _characters = new char[1 << 13];
    private int[] _ends = new int[1 << 9];

    /// <summary>Open addressing: the number of a text, 0 for a free place.</summary>
    private int[] _slots = new int[FirstSlots];

    /// <summary>Numbers go from 0 to this, exclusive.</summary>
    public int Count { get; private set; } = 1;

    public ReadOnlySpan<char> this[int value] => value == 0 ? default : _characters.AsSpan(_ends[value - 1], _ends[value] - _ends[value - 1]);

    /// <summary>The number of a text, a new one if it was not there.</summary>
    public int Add(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return 0;
        }

        var at = Slot(text);
        if (_slots[at] != 0)
        {
            return _slots[at];
        }

        Append(text);
        _slots[at] = Count++;
        if (Count * 2 > _slots.Length)
        {
            Grow();
        }

        return Count - 1;
    }

    /// <summary>Lets the room go that only adding needs.</summary>
    public void Seal()
    {
        _slots = [];
        Array.Resize(ref _characters, _ends[Count - 1]);
        Array.Resize(ref _ends, Count);
    }

    private void Append(ReadOnlySpan<char> text)
    {
        var end = _ends[Count - 1];
        if (end + text.Length > _characters.Length)
        {
            Array.Resize(ref _characters, checked((int)BitOperations.RoundUpToPowerOf2((uint)(end + text.Length))));
        }

        if (Count == _ends.Length)
        {
            Array.Resize(ref _ends, Count * 2);
        }

        text.CopyTo(_characters.AsSpan(end));
        _ends[Count] = end + text.Length;
    }

    /// <summary>Where this text is, or would be.</summary>
    private int Slot(ReadOnlySpan<char> text)
    {
        var at = (int)(Hash(text) & (uint)(_slots.Length - 1));
        while (_slots[at] != 0 && !this[_slots[at]].SequenceEqual(text))
        {
            at = (at + 1) & (_slots.Length - 1);
        }

        return at;
    }

    private void Grow()
    {
        _slots = new int[_slots.Length * 2];
        for (var value = 1; value < Count; value++)
        {
            _slots[Slot(this[value])] = value;
        }
    }

    /// <summary>FNV-1a with a last mix, the same on every machine.</summary>
    private static uint Hash(ReadOnlySpan<char> text)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in text)
        {
            hash = (hash ^ letter) * 1099511628211UL;
        }

        hash ^= hash >> 32;
        return (uint)(hash * 0x9E3779B1UL >> 8);
    }
}
