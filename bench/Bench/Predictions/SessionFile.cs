using System.Globalization;
using System.IO.Compression;
using Wellmet.Platform;
using Wellmet.Science.Predictions;

namespace Wellmet.Bench.Predictions;

/// <summary>
/// Reads visits as UCI's "Online Shoppers Purchasing Intention" has them: a heading, then one visit a line, parted by commas or semicolons; the outcome is the column
/// <c>Revenue</c>. Codes of systems, browsers, regions and sources are categories, and so is every column of words.
/// </summary>
internal static class SessionFile
{
    private const string Outcome = "Revenue";
    private static readonly string[] Codes = ["OperatingSystems", "Browser", "Region", "TrafficType"];

    public static Examples Read(string file)
    {
        var lines = Lines(file).Where(l => l.Length > 0).ToList();
        var separator = lines.Count > 0 && lines[0].Contains(';', StringComparison.Ordinal) ? ';' : ',';
        var cells = lines.ConvertAll(l => Array.ConvertAll(l.Split(separator), c => c.Trim().Trim('"')));
        var outcome = cells.Count > 1 ? Array.IndexOf(cells[0], Outcome) : -1;
        if (outcome < 0 || cells.Exists(c => c.Length != cells[0].Length))
        {
            throw new ProblemException("file_invalid", "{0} is no file of visits: a heading with {1}, then as many cells in each line, are needed.", 400, Path.GetFileName(file), Outcome);
        }
        var columns = Enumerable.Range(0, cells[0].Length).Where(c => c != outcome).ToArray();
        var features = Array.ConvertAll(columns, c => FeatureOf(cells[0][c], cells.Skip(1).Select(row => row[c])));
        return new Examples(features,
            [.. cells.Skip(1).Select(row => columns.Select((c, f) => Value(features[f], row[c])).ToArray())],
            [.. cells.Skip(1).Select(row => row[outcome].ToUpperInvariant() is "TRUE" or "1")]);
    }

    private static Feature FeatureOf(string name, IEnumerable<string> values)
    {
        var distinct = values.Where(v => v.Length > 0).Distinct().Order(StringComparer.Ordinal).ToList();
        return Codes.Contains(name) || distinct.Exists(v => !TryNumber(v, out _)) ? Feature.Categorical(name, distinct) : Feature.Numeric(name);
    }

    private static double Value(Feature feature, string text) =>
        feature.Kind == FeatureKind.Categorical ? feature.CodeOf(text) : TryNumber(text, out var number) ? number : double.NaN;

    private static bool TryNumber(string text, out double number) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);

    private static IEnumerable<string> Lines(string file)
    {
        using var bytes = File.OpenRead(file);
        using Stream stream = file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(bytes, CompressionMode.Decompress) : bytes;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
