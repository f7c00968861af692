using Wellmet.Segments.Histories;

namespace Wellmet.Segments.Rules;

/// <summary>A rule made ready to be asked of many: words are numbers, and who is in which catalogue group is looked up. Any number of threads may ask, each with a moment of its own.</summary>
public abstract class CompiledRule(Rule rule)
{
    public Rule Rule { get; } = rule;

    /// <summary>Numbers of the kinds of facts that can change the answer.</summary>
    public abstract IReadOnlySet<int> Kinds { get; }

    public abstract Verdict Ask(Moment moment);

    /// <summary>The same answer, with what it rests on.</summary>
    public abstract Explanation Explain(Moment moment);

    private protected Explanation Explained(Verdict verdict, decimal? measured = null, string? value = null, IEnumerable<long>? when = null, IReadOnlyList<Explanation>? children = null) => new(
        Rule, verdict.Holds, measured, value, [.. (when ?? []).OrderDescending().Take(Explanation.MostWhen).Select(Fact.Time)],
        verdict.ChangesAt is Verdict.Never or long.MinValue ? null : Fact.Time(verdict.ChangesAt), children ?? []);
}

/// <summary>All, any or none of several.</summary>
internal sealed class CompiledGroup(Rule rule, IReadOnlyList<CompiledRule> rules) : CompiledRule(rule)
{
    private readonly bool any = rule is AnyOf, negates = rule is Not;

    public override IReadOnlySet<int> Kinds { get; } = rules.SelectMany(r => r.Kinds).ToHashSet();

    public override Verdict Ask(Moment moment)
    {
        Span<Verdict> verdicts = stackalloc Verdict[rules.Count];
        for (var i = 0; i < rules.Count; i++)
        {
            verdicts[i] = rules[i].Ask(moment);
        }
        return Join(verdicts);
    }

    public override Explanation Explain(Moment moment)
    {
        var children = rules.Select(r => r.Explain(moment)).ToList();
        return Explained(Ask(moment), children: children);
    }

    /// <summary>By De Morgan: any of them is not all of their opposites.</summary>
    private Verdict Join(Span<Verdict> verdicts)
    {
        if (negates)
        {
            return verdicts[0].Negated;
        }
        if (!any)
        {
            return Verdict.All(verdicts);
        }
        for (var i = 0; i < verdicts.Length; i++)
        {
            verdicts[i] = verdicts[i].Negated;
        }
        return Verdict.All(verdicts).Negated;
    }
}

/// <summary>The rule of another segment, which this one names.</summary>
internal sealed class CompiledReference(InSegment rule, CompiledRule other) : CompiledRule(rule)
{
    public override IReadOnlySet<int> Kinds => other.Kinds;

    public override Verdict Ask(Moment moment) => other.Ask(moment);

    public override Explanation Explain(Moment moment) => Explained(other.Ask(moment), children: [other.Explain(moment)]);
}

/// <summary>A rule that names a segment that is gone: nobody is in it.</summary>
internal sealed class CompiledNothing(Rule rule) : CompiledRule(rule)
{
    public override IReadOnlySet<int> Kinds { get; } = new HashSet<int>();

    public override Verdict Ask(Moment moment) => Verdict.Of(false);

    public override Explanation Explain(Moment moment) => Explained(Verdict.Of(false));
}
