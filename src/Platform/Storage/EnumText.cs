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

    [GeneratedRegex("([a-z0-9])([A-Z])", RegexOptions.None, matchTimeoutMilliseconds: 100)]
    private static partial Regex Boundary();
}
