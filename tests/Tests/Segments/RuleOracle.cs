using System.Globalization;
using Wellmet.Segments.Histories;
using Wellmet.Segments.Rules;

namespace Wellmet.Tests.Segments;

/// <summary>Says whether a rule holds in the plainest way: every fact is looked at, one moment at a time.</summary>
internal static class RuleOracle
{
    public static bool Holds(Rule rule, IReadOnlyList<Fact> facts, long now) => rule switch
    {
        AllOf all => all.Rules.All(r => Holds(r, facts, now)),
        AnyOf any => any.Rules.Any(r => Holds(r, facts, now)),
        Not not => !Holds(not.Rule, facts, now),
        Did did => Did(did, facts, now),
        Sequence sequence => Sequence(sequence, facts, now),
        Trait trait => Trait(trait, facts, now),
        _ => throw new NotSupportedException(),
    };

    private static bool Did(Did did, IReadOnlyList<Fact> facts, long now)
    {
        var fit = facts.Where(f => Fits(did.What, f)).ToList();
        if (did.Measure is Measure.First or Measure.Last)
        {
            var past = fit.Where(f => f.At <= now).OrderBy(f => f.At).ToList();
            return past.Count > 0 && Inside(did.Window, (did.Measure == Measure.First ? past[0] : past[^1]).At, now);
        }
        var inside = fit.Where(f => Inside(did.Window, f.At, now)).ToList();
        var values = did.Of is null ? [] : inside.Select(f => Property(f, did.Of)).ToList();
        var numbers = values.Where(v => v?.Number is not null).Select(v => v!.Value.Number!.Value).ToList();
        decimal? measured = did.Measure switch
        {
            Measure.Count => inside.Count,
            Measure.Sum => numbers.Sum(),
            Measure.Average => numbers.Count == 0 ? null : numbers.Average(),
            Measure.Smallest => numbers.Count == 0 ? null : numbers.Min(),
            Measure.Largest => numbers.Count == 0 ? null : numbers.Max(),
            _ => values.Where(v => v is not null).Select(v => v.ToString()).Distinct().Count(),
        };
        return measured is { } m && did.Comparison switch
        {
            Comparison.AtLeast => m >= did.Value,
            Comparison.AtMost => m <= did.Value,
            Comparison.MoreThan => m > did.Value,
            Comparison.LessThan => m < did.Value,
            Comparison.Exactly => m == did.Value,
            _ => m >= did.Value && m <= did.To,
        };
    }

    private static bool Sequence(Sequence rule, IReadOnlyList<Fact> facts, long now)
    {
        return facts.Any(first => Fits(rule.Steps[0].What, first) && Inside(rule.Window, first.At, now) && (rule.Same is null || Property(first, rule.Same) is not null) && Next(1, first));

        bool Next(int step, Fact before)
        {
            if (step == rule.Steps.Count)
            {
                return true;
            }
            var end = before.At + (long)rule.Steps[step].Within.TotalMilliseconds;
            var after = facts.Where(f => Fits(rule.Steps[step].What, f) && f.At > before.At && f.At <= end && f.At <= now
                && (rule.Same is null || Property(f, rule.Same)?.ToString() == Property(before, rule.Same)?.ToString()));
            return rule.Steps[step].Happens ? after.Any(f => Next(step + 1, f)) : now >= end && !after.Any();
        }
    }

    private static bool Trait(Trait trait, IReadOnlyList<Fact> facts, long now)
    {
        var value = facts.Where(f => f.Kind == FactKinds.Trait + trait.Name && f.At <= now).OrderByDescending(f => Property(f, FactKinds.Weight)?.Number ?? 0).ThenByDescending(f => f.At).ThenByDescending(f => f.Seq)
            .Select(f => Property(f, FactKinds.Value)).FirstOrDefault();
        if (value is not { } said)
        {
            return trait.Test.Operator is TestOperator.IsNot or TestOperator.Missing or TestOperator.DoesNotContain;
        }
        if (!TestOperators.DependsOnTime(trait.Test.Operator))
        {
            return Test(trait.Test, said);
        }
        var days = (double)trait.Test.Values[0].Number!.Value;
        var (time, at) = (DateTimeOffset.Parse(said.Text!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal), Fact.Time(now));
        return trait.Test.Operator switch
        {
            TestOperator.InLastDays => time <= at && at < time.AddDays(days),
            TestOperator.InNextDays => time.AddDays(-days) <= at && at < time,
            TestOperator.MoreThanDaysAgo => at >= time.AddDays(days),
            _ => Enumerable.Range(0, (int)days + 1).Any(d => at.UtcDateTime.Date.AddDays(d) is var day && (day.Month, day.Day) == (time.Month, time.Day)
                || time is { Month: 2, Day: 29 } && !DateTime.IsLeapYear(at.UtcDateTime.Date.AddDays(d).Year) && at.UtcDateTime.Date.AddDays(d) is { Month: 3, Day: 1 }),
        };
    }

    private static bool Inside(Window window, long at, long now) =>
        now >= at + (long)(window.Before ?? TimeSpan.Zero).TotalMilliseconds
        && (window.Last is not { } last || now < at + (long)last.TotalMilliseconds)
        && (window.Since is not { } since || at >= Fact.Milliseconds(since))
        && (window.Until is not { } until || at < Fact.Milliseconds(until))
        && at <= now;

    public static bool Fits(FactFilter filter, Fact fact) => fact.Kind == filter.Kind && filter.Where.All(t => Property(fact, t.Property) is { } value
        ? Test(t.Test, value) : t.Test.Operator is TestOperator.IsNot or TestOperator.Missing or TestOperator.DoesNotContain);

    private static bool Test(Test test, FactValue value) => test.Operator switch
    {
        TestOperator.Is => test.Values.Any(v => Same(v, value)),
        TestOperator.IsNot => !test.Values.Any(v => Same(v, value)),
        TestOperator.Contains => test.Values.Any(v => Text(value).Contains(Text(v), StringComparison.Ordinal)),
        TestOperator.DoesNotContain => !test.Values.Any(v => Text(value).Contains(Text(v), StringComparison.Ordinal)),
        TestOperator.StartsWith => test.Values.Any(v => Text(value).StartsWith(Text(v), StringComparison.Ordinal)),
        TestOperator.EndsWith => test.Values.Any(v => Text(value).EndsWith(Text(v), StringComparison.Ordinal)),
        TestOperator.Exists => true,
        TestOperator.Missing => false,
        TestOperator.AtLeast => value.Number >= test.Values[0].Number,
        TestOperator.AtMost => value.Number <= test.Values[0].Number,
        TestOperator.MoreThan => value.Number > test.Values[0].Number,
        TestOperator.LessThan => value.Number < test.Values[0].Number,
        TestOperator.Between => value.Number >= test.Values[0].Number && value.Number <= test.Values[1].Number,
        TestOperator.Before => Day(value) < Day(test.Values[0]),
        _ => Day(value) >= Day(test.Values[0]),
    };

    private static DateTimeOffset Day(FactValue value) => DateTimeOffset.TryParse(value.Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day) ? day : default;

    private static bool Same(FactValue a, FactValue b) => a.Number is { } n && b.Number is { } m ? n == m : Text(a) == Text(b);

    private static string Text(FactValue value) => value.ToString().ToLowerInvariant();

    public static FactValue? Property(Fact fact, string name) => fact.Properties.Where(p => p.Name == name).Select(p => (FactValue?)p.Value).FirstOrDefault();
}
