using System.IO.Compression;

namespace Wellmet.Tests;

/// <summary>
/// Public data sets in a folder <c>shared/data</c> beside the repository or above it. They are never part of the repository: a test that needs
/// one skips, with a line that says so, where it is not there.
/// </summary>
public static class RealData
{
    /// <summary>The full path of a file such as <c>online-retail/online_retail.csv.gz</c>; null where it is not there.</summary>
    public static string? Find(string file)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "shared", "data", file);
            if (File.Exists(path))
            {
                return path;
            }
        }
        return null;
    }

    /// <summary>The lines of a text file, unpacked where its name ends in .gz. Skips the test where the file is not there.</summary>
    public static IEnumerable<string> Lines(string file)
    {
        var path = Find(file);
        if (path is null)
        {
            Assert.Skip($"The data set {file} is not at hand in a folder shared/data beside the repository.");
        }
        return ReadLines(path);
    }

    private static IEnumerable<string> ReadLines(string path)
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
