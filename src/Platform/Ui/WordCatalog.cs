using System.Collections;
using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Resources;
using Wellmet.Platform.Modules;

namespace Wellmet.Platform.Ui;

/// <summary>
/// The translations of Platform and all modules: key is the English text, so English needs no file. Each project keeps its own
/// <c>Words.zh-CN.resx</c>, compiled to a satellite assembly; all are read once.
/// </summary>
public sealed class WordCatalog
{
    private static readonly CultureInfo Chinese = CultureInfo.GetCultureInfo("zh-CN");
    private readonly FrozenDictionary<string, string> chinese;

    public WordCatalog(ModuleCatalog modules)
    {
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, text) in modules.Assemblies.SelectMany(Read))
        {
            words.TryAdd(key, text);
        }
        chinese = words.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <returns>The text in this language, or the key itself, which is English.</returns>
    public string Find(string key, string language) => language == "zh-CN" && chinese.TryGetValue(key, out var text) ? text : key;

    private static IEnumerable<(string Key, string Text)> Read(Assembly assembly)
    {
        if (SatelliteOf(assembly) is not { } satellite)
        {
            yield break;
        }
        foreach (var name in satellite.GetManifestResourceNames().Where(n => n.EndsWith(".Words.zh-CN.resources", StringComparison.Ordinal)))
        {
            using var reader = new ResourceReader(satellite.GetManifestResourceStream(name)!);
            foreach (DictionaryEntry entry in reader)
            {
                yield return ((string)entry.Key, (string)entry.Value!);
            }
        }
    }

    private static Assembly? SatelliteOf(Assembly assembly)
    {
        try
        {
            return assembly.GetSatelliteAssembly(Chinese);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
