using System.Diagnostics;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Segments.Contract;
using Wellmet.Segments.Histories;
using Wellmet.Segments.Members;
using Wellmet.Segments.Rules;

namespace Wellmet.Segments.Definitions;

/// <summary>Whom a rule would hold of now.</summary>
/// <param name="Size">Customers; an estimate where not everybody was asked.</param>
/// <param name="Asked">Customers who were asked; the answer of all where it is <paramref name="Total"/>.</param>
/// <param name="Total">Customers (visitors only where they may belong).</param>
/// <param name="Examples">Some who would belong.</param>
/// <param name="Counts">Of how many each part of the rule holds by itself, likewise: the rule itself first, then its parts in the order in which they are written, depth first.</param>
public sealed record RulePreview(long Size, long Asked, long Total, IReadOnlyList<Guid> Examples, IReadOnlyList<long> Counts)
{
    public bool IsExact => Asked == Total;
}

/// <summary>Asks a rule of everybody, or, where there are too many to ask while somebody waits, of some.</summary>
public sealed class PreviewRule(Database database, Vocabulary vocabulary, SegmentBook book, CurrentActor actor, TimeProvider time)
{
    public const int MostExamples = 10;

    /// <summary>As long as somebody who edits may wait.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <exception cref="Platform.ProblemException"><c>rule_invalid</c>.</exception>
    public async Task<RulePreview> RunAsync(Rule rule, bool visitors, CancellationToken ct)
    {
        actor.Demand(SegmentsPermissions.Read);
        var opened = await book.OpenAsync(ct);
        var compiled = await book.CompileAsync([SegmentBook.Whole(rule, visitors), SegmentBook.Whole(new AllOf([]), visitors), .. PartsOf(rule)], opened.Around, ct);
        var (whole, known, parts) = (compiled[0], compiled[1], compiled.Skip(2).ToList());
        var (moment, started) = (new Moment { Now = Fact.Milliseconds(time.GetUtcNow()) }, Stopwatch.GetTimestamp());
        var (size, asked, counts, examples, rows) = (0L, 0L, new long[parts.Count], new List<Guid>(), 0L);
        var several = new Dictionary<Guid, List<byte[]>>();
        void Ask(Guid customer, IReadOnlyList<byte[]> histories)
        {
            moment.Histories = histories;
            if (!known.Ask(moment).Holds)
            {
                return;
            }
            asked++;
            for (var i = 0; i < parts.Count; i++)
            {
                counts[i] += parts[i].Ask(moment).Holds ? 1 : 0;
            }
            if (whole.Ask(moment).Holds)
            {
                size++;
                if (examples.Count < MostExamples)
                {
                    examples.Add(customer);
                }
            }
        }
        var merged = await database.ReadAsync(async s => (await s.QueryAsync("select distinct customer_id from segments_histories where customer_id <> subject_id", null, r => r.Guid(0), ct)).ToHashSet(), ct);
        var histories = await database.ReadAsync(s => s.CountAsync("select count(*) from segments_histories", null, ct), ct);
        await database.ReadAsync(s => vocabulary.ReadAsync(s, ct), ct);
        // The latest first: ids begin with the time.
        var after = Guid.AllBitsSet;
        while (Stopwatch.GetElapsedTime(started) < Patience)
        {
            var page = await database.ReadAsync(s => s.QueryAsync("select subject_id, customer_id, revised, facts from segments_histories where subject_id < @after order by subject_id desc limit 5000", new { after }, HistoryStore.Read, ct), ct);
            foreach (var history in page)
            {
                if (merged.Contains(history.CustomerId))
                {
                    (several.TryGetValue(history.CustomerId, out var set) ? set : several[history.CustomerId] = []).Add(history.Facts);
                }
                else
                {
                    Ask(history.CustomerId, [history.Facts]);
                }
            }
            rows += page.Count;
            if (page.Count < 5000)
            {
                break;
            }
            after = page[^1].SubjectId;
        }
        // Of those with several subjects some may not have been read, where the time was over before.
        foreach (var (customer, set) in rows >= histories ? several : [])
        {
            Ask(customer, set);
        }
        var scale = rows >= histories || rows == 0 ? 1 : (double)histories / rows;
        return new RulePreview((long)Math.Round(size * scale), asked, (long)Math.Round(asked * scale), examples, [.. counts.Select(c => (long)Math.Round(c * scale))]);
    }

    /// <summary>The rule and its parts, depth first.</summary>
    public static IEnumerable<Rule> PartsOf(Rule rule) => rule.Children.SelectMany(PartsOf).Prepend(rule);
}
