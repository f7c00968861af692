using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Wellmet.Platform.Storage;

/// <summary>Enums are text in the database and in JSON: <c>InProgress</c> is <c>in_progress</c>.</summary>
public static partial class EnumText
{
    private static readonly ConcurrentDictionary<Enum, string> Names = new();

    public static string Of(Enum value) => Names.GetOrAdd(value, static v => Boundary().Replace(v.ToString(), "$1_$2").ToLowerInvariant());

    public static TEnum Parse<TEnum>(string text) where TEnum : struct, Enum =>
        Enum.Parse<TEnum>(text.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);

    /// <summary>Reads what people or programs sent: a name in any case, with or without underscores; never a number.</summary>
    public static bool TryRead<TEnum>(string? text, out TEnum value) where TEnum : struct, Enum
    {
        var name = text?.Replace("_", "", StringComparison.Ordinal);
        return Enum.TryParse(name, ignoreCase: true, out value) && string.Equals(Enum.GetName(value), name, StringComparison.OrdinalIgnoreCase);
    }

    [GeneratedRegex("([a-z0-9])([A-Z])", RegexOptions.None, matchTimeoutMilliseconds: 100)]
    private static partial Regex Boundary();
}
