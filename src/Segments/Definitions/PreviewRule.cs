using Wellmet.Platform.Access;
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
public sealed class PreviewRule(EachCustomer everybody, SegmentBook book, CurrentActor actor, TimeProvider time)
{
    public const int MostExamples = 10;

    /// <summary>As long as somebody who edits may wait.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <exception cref="Platform.ProblemException"><c>rule_invalid</c>.</exception>
    public async Task<RulePreview> RunAsync(Rule rule, bool visitors, CancellationToken ct)
    {
        actor.Demand(SegmentsPermissions.Read);
        var opened = await book.OpenAsync(ct);
        var compiled = await book.CompileAsync([SegmentBook.Whole(rule, visitors), SegmentBook.Whole(new AllOf([]), visitors), .. PartsOf(rule)], opened.Around, ct);
        var (whole, known, parts) = (compiled[0], compiled[1], compiled.Skip(2).ToList());
        var moment = new Moment { Now = Fact.Milliseconds(time.GetUtcNow()) };
        var (size, asked, counts, examples) = (0L, 0L, new long[parts.Count], new List<Guid>());
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
        var scale = await everybody.VisitAsync(Ask, Patience, ct);
        return new RulePreview((long)Math.Round(size * scale), asked, (long)Math.Round(asked * scale), examples, [.. counts.Select(c => (long)Math.Round(c * scale))]);
    }

    /// <summary>The rule and its parts, depth first.</summary>
    public static IEnumerable<Rule> PartsOf(Rule rule) => rule.Children.SelectMany(PartsOf).Prepend(rule);
}
