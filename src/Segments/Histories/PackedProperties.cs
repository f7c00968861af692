using System.Text;

namespace Wellmet.Segments.Histories;

/// <summary>How the value of a property is packed.</summary>
internal enum PackedType
{
    /// <summary>The number of a word.</summary>
    Word,

    /// <summary>Length in bytes, and UTF-8.</summary>
    Text,

    /// <summary>Zigzag.</summary>
    Whole,

    /// <summary>Digits after the point (a byte), and all digits in zigzag.</summary>
    Decimal,
    True,
    False,
}

/// <summary>The properties of a fact: for each the number of its name times eight and its type, and the value.</summary>
internal static class PackedProperties
{
    public static byte[] Pack(IReadOnlyList<FactProperty> properties, IReadOnlyDictionary<string, int> words)
    {
        if (properties.Count == 0)
        {
            return [];
        }
        var to = new MemoryStream(64);
        foreach (var (name, value) in properties)
        {
            void Begin(PackedType type) => Leb128.Write(to, ((ulong)words[name] << 3) | (ulong)type);
            if (value.Text is { } text)
            {
                if (words.TryGetValue(text, out var code))
                {
                    Begin(PackedType.Word);
                    Leb128.Write(to, (ulong)code);
                }
                else
                {
                    var bytes = Encoding.UTF8.GetBytes(text);
                    Begin(PackedType.Text);
                    Leb128.Write(to, (ulong)bytes.Length);
                    to.Write(bytes);
                }
            }
            else if (value.Number is { } number)
            {
                var (digits, scale) = Digits(number);
                Begin(scale == 0 ? PackedType.Whole : PackedType.Decimal);
                if (scale > 0)
                {
                    to.WriteByte(scale);
                }
                Leb128.WriteSigned(to, digits);
            }
            else
            {
                Begin(value.Truth is true ? PackedType.True : PackedType.False);
            }
        }
        return to.ToArray();
    }

    /// <summary>Whether a number can be packed: with at most nine digits after the point, and eighteen in all.</summary>
    public static bool Fits(decimal number) => Math.Abs(number) < 1_000_000_000m;

    private static (long Digits, byte Scale) Digits(decimal number)
    {
        number = Math.Round(number, 9);
        byte scale = 0;
        while (number != Math.Truncate(number))
        {
            number *= 10;
            scale++;
        }
        return ((long)number, scale);
    }
}

/// <summary>Goes through the properties of a fact.</summary>
internal ref struct PropertyReader(ReadOnlySpan<byte> packed)
{
    private readonly ReadOnlySpan<byte> packed = packed;
    private int position;
    private long digits;
    private byte scale;
    private ReadOnlySpan<byte> text;

    /// <summary>Number of the word.</summary>
    public int Name { get; private set; }

    public PackedType Type { get; private set; }

    public bool MoveNext()
    {
        if (position >= packed.Length)
        {
            return false;
        }
        var begin = Leb128.Read(packed, ref position);
        (Name, Type) = ((int)(begin >> 3), (PackedType)(begin & 7));
        switch (Type)
        {
            case PackedType.Word:
                digits = (long)Leb128.Read(packed, ref position);
                break;
            case PackedType.Text:
                var length = (int)Leb128.Read(packed, ref position);
                text = packed.Slice(position, length);
                position += length;
                break;
            case PackedType.Whole:
                (scale, digits) = (0, Leb128.ReadSigned(packed, ref position));
                break;
            case PackedType.Decimal:
                scale = packed[position++];
                digits = Leb128.ReadSigned(packed, ref position);
                break;
        }
        return true;
    }

    /// <summary>Number of the value's word.</summary>
    public readonly int Word => (int)digits;

    public readonly decimal Number => new((int)(Math.Abs(digits) & 0xFFFFFFFF), (int)(Math.Abs(digits) >> 32), 0, digits < 0, scale);

    public readonly FactValue Value(Vocabulary vocabulary) => Type switch
    {
        PackedType.Word => FactValue.Of(vocabulary.Word(Word)),
        PackedType.Text => FactValue.Of(Encoding.UTF8.GetString(text)),
        PackedType.Whole or PackedType.Decimal => FactValue.Of(Number),
        _ => FactValue.Of(Type == PackedType.True),
    };

    /// <summary>The same for equal values, almost surely another for others (FNV-1a).</summary>
    public readonly long Hash
    {
        get
        {
            if (Type is not PackedType.Text)
            {
                return HashCode(((long)Type << 56) ^ ((long)scale << 48) ^ digits);
            }
            var hash = 14695981039346656037UL;
            foreach (var b in text)
            {
                hash = (hash ^ b) * 1099511628211UL;
            }
            return (long)hash;
        }
    }

    private static long HashCode(long value) => (long)((ulong)value * 0x9E3779B97F4A7C15UL);
}
