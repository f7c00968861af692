using System.Globalization;
using System.Text.Json;
using Wellmet.Commerce.ShopPayloads;
using Wellmet.Customers.Contract;
using Wellmet.Platform;

namespace Wellmet.Commerce.Mappings;

/// <summary>A value that a field took, for people.</summary>
public sealed record MappedValue(string Field, string Text);

/// <summary>
/// Reads the fields of a rule in one thing of a payload, or in one of its lines. What cannot be read is noted with its path, and the reading goes on, so that all that is wrong shows at once.
/// </summary>
/// <param name="where">Of the line, for the notes; empty for the thing itself.</param>
/// <param name="zone">Of times that name none.</param>
internal sealed class FieldReader(CompiledRule rule, JsonScope scope, string where, TimeZoneInfo zone, List<MappingError> errors)
{
    public const int LongestCode = 100, LongestName = 500;
    private const decimal Largest = 1e12m, FirstMilliseconds = 1e11m;
    private static readonly DateTimeOffset Earliest = new(1990, 1, 1, 0, 0, 0, TimeSpan.Zero), Latest = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public List<MappedValue> Taken { get; } = [];

    /// <summary>Trimmed, without control characters; null where there is none.</summary>
    public string? Text(string name, int longest = LongestName)
    {
        if (Find(name) is not { } found)
        {
            return null;
        }
        if (found.Values().FirstOrDefault().ValueKind is JsonValueKind.Object or JsonValueKind.Array)
        {
            return Refuse<string?>(found, new ProblemException("field_not_a_text", "An object or a list stands here; choose something in it.", 422));
        }
        var text = found.Texts().Select(ShopJson.Clean).FirstOrDefault(t => t is not null) ?? ShopJson.Clean(found.Field.Value);
        return text is null ? Missing<string?>(found) : text.Length > longest ? Refuse<string?>(found, new ProblemException("field_too_long", "At most {0} characters are taken here.", 422, longest)) : Take(name, text, text);
    }

    /// <summary>A code or number of the shop; <c>0</c> is none.</summary>
    public string? Id(string name) => Text(name, LongestCode) is { } id && id != "0" ? id : null;

    /// <summary>Several that the path finds are added up.</summary>
    public decimal? Number(string name) => Find(name) is { } found ? Sum(found, 1) : null;

    /// <param name="currency">Says what a minor unit is.</param>
    public decimal? Money(string name, string currency) =>
        Find(name) is { } found ? Sum(found, found.Field.Format == MappingFormats.Minor ? (decimal)Math.Pow(10, Platform.Money.Decimals(currency)) : 1) : null;

    public DateTimeOffset? Time(string name)
    {
        if (Find(name) is not { } found)
        {
            return null;
        }
        return (found.Texts().FirstOrDefault(t => !string.IsNullOrWhiteSpace(t)) ?? found.Field.Value) is not { } text ? Missing<DateTimeOffset?>(found)
            : TimeOf(text.Trim(), found.Field.Format) is { } at && at > Earliest && at < Latest ? Take(name, (DateTimeOffset?)at, at.ToString("u", CultureInfo.InvariantCulture))
            : Refuse<DateTimeOffset?>(found, new ProblemException("field_not_a_time", "This is not a time in the chosen format.", 422));
    }

    public bool? Truth(string name)
    {
        if (Find(name) is not { } found)
        {
            return null;
        }
        return (found.Texts().FirstOrDefault() ?? found.Field.Value)?.Trim().ToLowerInvariant() switch
        {
            null or "" => Missing<bool?>(found),
            "true" or "yes" or "y" or "1" or "on" => Take(name, (bool?)true, "true"),
            "false" or "no" or "n" or "0" or "off" => Take(name, (bool?)false, "false"),
            _ => Refuse<bool?>(found, new ProblemException("field_not_truth", "This is neither true nor false.", 422)),
        };
    }

    /// <summary>ISO 4217.</summary>
    public string Currency(string otherwise) => Text("currency") is not { } code ? otherwise
        : code.Length == 3 && code.All(char.IsAsciiLetter) ? code.ToUpperInvariant()
        : Find("currency") is { } found ? Refuse(found, new ProblemException("currency_unknown", "The currency is a code of three letters (ISO 4217).", 422), otherwise) : otherwise;

