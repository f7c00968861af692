using System.Text;
using Wellmet.Customers.Contract;
using Wellmet.Platform;

namespace Wellmet.Customers.Imports.Reading;

/// <summary>
/// Finds delimiter, columns, and the way of numbers from the beginning of a file; the way of dates as far as the beginning shows it (see
/// <see cref="DateOrder"/>).
/// </summary>
public static class LayoutDetection
{
    private const int LinesLookedAt = 200;
    private static readonly char[] Delimiters = [',', ';', '\t', '|'];

    /// <exception cref="ProblemException"><c>file_not_text</c>, <c>file_not_csv</c>.</exception>
    public static FileLayout Detect(FileProbe probe, IReadOnlyList<ImportField> fields)
    {
        var encoding = TextEncodings.Detect(probe);
        var text = Beginning(probe, encoding);
        var (delimiter, lines) = Delimiters.Select(d => (Delimiter: d, Lines: Lines(text, d))).MaxBy(d => Agreement(d.Lines));
        if (lines.Count == 0 || (lines[0].Length < 2 && fields.Count(f => f.Required) > 1))
        {
            throw new ProblemException("file_not_csv", "No columns were found in this file. It must be text with one line of headings and cells divided by comma, semicolon, tab or bar.", 422);
        }
        var headings = lines[0].Select(h => h.Trim()).ToList();
        var columns = Match(headings, fields);
        return new FileLayout(encoding, delimiter, FormatOf(lines, fields, columns), headings, columns);
    }

    /// <summary>The same file with another choice of columns.</summary>
    public static FileLayout Remap(FileProbe probe, FileLayout layout, IReadOnlyList<ImportField> fields, int[] columns) =>
        layout with { Columns = columns, Format = FormatOf(Lines(Beginning(probe, layout.Encoding), layout.Delimiter), fields, columns) };

    /// <summary>Lower case letters and digits of a heading: <c>Customer ID</c> is <c>customerid</c>.</summary>
    public static string Plain(string heading)
    {
        var plain = new StringBuilder(heading.Length);
        foreach (var rune in heading.Normalize(NormalizationForm.FormKC).EnumerateRunes().Where(Rune.IsLetterOrDigit))
        {
            plain.Append(Rune.ToLowerInvariant(rune).ToString());
        }
        return plain.ToString();
    }

    private static string Beginning(FileProbe probe, string encoding)
    {
        using var reader = new StreamReader(new MemoryStream(probe.Sample), TextEncodings.ByName(encoding), detectEncodingFromByteOrderMarks: true);
        var text = reader.ReadToEnd();
        var whole = text.LastIndexOf('\n');
        return probe.Bytes > probe.Sample.Length && whole > 0 ? text[..(whole + 1)] : text;
    }

    private static List<string[]> Lines(string text, char delimiter)
    {
        using var reader = new DelimitedReader(new StringReader(text), delimiter, new LineLimits());
        var lines = new List<string[]>();
        while (lines.Count < LinesLookedAt && reader.Read() is { } record)
        {
            if (record.Fault is null)
            {
                lines.Add(record.Cells);
            }
        }
        return lines;
    }

    /// <summary>How well a delimiter explains the lines: the share of lines with as many cells as the first, then how many these are.</summary>
    private static (double Share, int Columns) Agreement(List<string[]> lines) =>
        lines.Count == 0 || lines[0].Length < 2 ? (0, 0) : (Math.Round((double)lines.Count(l => l.Length == lines[0].Length) / lines.Count, 2), lines[0].Length);

    /// <summary>Fields in their order take the first column that bears one of their names.</summary>
    private static int[] Match(List<string> headings, IReadOnlyList<ImportField> fields)
    {
        if (headings.Count == 1 && fields.Count(f => f.Required) == 1)
        {
            // Whatever it is called, it can be nothing else.
            return [.. fields.Select(f => f.Required ? 0 : -1)];
        }
        var plain = headings.ConvertAll(Plain);
        var taken = new HashSet<int>();
        return [.. fields.Select(field =>
        {
            var column = field.Synonyms.Prepend(Plain(field.Name)).Select(name => plain.FindIndex(p => p == name)).FirstOrDefault(at => at >= 0 && !taken.Contains(at), -1);
            taken.Add(column);
            return column;
        })];
    }

    private static ImportFormat FormatOf(List<string[]> lines, IReadOnlyList<ImportField> fields, int[] columns)
    {
        var rows = lines.Skip(1).ToList();
        var numbers = Cells(rows, fields, columns, ImportFieldKind.Number);
        var times = Cells(rows, fields, columns, ImportFieldKind.Time);
        var order = new DateOrder();
        times.ForEach(order.Add);
        return new ImportFormat(Readable(numbers, new ImportFormat(true, true)) > Readable(numbers, new ImportFormat(false, true)), order.DayFirst ?? true);
    }

    private static List<string> Cells(List<string[]> rows, IReadOnlyList<ImportField> fields, int[] columns, ImportFieldKind kind) =>
        [.. fields.Select((f, i) => (f.Kind, Column: columns[i])).Where(f => f.Kind == kind && f.Column >= 0)
            .SelectMany(f => rows.Where(r => f.Column < r.Length).Select(r => r[f.Column].Trim())).Where(c => c.Length > 0)];

    private static int Readable(List<string> cells, ImportFormat format) => cells.Count(c => format.Number(c) is not null);
}
