using System.Data.Common;
using System.Globalization;
using Wellmet.Platform.Vault;

namespace Wellmet.Platform.Storage;

/// <summary>The current row of a result, read by position; hides how each engine keeps ids, times and truth values.</summary>
public readonly struct Row(Engine engine, DbDataReader reader)
{
    public bool IsNull(int i) => reader.IsDBNull(i);
    public long Long(int i) => engine == Engine.Sqlite ? reader.GetInt64(i) : reader.GetValue(i) switch
    {
        long l => l,
        int n => n,
        short s => s,
        decimal d => decimal.ToInt64(d),
        var other => Convert.ToInt64(other, CultureInfo.InvariantCulture),
    };
    public int Int(int i) => checked((int)Long(i));
    public long? LongOrNull(int i) => IsNull(i) ? null : Long(i);
    public double Double(int i) => Convert.ToDouble(reader.GetValue(i), CultureInfo.InvariantCulture);
    public string Text(int i) => reader.GetString(i);
    public string? TextOrNull(int i) => IsNull(i) ? null : reader.GetString(i);
    public bool Bool(int i) => engine == Engine.Sqlite ? reader.GetInt64(i) != 0 : reader.GetBoolean(i);
    public byte[] Bytes(int i) => reader.GetFieldValue<byte[]>(i);
    public byte[]? BytesOrNull(int i) => IsNull(i) ? null : Bytes(i);
    public Guid Guid(int i) => engine == Engine.Sqlite ? new Guid(Bytes(i), bigEndian: true) : reader.GetGuid(i);
    public Guid? GuidOrNull(int i) => IsNull(i) ? null : Guid(i);

    /// <summary>UTC, to the microsecond.</summary>
    public DateTimeOffset Time(int i) => engine == Engine.Sqlite
        ? Clock.FromMicroseconds(reader.GetInt64(i))
        : new DateTimeOffset(reader.GetDateTime(i), TimeSpan.Zero);
    public DateTimeOffset? TimeOrNull(int i) => IsNull(i) ? null : Time(i);

    /// <summary>A calendar day, kept as text <c>yyyy-MM-dd</c> on both engines.</summary>
    public DateOnly Day(int i) => DateOnly.ParseExact(reader.GetString(i), "yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A sealed value, still closed; null where the column is.</summary>
    public Sealed<string>? Sealed(int i) => IsNull(i) ? null : new Sealed<string>(Bytes(i));

    public TEnum Enum<TEnum>(int i) where TEnum : struct, System.Enum => EnumText.Parse<TEnum>(reader.GetString(i));
}
