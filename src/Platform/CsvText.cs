using System.Buffers;
using System.Globalization;
using System.Text;

namespace Wellmet.Platform;

/// <summary>Writes CSV (RFC 4180, CR LF).</summary>
public static class CsvText
{
    private static readonly SearchValues<char> ToQuote = SearchValues.Create(",\"\r\n;\t");

    /// <summary>One line without its break, cells as they stand.</summary>
    public static string Line(IEnumerable<string> cells) => string.Join(',', cells.Select(Cell));

    /// <summary>
    /// One line for people who open it in a spreadsheet: a cell that a spreadsheet would run as a formula gets an apostrophe in front
    /// (OWASP, CSV injection).
    /// </summary>
    public static string SafeLine(IEnumerable<string> cells) => Line(cells.Select(Guard));

    /// <summary>A value for programs, in no culture: times in UTC (ISO 8601), amounts in units of their currency.</summary>
    public static string Written(object? value) => value switch
    {
        null => "",
        DateTimeOffset t => t.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        Money m => m.Amount.ToString(CultureInfo.InvariantCulture),
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static string Cell(string cell) =>
        cell.AsSpan().ContainsAny(ToQuote) ? new StringBuilder(cell.Length + 8).Append('"').Append(cell.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"').ToString() : cell;

    private static string Guard(string cell) => cell.Length > 0 && cell[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '＝' or '＋' or '－' or '＠' && !IsNumber(cell) ? "'" + cell : cell;

    private static bool IsNumber(string cell) => decimal.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
