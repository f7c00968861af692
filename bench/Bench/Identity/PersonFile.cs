using System.IO.Compression;
using System.Text.RegularExpressions;
using Wellmet.Customers.Imports.Reading;
using Wellmet.Platform;
using Wellmet.Science.Linkage;

namespace Wellmet.Bench.Identity;

/// <summary>A file of people and who is truly who, which only the measuring looks at.</summary>
/// <param name="Fields">The columns that are compared.</param>
/// <param name="Rows">Their values.</param>
/// <param name="Truth">The true person of each row; empty where the file does not say.</param>
internal sealed record PersonFile(IReadOnlyList<LinkageField> Fields, IReadOnlyList<string[]> Rows, IReadOnlyList<string> Truth)
{
    /// <summary>Reads CSV, also .gz. Columns are recognised by their headings; of others, what stands in them decides.</summary>
    /// <param name="fields">The columns of a file it is linked with, in their order; null to recognise them.</param>
    public static PersonFile Read(string file, IReadOnlyList<LinkageField>? fields = null)
    {
        if (!File.Exists(file))
        {
            throw new ProblemException("file_missing", "There is no file {0}.", 404, file);
        }
        var lines = Lines(file).ToList();
        if (lines.Count < 3)
        {
            throw new ProblemException("file_invalid", "{0} is no file of people: a heading and at least two lines are needed.", 400, Path.GetFileName(file));
        }
        var headings = Array.ConvertAll(lines[0], h => h.Trim().Trim('\uFEFF'));
        var rows = lines.Skip(1).Where(l => l.Length > 1).Select(l => Array.ConvertAll(Fit(l, headings.Length), c => c.Trim())).ToList();
        var recognised = PersonColumns.Recognise(headings, rows);
        IReadOnlyList<(int Column, LinkageField Field)> columns = fields is null ? recognised.Compared : [.. fields.Select(f => (recognised.ColumnOf(f), f))];
        if (columns.Count == 0)
        {
            throw new ProblemException("file_invalid", "No column of {0} says anything about people.", 400, Path.GetFileName(file));
        }
        return new PersonFile([.. columns.Select(c => c.Field)], rows.ConvertAll(row => columns.Select(c => c.Column < 0 ? "" : row[c.Column]).ToArray()),
            recognised.Truth is { } truth ? rows.ConvertAll(row => Entity(row[truth])) : []);
    }

    /// <summary>"rec-17-org" and "rec-17-dup-0" are person "rec-17"; any other text stands for itself.</summary>
    internal static string Entity(string id) => Regex.Replace(id, "[-_ ](org|orig|original|dup|dupl|duplicate|copy)[-_ ]?[0-9]*$", "", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static string[] Fit(string[] cells, int count) => cells.Length == count ? cells : [.. cells.Concat(Enumerable.Repeat("", count)).Take(count)];

    private static IEnumerable<string[]> Lines(string file)
    {
        using var reader = new DelimitedReader(Open(file), Delimiter(file), new LineLimits());
        while (reader.Read() is { } record)
        {
            if (record.Fault is null)
            {
                yield return record.Cells;
            }
        }
    }

    private static char Delimiter(string file)
    {
        using var text = Open(file);
        var heading = text.ReadLine() ?? "";
        return new[] { ',', ';', '\t', '|' }.MaxBy(d => heading.Count(c => c == d));
    }

    private static StreamReader Open(string file)
    {
        var bytes = File.OpenRead(file);
        return new StreamReader(file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(bytes, CompressionMode.Decompress) : bytes);
    }
}
