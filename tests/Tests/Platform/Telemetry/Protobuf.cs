using System.Text;

namespace Wellmet.Tests.Platform.Telemetry;

/// <summary>Reads messages of protobuf by their field numbers (https://protobuf.dev/programming-guides/encoding), as far as tests of OTLP need it.</summary>
internal readonly record struct Protobuf(ReadOnlyMemory<byte> Bytes)
{
    public IEnumerable<Protobuf> All(params int[] path)
    {
        var (bytes, number, rest) = (Bytes, path[0], path[1..]);
        return Fields(bytes).Where(f => f.Number == number).SelectMany(f => rest.Length == 0 ? [new Protobuf(f.Value)] : new Protobuf(f.Value).All(rest));
    }

    public string Text(int field) => All(field).Select(f => Encoding.UTF8.GetString(f.Bytes.Span)).FirstOrDefault() ?? "";

    public string Hex(int field) => All(field).Select(f => Convert.ToHexString(f.Bytes.Span)).FirstOrDefault() ?? "";

    /// <summary>Fields with a length; numbers are passed over.</summary>
    private static List<(int Number, ReadOnlyMemory<byte> Value)> Fields(ReadOnlyMemory<byte> bytes)
    {
        var fields = new List<(int, ReadOnlyMemory<byte>)>();
        for (var at = 0; at < bytes.Length;)
        {
            var key = Varint(bytes.Span, ref at);
            switch (key & 7)
            {
                case 0:
                    Varint(bytes.Span, ref at);
                    break;
                case 1:
                    at += sizeof(long);
                    break;
                case 5:
                    at += sizeof(int);
                    break;
                default:
                    var length = (int)Varint(bytes.Span, ref at);
                    fields.Add(((int)(key >> 3), bytes.Slice(at, length)));
                    at += length;
                    break;
            }
        }
        return fields;
    }

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var b = bytes[at++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }
    }
}
