using System.Globalization;
using System.IO.Compression;
using Wellmet.Platform;

namespace Wellmet.Bench.Recommendations;

/// <summary>The form of the public recommendation sets: one line a user, the user and then the items, unpacked where the name ends in .gz.</summary>
internal static class HistoryFile
{
    /// <summary>The distinct items of each user who has some.</summary>
    /// <exception cref="ProblemException"><c>file_missing</c>, <c>file_not_numbers</c>.</exception>
    public static IReadOnlyDictionary<int, int[]> Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new ProblemException("file_missing", "There is no file {0}.", 404, path);
        }
        var histories = new Dictionary<int, int[]>();
        foreach (var line in Lines(path))
        {
            int[] numbers = [.. line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(field => Parse(field, path))];
            if (numbers.Length > 1)
            {
                histories[numbers[0]] = [.. histories.GetValueOrDefault(numbers[0], []).Union(numbers.Skip(1))];
            }
        }
        return histories;
    }

    private static int Parse(string field, string path) =>
        int.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new ProblemException("file_not_numbers", "{0}: {1} is not a number of a user or an item.", 400, path, field);

    private static IEnumerable<string> Lines(string path)
    {
        using var file = File.OpenRead(path);
        using Stream stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
