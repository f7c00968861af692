using Wellmet.Segments.Histories;

namespace Wellmet.Segments.Rules;

/// <summary>One thing, then another in time; or then not.</summary>
/// <param name="same">Number of the property that is the same in all steps; null for any.</param>
internal sealed class CompiledSequence(Sequence rule, IReadOnlyList<CompiledFilter> steps, int? same) : CompiledRule(rule)
{
    private readonly long last = rule.Window.Last is { } l ? (long)l.TotalMilliseconds : Verdict.Never;
    private readonly long before = rule.Window.Before is { } b ? (long)b.TotalMilliseconds : 0;
    private readonly long[] within = [.. rule.Steps.Select(s => (long)s.Within.TotalMilliseconds)];
    private readonly bool endsWithout = !rule.Steps[^1].Happens;

    public override IReadOnlySet<int> Kinds { get; } = steps.SelectMany(s => s.Kinds).ToHashSet();

    public override Verdict Ask(Moment moment) => Judge(moment, null);

    public override Explanation Explain(Moment moment)
    {
        var when = new List<long>();
        return Explained(Judge(moment, when), when: when);
    }

    /// <param name="fulfilled">Where it is given, takes the times at which fulfilled sequences began.</param>
    private Verdict Judge(Moment moment, List<long>? fulfilled)
    {
        var found = new List<Match>[steps.Count];
        for (var i = 0; i < steps.Count; i++)
        {
            found[i] = moment.Rent();
            steps[i].Find(moment, i == 0 ? rule.Window with { Before = null } : Window.Ever, null, same, found[i]);
            found[i].Sort(static (a, b) => a.At.CompareTo(b.At));
        }
        var search = new Search(found, within, endsWithout, same is not null, moment.Now);
        var (lastEnd, next) = (long.MinValue, Verdict.Never);
        foreach (var first in found[0])
        {
            var (from, until) = (first.At + before, last == Verdict.Never ? Verdict.Never : first.At + last);
            if (from > moment.Now)
            {
                next = Math.Min(next, from);
            }
            else if (search.Fulfilled(first))
            {
                lastEnd = Math.Max(lastEnd, until);
                fulfilled?.Add(first.At);
            }
        }
        next = Math.Min(next, search.Next);
        foreach (var list in found)
        {
            moment.Return(list);
        }
        return lastEnd > long.MinValue ? new Verdict(true, lastEnd) : new Verdict(false, next);
    }

    /// <summary>Looks for the steps after a first one. What lies in the future has not happened, and may turn the answer then.</summary>
    private sealed class Search(List<Match>[] found, long[] within, bool endsWithout, bool same, long now)
    {
        /// <summary>When the passing of time may fulfil a sequence that is not.</summary>
        public long Next { get; private set; } = Verdict.Never;

        public bool Fulfilled(Match first) => (!same || first.Hash != 0) && From(1, first.At, first.Hash);

        private bool From(int step, long after, long hash)
        {
            if (step == found.Length)
            {
                return true;
            }
            var (end, without) = (after + within[step], endsWithout && step == found.Length - 1);
            for (var i = FirstAfter(found[step], after); i < found[step].Count && found[step][i].At <= end; i++)
            {
                var match = found[step][i];
                if (same && match.Hash != hash)
                {
                    continue;
                }
                if (match.At > now)
                {
                    Next = Math.Min(Next, match.At);
                    break;
                }
                if (without)
                {
                    return false;
                }
                if (From(step + 1, match.At, hash))
                {
                    return true;
                }
            }
            if (without && end > now)
            {
                Next = Math.Min(Next, end);
            }
            return without && end <= now;
        }

        private static int FirstAfter(List<Match> sorted, long after)
        {
            var (low, high) = (0, sorted.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = sorted[middle].At > after ? (low, middle) : (middle + 1, high);
            }
            return low;
        }
    }
}
