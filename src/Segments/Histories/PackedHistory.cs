namespace Wellmet.Segments.Histories;

/// <summary>A fact as it stands in a packed history.</summary>
/// <param name="Kind">Number of its word.</param>
/// <param name="Import">Number of the import among those that histories name; 0 for none.</param>
/// <param name="Properties">Packed; see <see cref="PackedProperties"/>.</param>
public readonly record struct PackedFact(int Kind, long At, long KnownAt, long Seq, int Import, ReadOnlyMemory<byte> Properties);

/// <summary>
/// All facts of one subject in a few hundred bytes, so that a rule can be asked of a million people in seconds: kind by kind, each kind's facts in the order of time. A rule reads the
/// kinds it names and passes over the others. Layout: a byte with the version; then for each kind its number, the length of its facts in bytes, how many they are, and the facts: time after the
/// one before, how long until it was known, number in the log, number of its import, length of its properties, properties. Numbers are of variable length, seven bits a byte (LEB128); those that
/// may be negative in zigzag.
/// </summary>
public static class PackedHistory
{
    /// <summary>Of what visitors do on pages, a subject keeps the latest so many: a robot's history stays bounded.</summary>
    public const int MostEvents = 2_000;

    private const byte Version = 1;

    public static readonly byte[] Empty = [Version];

    /// <summary>The facts of one kind, earliest first.</summary>
    public static FactReader Of(ReadOnlySpan<byte> history, int kind)
    {
        var position = 1;
        while (position < history.Length)
        {
            var found = (int)Leb128.Read(history, ref position);
            var length = (int)Leb128.Read(history, ref position);
            if (found == kind)
            {
                return new FactReader(history.Slice(position, length));
            }
            position += length;
        }
        return default;
    }

    /// <summary>All facts.</summary>
    public static List<PackedFact> Unpack(byte[] history)
    {
        var facts = new List<PackedFact>();
        var position = 1;
        while (position < history.Length)
        {
            var kind = (int)Leb128.Read(history, ref position);
            var length = (int)Leb128.Read(history, ref position);
            var reader = new FactReader(history.AsSpan(position, length));
            while (reader.MoveNext())
            {
                facts.Add(new PackedFact(kind, reader.At, reader.KnownAt, reader.Seq, reader.Import, history.AsMemory(position + reader.PropertiesAt, reader.PropertiesLength)));
            }
            position += length;
        }
        return facts;
    }

    /// <summary>Packs facts, in whatever order they come.</summary>
    public static byte[] Pack(IEnumerable<PackedFact> facts)
    {
        var buffer = new MemoryStream(512);
        buffer.WriteByte(Version);
        var section = new MemoryStream(512);
        foreach (var kind in facts.GroupBy(f => f.Kind).OrderBy(g => g.Key))
        {
            section.SetLength(0);
            Leb128.Write(section, (ulong)kind.Count());
            var (at, seq) = (0L, 0L);
            foreach (var fact in kind.OrderBy(f => f.At).ThenBy(f => f.Seq))
            {
                Leb128.WriteSigned(section, fact.At - at);
                Leb128.WriteSigned(section, fact.KnownAt - fact.At);
                Leb128.WriteSigned(section, fact.Seq - seq);
                Leb128.Write(section, (ulong)fact.Import);
                Leb128.Write(section, (ulong)fact.Properties.Length);
                section.Write(fact.Properties.Span);
                (at, seq) = (fact.At, fact.Seq);
            }
            Leb128.Write(buffer, (ulong)kind.Key);
            Leb128.Write(buffer, (ulong)section.Length);
            section.WriteTo(buffer);
        }
        return buffer.ToArray();
    }
}

/// <summary>Goes through the facts of one kind.</summary>
public ref struct FactReader
{
    private readonly ReadOnlySpan<byte> section;
    private int position;

    internal FactReader(ReadOnlySpan<byte> section)
    {
        this.section = section;
        Count = (int)Leb128.Read(section, ref position);
    }

    /// <summary>How many there are; 0 where the subject has none.</summary>
    public int Count { get; }

    public long At { get; private set; }
    public long KnownAt { get; private set; }
    public long Seq { get; private set; }
    public int Import { get; private set; }
    internal int PropertiesAt { get; private set; }
    internal int PropertiesLength { get; private set; }

    public readonly ReadOnlySpan<byte> Properties => section.Slice(PropertiesAt, PropertiesLength);

    public bool MoveNext()
    {
        if (position >= section.Length)
        {
            return false;
        }
        At += Leb128.ReadSigned(section, ref position);
        KnownAt = At + Leb128.ReadSigned(section, ref position);
        Seq += Leb128.ReadSigned(section, ref position);
        Import = (int)Leb128.Read(section, ref position);
        PropertiesLength = (int)Leb128.Read(section, ref position);
        PropertiesAt = position;
        position += PropertiesLength;
        return true;
    }
}

/// <summary>Numbers of variable length.</summary>
internal static class Leb128
{
    public static ulong Read(ReadOnlySpan<byte> from, ref int position)
    {
        var first = from[position++];
        if (first < 0x80)
        {
            return first;
        }
        ulong value = first & 0x7Fu;
        for (var shift = 7; ; shift += 7)
        {
            var next = from[position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    public static long ReadSigned(ReadOnlySpan<byte> from, ref int position)
    {
        var value = Read(from, ref position);
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public static void Write(Stream to, ulong value)
    {
        while (value >= 0x80)
        {
            to.WriteByte((byte)(value | 0x80));
            value >>= 7;
        }
        to.WriteByte((byte)value);
    }

    public static void WriteSigned(Stream to, long value) => Write(to, (ulong)((value << 1) ^ (value >> 63)));
}
