using Wellmet.Segments.Histories;

namespace Wellmet.Segments.Rules;

/// <summary>Measures facts in a window, and knows when the passing of time alone turns the comparison.</summary>
/// <param name="measured">Number of the property that is measured or told apart; null where facts are counted.</param>
internal sealed class CompiledDid(Did rule, CompiledFilter filter, int? measured) : CompiledRule(rule)
{
    private readonly long last = rule.Window.Last is { } l ? (long)l.TotalMilliseconds : Verdict.Never;
    private readonly long before = rule.Window.Before is { } b ? (long)b.TotalMilliseconds : 0;
    private readonly bool different = rule.Measure == Measure.Different;

    public override IReadOnlySet<int> Kinds { get; } = filter.Kinds.ToHashSet();

    public override Verdict Ask(Moment moment)
    {
        if (rule.Measure == Measure.Count && rule.Window == Window.Ever && filter.Count(moment) is var count and >= 0)
        {
            return Verdict.Of(Compares(count));
        }
        var matches = moment.Rent();
        Find(moment, matches);
        var verdict = Judge(matches, moment.Now, out _);
        moment.Return(matches);
        return verdict;
    }

    public override Explanation Explain(Moment moment)
    {
        var matches = moment.Rent();
        Find(moment, matches);
        var verdict = Judge(matches, moment.Now, out var value);
        var when = matches.Where(m => Counts(m.At, moment.Now)).Select(m => m.At).ToList();
        moment.Return(matches);
        return Explained(verdict, value, when: rule.Measure switch { Measure.First => when.Order().Take(1), Measure.Last => when.OrderDescending().Take(1), _ => when });
    }

    /// <summary>The first and the last time are looked for among all times.</summary>
    private void Find(Moment moment, List<Match> matches) =>
        filter.Find(moment, rule.Measure is Measure.First or Measure.Last ? Window.Ever : rule.Window, different ? null : measured, different ? measured : null, matches);

    private bool Counts(long at, long now) => at + before <= now && (last == Verdict.Never || now < at + last) && !(Fact.Time(at) < rule.Window.Since) && !(Fact.Time(at) >= rule.Window.Until);

    private Verdict Judge(List<Match> matches, long now, out decimal? value)
    {
        value = null;
        if (rule.Measure is Measure.First or Measure.Last)
        {
            return JudgeOne(matches, now);
        }
        value = ValueAt(matches, now);
        var holds = Compares(value);
        return new Verdict(holds, NextChange(matches, now, holds));
    }

    private Verdict JudgeOne(List<Match> matches, long now)
    {
        var (found, future) = ((long?)null, Verdict.Never);
        foreach (var match in matches)
        {
            if (match.At > now)
            {
                future = Math.Min(future, match.At);
            }
            else if (found is null || (rule.Measure == Measure.First ? match.At < found : match.At > found))
            {
                found = match.At;
            }
        }
        if (found is not { } at)
        {
            return new Verdict(false, future);
        }
        var next = Math.Min(future, at + before > now ? at + before : last != Verdict.Never && at + last > now ? at + last : Verdict.Never);
        return new Verdict(Counts(at, now), next);
    }

    private decimal? ValueAt(List<Match> matches, long now)
    {
        var (count, sum, extreme) = (0, 0m, (decimal?)null);
        var hashes = different ? new HashSet<long>() : null;
        foreach (var match in matches)
        {
            if (match.At + before > now || (last != Verdict.Never && now >= match.At + last))
            {
                continue;
            }
            if (rule.Measure == Measure.Count)
            {
                count++;
            }
            else if (different)
            {
                if (match.Hash != 0)
                {
                    hashes!.Add(match.Hash);
                }
            }
            else if (match.Value is { } v)
            {
                count++;
                sum += v;
                extreme = extreme is not { } e ? v : rule.Measure == Measure.Smallest ? Math.Min(e, v) : Math.Max(e, v);
            }
        }
        return rule.Measure switch
        {
            Measure.Count => count,
            Measure.Different => hashes!.Count,
            Measure.Sum => sum,
            Measure.Average => count == 0 ? null : sum / count,
            _ => extreme,
        };
    }

    /// <summary>
    /// Counts and sums are followed from one moment at which a fact begins or ceases to count to the next, until the comparison turns; for the others the first such moment is told, which may turn nothing.
    /// </summary>
    private long NextChange(List<Match> matches, long now, bool holds)
    {
        if (last == Verdict.Never && before == 0 && !matches.Exists(m => m.At > now))
        {
            return Verdict.Never;
        }
        var moves = new List<(long At, decimal By)>(matches.Count * 2);
        var value = 0m;
        foreach (var match in matches)
        {
            var weight = rule.Measure == Measure.Count ? 1 : match.Value ?? 0;
            var (from, until) = (match.At + before, last == Verdict.Never ? Verdict.Never : match.At + last);
            if (until <= now)
            {
                continue;
            }
            if (from > now)
            {
                moves.Add((from, weight));
            }
            else
            {
                value += weight;
            }
            if (until != Verdict.Never)
            {
                moves.Add((until, -weight));
            }
        }
        if (moves.Count == 0)
        {
            return Verdict.Never;
        }
        moves.Sort(static (a, b) => a.At.CompareTo(b.At));
        if (rule.Measure is not (Measure.Count or Measure.Sum))
        {
            return moves[0].At;
        }
        for (var i = 0; i < moves.Count; i++)
        {
            value += moves[i].By;
            if ((i + 1 == moves.Count || moves[i + 1].At > moves[i].At) && Compares(value) != holds)
            {
                return moves[i].At;
            }
        }
        return Verdict.Never;
    }

    private bool Compares(decimal? value) => value is { } v && rule.Comparison switch
    {
        Comparison.AtLeast => v >= rule.Value,
        Comparison.AtMost => v <= rule.Value,
        Comparison.MoreThan => v > rule.Value,
        Comparison.LessThan => v < rule.Value,
        Comparison.Exactly => v == rule.Value,
        _ => v >= rule.Value && v <= rule.To,
    };
}
