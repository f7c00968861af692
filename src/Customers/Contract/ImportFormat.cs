using System.Globalization;

namespace Wellmet.Customers.Contract;

/// <summary>How a file writes its numbers and dates.</summary>
/// <param name="DecimalComma">1.234,56 instead of 1,234.56.</param>
/// <param name="DayFirst">31/12/2026 instead of 12/31/2026; dates that begin with the year are read as they stand.</param>
public sealed record ImportFormat(bool DecimalComma, bool DayFirst)
{
    private const int LongestNumber = 40, LongestTime = 40;

    private static readonly string[] YearFirst =
    [
        "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd", "yyyy/M/d H:m:s", "yyyy/M/d H:m", "yyyy/M/d",
        "yyyy-M-d H:m:s", "yyyy-M-d H:m", "yyyy-M-d", "yyyy.M.d H:m:s", "yyyy.M.d H:m", "yyyy.M.d", "yyyyMMdd", "yyyy年M月d日 H:m:s", "yyyy年M月d日 H:m", "yyyy年M月d日",
        "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF",
    ];

    private static readonly string[] WithOffset =
        ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss zzz", "yyyy-MM-dd HH:mm:sszzz", "yyyy-MM-dd HH:mm:ss 'UTC'"];

    private static readonly string[] DaysFirst = Orders("d", "M");
    private static readonly string[] MonthsFirst = Orders("M", "d");

    /// <summary>A number with its currency sign and thousands separators taken off; null where it is none.</summary>
    public decimal? Number(string cell)
    {
        if (decimal.TryParse(cell, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var plain) && !(DecimalComma && cell.Contains('.')))
        {
            return plain;
        }
        if (cell.Length is 0 or > LongestNumber)
        {
            return null;
        }
        var negative = cell[0] == '(' && cell[^1] == ')';
        var digits = Bare(negative ? cell[1..^1] : cell);
        return digits is not null && decimal.TryParse(digits, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? negative ? -number : number
            : null;
    }

    /// <summary>A point in time; one without an offset is meant in <paramref name="zone"/>. Null where it is none, or not within 1900 to 2200.</summary>
    public DateTimeOffset? Time(string cell, TimeZoneInfo zone)
    {
        if (cell.Length is 0 or > LongestTime)
        {
            return null;
        }
        const DateTimeStyles styles = DateTimeStyles.AllowWhiteSpaces;
        if (DateTime.TryParseExact(cell, YearFirst, CultureInfo.InvariantCulture, styles, out var local)
            || DateTime.TryParseExact(cell, DayFirst ? DaysFirst : MonthsFirst, CultureInfo.InvariantCulture, styles, out local))
        {
            return local.Year is >= 1900 and <= 2200 ? new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime() : null;
        }
        return DateTimeOffset.TryParseExact(cell, WithOffset, CultureInfo.InvariantCulture, styles | DateTimeStyles.AssumeUniversal, out var time) && time.Year is >= 1900 and <= 2200
            ? time.ToUniversalTime()
            : null;
    }

    /// <summary>Digits with a point: separators of thousands out, the decimal comma turned. Null where a separator stands in a wrong place.</summary>
    private string? Bare(string cell)
    {
        var (point, thousands) = DecimalComma ? (',', '.') : ('.', ',');
        var text = cell.Trim().TrimStart('£', '$', '€', '¥', '￥').TrimEnd('£', '$', '€', '¥', '￥', '元').Trim().Replace('−', '-');
        if (text.Length > 1 && text[0] == '-' && text[1] is '£' or '$' or '€' or '¥')
        {
            text = "-" + text[2..];
        }
        var whole = text.Split(point) is { Length: <= 2 } parts ? parts : null;
        if (whole is null || (whole.Length == 2 && whole[1].AsSpan().ContainsAnyExceptInRange('0', '9')))
        {
            return null;
        }
        var groups = whole[0].Split([thousands, ' ', '\u00a0', '\u202f', '\'']);
        return groups.Length > 1 && groups.Skip(1).Any(g => g.Length != 3) ? null : string.Concat(groups) + (whole.Length == 2 ? "." + whole[1] : "");
    }

    private static string[] Orders(string first, string second) =>
        [.. from separator in new[] { "/", ".", "-" }
            from year in new[] { "yyyy", "yy" }
            from time in new[] { "", " H:m", " H:m:s", " h:m tt", " h:m:s tt" }
            select $"{first}'{separator}'{second}'{separator}'{year}{time}"];
}
