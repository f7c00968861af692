using System.Globalization;
using System.Text;

namespace Wellmet.Platform;

/// <summary>
/// Writes CSV (RFC 4180) that a spreadsheet opens safely: UTF-8 with a byte order mark, and an apostrophe in front of a text that would be
/// taken for a formula (OWASP: CSV injection). Numbers and times are written for programs, not for a culture.
/// </summary>
public sealed class CsvText
{
    private readonly StringBuilder text = new();

    public void Line(params object?[] cells) => text.AppendJoin(',', cells.Select(Cell)).Append("\r\n");

    public byte[] ToBytes() => [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text.ToString())];

    private static string Cell(object? value) => value switch
    {
        null => "",
        string s => Quote(s.Length > 0 && s[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + s : s),
        DateTimeOffset t => t.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        Money m => m.Amount.ToString(CultureInfo.InvariantCulture),
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => Quote(value.ToString() ?? ""),
    };

    private static string Quote(string s) => s.AsSpan().ContainsAny(",\"\r\n") ? $"\"{s.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : s;
}
