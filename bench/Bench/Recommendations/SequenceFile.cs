using System.IO.Compression;
using Wellmet.Platform;
using Wellmet.Science.Recommenders.Sessions;

namespace Wellmet.Bench.Recommendations;

/// <summary>A text file of one line a customer: the customer, then the items in time order, blanks between; unpacked where its name ends in .gz.</summary>
internal sealed class SequenceFile
{
    private readonly Dictionary<string, int> items = new(StringComparer.Ordinal);

    private SequenceFile(string path)
    {
        var sequences = Fields(path).Select(fields => Array.ConvertAll(fields[1..], Index)).ToList();
        Sequences = ItemSequences.Of(sequences, items.Count);
    }

    public ItemSequences Sequences { get; }

    /// <summary>The index of an item's name, or -1.</summary>
    public int ItemOf(string name) => items.GetValueOrDefault(name, -1);

    public static SequenceFile Read(string path) => new(path);

    /// <summary>The blank-separated fields of every line that has some.</summary>
    public static IEnumerable<string[]> Fields(string path) =>
        Lines(path).Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Where(fields => fields.Length > 0);

    /// <exception cref="ProblemException">There is no such file.</exception>
    public static IEnumerable<string> Lines(string path)
    {
        if (!File.Exists(path))
        {
            throw new ProblemException("file_missing", "There is no file {0}.", 404, path);
        }
        using var file = File.OpenRead(path);
        using Stream stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    private int Index(string name)
    {
        if (!items.TryGetValue(name, out var index))
        {
            items.Add(name, index = items.Count);
        }
        return index;
    }
}
