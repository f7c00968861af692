using Wellmet.Platform.Purposes;

namespace Wellmet.Platform.Downloads;

/// <summary>Counts whom the gate kept out of a file, and where it was cut, for the lines at its end that say so: a file that is shorter than its list has to say why.</summary>
internal sealed class LeftOut
{
    private readonly SortedDictionary<string, int> counts = new(StringComparer.Ordinal);
    private int? cutAt;

    public void Add(PurposeAnswer answer)
    {
        foreach (var (reason, count) in answer.Refusals)
        {
            counts[reason] = counts.GetValueOrDefault(reason) + count;
        }
    }

    /// <summary>The file is full after so many rows of its list, though the list goes on.</summary>
    public void CutAt(int rows) => cutAt = rows;

    /// <summary>One for each reason: <c># 3 left out: objected</c>, <c># cut at 100000 rows: file_full</c>; codes, as all that is in a file for programs.</summary>
    public IEnumerable<string> Lines => [.. counts.Select(c => $"# {c.Value} left out: {c.Key}"), .. cutAt is { } rows ? [$"# cut at {rows} rows: file_full"] : Array.Empty<string>()];
}
