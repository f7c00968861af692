using System.Buffers;
using System.Globalization;
using System.Text;

namespace Wellmet.Platform;

/// <summary>
/// Writes CSV (RFC 4180, CR LF) that a spreadsheet opens safely: UTF-8 with a byte order mark, and an apostrophe in front of a text that would
/// be run as a formula (OWASP, CSV injection). Values are written for programs: times in UTC (ISO 8601), amounts in units of their currency.
/// </summary>
public sealed class CsvText
{
    private static readonly SearchValues<char> ToQuote = SearchValues.Create(",\"\r\n;\t");

    private readonly StringBuilder text = new();

    public void Line(params object?[] cells) => text.Append(SafeLine(cells)).Append("\r\n");

    public byte[] ToBytes() => [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text.ToString())];

    /// <summary>One line without its break, for people who open it in a spreadsheet.</summary>
    public static string SafeLine(IEnumerable<object?> cells) => RawLine(cells.Select(c => c is string s ? Guard(s) : Written(c)));

    /// <summary>One line without its break, cells as they stand.</summary>
    public static string RawLine(IEnumerable<string> cells) => string.Join(',', cells.Select(Quote));

    private static string Written(object? value) => value switch
    {
        null => "",
        DateTimeOffset t => t.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        Money m => m.Amount.ToString(CultureInfo.InvariantCulture),
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => Guard(value.ToString() ?? ""),
    };

    private static string Quote(string cell) => cell.AsSpan().ContainsAny(ToQuote) ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;

    private static string Guard(string cell) =>
        cell.Length > 0 && cell[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '＝' or '＋' or '－' or '＠' && !IsNumber(cell) ? "'" + cell : cell;

    private static bool IsNumber(string cell) => decimal.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
