using System.Globalization;

namespace Wellmet.Platform;

/// <summary>
/// The ISO 3166 alpha-2 code of a country as a source names it: by a code of two or three letters, by its English name or by its own, in whatever case.
/// </summary>
public static class CountryCode
{
    /// <summary>Names in use that the system's list (CLDR) writes otherwise.</summary>
    private static readonly (string Name, string Code)[] Further =
    [
        ("UK", "GB"), ("Great Britain", "GB"), ("England", "GB"), ("Scotland", "GB"), ("Wales", "GB"), ("Northern Ireland", "GB"), ("EIRE", "IE"), ("Republic of Ireland", "IE"),
        ("United States of America", "US"), ("Czech Republic", "CZ"), ("The Netherlands", "NL"), ("Holland", "NL"), ("Slovak Republic", "SK"), ("EL", "GR"),
        ("People's Republic of China", "CN"), ("PRC", "CN"), ("Mainland China", "CN"),
    ];

    private static readonly Lazy<Dictionary<string, string>> Codes = new(Build);

    /// <summary>Null for what is no country, or none that is known here.</summary>
    public static string? Of(string? said) => said is null ? null : Codes.Value.GetValueOrDefault(said.Trim());

    /// <summary>The name of a country in a language.</summary>
    /// <param name="code">Two letters, as <see cref="Of"/> answers.</param>
    /// <param name="language"><c>en</c> or <c>zh-CN</c>, as the viewer reads.</param>
    public static string NameOf(string code, string language) => new RegionInfo($"{(language == "zh-CN" ? "zh-Hans" : language)}-{code}").NativeName;

    private static Dictionary<string, string> Build()
    {
        var regions = CultureInfo.GetCultures(CultureTypes.SpecificCultures).Select(c => new RegionInfo(c.Name)).Where(r => r.TwoLetterISORegionName.All(char.IsAsciiLetter)).ToList();
        var codes = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        // Codes before names, English names before others: what comes first counts.
        foreach (var name in (Func<RegionInfo, string>[])[r => r.TwoLetterISORegionName, r => r.ThreeLetterISORegionName, r => r.EnglishName, r => r.NativeName])
        {
            regions.ForEach(r => codes.TryAdd(name(r), r.TwoLetterISORegionName));
        }
        foreach (var (name, code) in Further)
        {
            codes.TryAdd(name, code);
        }
        return codes;
    }
}
