using Wellmet.Customers.Schema;

namespace Wellmet.Customers.Traits;

/// <summary>
/// How the history of one trait of one subject grows. Each source has a history of its own, and in it a run for each value until the next one: that says when a value began and that it was still said
/// later, without a row for every visit. Whatever the order of arrival, the first and the last statement of all and of each value come out the same, and by nothing else is chosen (<see cref="TraitChoice"/>).
/// </summary>
internal static class TraitRuns
{
    /// <summary>Of each kind of source so many runs are kept, and beyond them the first, the highest and the lowest.</summary>
    public const int MostKept = 50;

    /// <summary>The history with one more statement; the same list where it changes nothing.</summary>
    /// <param name="runs">Of one trait of one subject, in any order.</param>
    /// <param name="said">A run of one statement.</param>
    public static IReadOnlyList<TraitRun> Add(IReadOnlyList<TraitRun> runs, TraitRun said)
    {
        var voice = runs.Where(r => r.Source == said.Source && r.ImportId == said.ImportId).OrderBy(r => r.First).ToList();
        if (voice.Find(r => r.First <= said.First && said.First <= r.Last) is { } around)
        {
            return around.Value == said.Value || said.First.CompareTo(around.First) == 0 || said.First.CompareTo(around.Last) == 0
                ? runs
                : [.. runs.Where(r => r != around), around with { Last = around.First }, said, around with { First = around.Last }];
        }
        var before = voice.FindLast(r => r.Last < said.First);
        var after = voice.Find(r => r.First > said.First);
        if (before is not null && before.Value == said.Value)
        {
            var joined = after is not null && after.Value == said.Value ? after : null;
            return [.. runs.Where(r => r != before && r != joined), before with { Last = joined?.Last ?? said.Last, SourceId = joined?.SourceId ?? said.SourceId }];
        }
        return after is not null && after.Value == said.Value
            ? [.. runs.Where(r => r != after), after with { First = said.First }]
            : [.. runs, said];
    }

    /// <summary>The history without what is too much.</summary>
    public static IReadOnlyList<TraitRun> Bounded(IReadOnlyList<TraitRun> runs) => runs.Count <= MostKept ? runs : [.. runs.GroupBy(r => r.Source).SelectMany(Bounded)];

    private static IEnumerable<TraitRun> Bounded(IGrouping<TraitSource, TraitRun> source)
    {
        var latest = source.OrderByDescending(r => r.Last).ToList();
        if (latest.Count <= MostKept)
        {
            return latest;
        }
        var ordered = latest.Select(r => (Run: r, Order: TraitChoice.OrderOf(r))).Where(r => r.Order is not null).ToList();
        var kept = latest.Take(MostKept).Append(latest.MinBy(r => r.First)!);
        return ordered.Count == 0 ? kept.Distinct() : kept.Append(ordered.MaxBy(o => (o.Order, o.Run.Last)).Run).Append(ordered.MinBy(o => o.Order).Run).Distinct();
    }
}
