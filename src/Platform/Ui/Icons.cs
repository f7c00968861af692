using System.Collections.Frozen;
using System.Text.Json;

namespace Wellmet.Platform.Ui;

/// <summary>The drawings behind <c>Icon</c>: Lucide icons (ISC licence) named in <c>web/icons.json</c>, on a 24 by 24 grid.</summary>
public static class Icons
{
    private static readonly FrozenDictionary<string, string> Drawings =
        JsonSerializer.Deserialize<Dictionary<string, string>>(WebAssets.Read("icons.json"))!.ToFrozenDictionary();

    public static IEnumerable<string> Names => Drawings.Keys;

    /// <returns>SVG elements from our own build, safe to write as markup.</returns>
    /// <exception cref="KeyNotFoundException">The name is not listed in <c>web/icons.json</c>.</exception>
    public static string Drawing(string name) => Drawings[name];
}
