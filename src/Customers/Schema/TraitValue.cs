using System.Globalization;
using System.Text.Json;
using Wellmet.Customers.Contract;

namespace Wellmet.Customers.Schema;

/// <summary>
/// A value as the definition of its trait reads it: shops and files write numbers and truth values as text, too, and what was said before a trait was defined has to be read by the same rules.
/// </summary>
/// <param name="Text">For people and as it is told: a number with a point, <c>true</c>, <c>2026-01-31</c>, <c>2026-01-31T09:30:00Z</c>, or <c>--01-31</c> of a date that came without a year.</param>
/// <param name="Order">Of a number or a date its place among others; null for what has none.</param>
public sealed record TraitValue(string Text, decimal? Number = null, bool? Truth = null, long? Order = null)
{
    /// <summary>Longest text, in characters; of one that is told in clear <see cref="LongestTold"/>.</summary>
    public const int LongestText = 1000, LongestTold = 100;

    /// <summary>Orders lie between this and its negative.</summary>
    public const long MostOrder = 1_000_000_000_000_000_000;

    private const decimal Bound = 1_000_000_000m;

    private static readonly string[] Days = ["yyyy-MM-dd", "yyyy/MM/dd", "yyyyMMdd"];
    private static readonly string[] Moments = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mmK"];

    /// <summary>Reads what was said.</summary>
    /// <param name="json">JSON text.</param>
    /// <param name="problem">Code of what does not fit; null where it fits.</param>
    public static TraitValue? Read(TraitDefinition definition, string json, out string? problem)
    {
        var value = JsonElement.Parse(json);
        var text = value.ValueKind is JsonValueKind.String ? value.GetString()!.Trim() : value.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False ? value.GetRawText() : null;
        var read = text is null or "" ? null : definition.Type switch
        {
            TraitType.Number => NumberOf(text),
            TraitType.Boolean => TruthOf(text),
            TraitType.Date => DateOf(text, definition.Telling is TraitTelling.MonthAndDay),
            _ => new TraitValue(text),
        };
        problem = read is null ? "trait_not_" + Platform.Storage.EnumText.Of(definition.Type)
            : read.Text.Length > (definition.Telling is TraitTelling.Sealed ? LongestText : LongestTold) ? "trait_too_long" : null;
        return problem is null ? read : null;
    }

    /// <summary>As it is told: without the year where the definition says so.</summary>
    public JsonElement Told(TraitTelling telling) => Number is { } number ? JsonSerializer.SerializeToElement(number)
        : Truth is { } truth ? JsonSerializer.SerializeToElement(truth)
        : JsonSerializer.SerializeToElement(telling is TraitTelling.MonthAndDay && !Text.StartsWith("--", StringComparison.Ordinal) ? "-" + Text[4..10] : Text);

    private static TraitValue? NumberOf(string text)
    {
        if (!decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) || Math.Abs(number) >= Bound)
        {
            return null;
        }
        var written = Math.Round(number, 9).ToString("G29", CultureInfo.InvariantCulture); // without zeros at its end
        return new TraitValue(written, Number: decimal.Parse(written, CultureInfo.InvariantCulture), Order: (long)(Math.Round(number, 9) * Bound));
    }

    private static TraitValue? TruthOf(string text) => text.ToLowerInvariant() switch
    {
        "true" or "yes" or "1" or "是" => new TraitValue("true", Truth: true),
        "false" or "no" or "0" or "否" => new TraitValue("false", Truth: false),
        _ => null,
    };

    private static TraitValue? DateOf(string text, bool withoutYear)
    {
        if (DateOnly.TryParseExact(text, Days, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return day.Year is < 1800 or > 2200 ? null : new TraitValue(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Order: new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeMilliseconds());
        }
        // A leap year, so that 29 February is a day.
        if (withoutYear && text.StartsWith("--", StringComparison.Ordinal) && DateOnly.TryParseExact("2000-" + text[2..], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        {
            return new TraitValue(text);
        }
        return DateTimeOffset.TryParseExact(text, Moments, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) && at.Year is >= 1800 and <= 2200
            ? new TraitValue(at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), Order: at.ToUnixTimeMilliseconds()) : null;
    }
}