    /// <summary>The first value that a path finds, of any kind; the constant where it finds none.</summary>
    public JsonElement? Value(string name)
    {
        if (Find(name) is not { } found)
        {
            return null;
        }
        JsonElement? value = found.Values().FirstOrDefault() is { ValueKind: not JsonValueKind.Undefined } first ? first : found.Field.Value is { } constant ? JsonSerializer.SerializeToElement(constant) : null;
        if (value is { } taken && (name != "properties" || taken.ValueKind == JsonValueKind.Object))
        {
            return Take(name, value, JsonText.Of(taken) ?? Cut(taken.GetRawText()));
        }
        return value is null ? null : Refuse<JsonElement?>(found, new ProblemException("field_not_an_object", "This is not an object.", 422));
    }

    public void Note(string name, ProblemException problem) => errors.Add(new(rule.Place, name, where + (rule.Fields.GetValueOrDefault(name) is { } field ? PathsOf(field) : ""), problem));

    private Found? Find(string name) => rule.Fields.TryGetValue(name, out var field) ? new Found(field, scope) : null;

    private decimal? Sum(Found found, decimal scale)
    {
        var texts = found.Texts().Where(t => !string.IsNullOrWhiteSpace(t)).ToList();
        if (texts.Count == 0 && found.Field.Value is { } otherwise)
        {
            texts.Add(otherwise);
        }
        if (texts.Count == 0)
        {
            return Missing<decimal?>(found);
        }
        var sum = 0m;
        foreach (var text in texts)
        {
            if (NumberOf(text.Trim(), found.Field.Format == MappingFormats.Comma) is not { } number || Math.Abs(number) >= Largest)
            {
                return Refuse<decimal?>(found, new ProblemException("field_not_a_number", "This is not a number in the chosen format.", 422));
            }
            sum += number / scale;
        }
        return Take(found.Field.Field.Name, (decimal?)sum, sum.ToString("0.####", CultureInfo.InvariantCulture));
    }

    private static decimal? NumberOf(string text, bool comma) =>
        !comma && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var plain) ? plain : new ImportFormat(comma, false).Number(text);

    private DateTimeOffset? TimeOf(string text, string format)
    {
        if (format is MappingFormats.DayFirst or MappingFormats.MonthFirst)
        {
            return new ImportFormat(false, format == MappingFormats.DayFirst).Time(text, zone);
        }
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && (text.Length != 8 || format != MappingFormats.Iso))
        {
            var milliseconds = format == MappingFormats.UnixMilliseconds || (format == MappingFormats.Iso && Math.Abs(number) >= FirstMilliseconds) ? number : number * 1000;
            return Math.Abs(milliseconds) < 1e13m ? DateTimeOffset.UnixEpoch.AddTicks((long)(milliseconds * TimeSpan.TicksPerMillisecond)) : null;
        }
        return format != MappingFormats.Iso ? null
            : text.Length >= 4 && text.Take(4).All(char.IsAsciiDigit) ? new ImportFormat(false, false).Time(text, zone)
            : DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var named) ? named : null;
    }

    private T Take<T>(string name, T value, string shown)
    {
        Taken.Add(new MappedValue(name, Cut(shown)));
        return value;
    }

    private T? Missing<T>(Found found)
    {
        if (found.Field.Field.Required)
        {
            Refuse<T>(found, new ProblemException("field_missing", "Nothing was found here.", 422));
        }
        return default;
    }

    private T Refuse<T>(Found found, ProblemException problem, T otherwise = default!)
    {
        errors.Add(new(rule.Place, found.Field.Field.Name, where + PathsOf(found.Field), problem));
        return otherwise;
    }

    private static string PathsOf(CompiledField field) => string.Join(" ?? ", field.Paths.Select(p => p.Text));

    private static string Cut(string text) => text.Length > 200 ? text[..(char.IsHighSurrogate(text[199]) ? 199 : 200)] + "…" : text;

    /// <summary>A field and what its paths find: that of the first that finds anything but null.</summary>
    private readonly record struct Found(CompiledField Field, JsonScope Scope)
    {
        public IEnumerable<JsonElement> Values()
        {
            foreach (var path in Field.Paths)
            {
                var found = path.Find(Scope).Where(e => e.ValueKind != JsonValueKind.Null && !(e.ValueKind == JsonValueKind.String && e.ValueEquals(""))).ToList();
                if (found.Count > 0)
                {
                    return found;
                }
            }
            return [];
        }

        /// <summary>An object or a list is no text, and is read as one that fits nothing.</summary>
        public IEnumerable<string> Texts() => Values().Select(e => JsonText.Of(e) ?? e.ValueKind.ToString());
    }
}
