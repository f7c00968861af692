using System.Globalization;
using Wellmet.Platform.Ui;
using Wellmet.Segments.Histories;

namespace Wellmet.Segments.Rules;

/// <summary>Says a rule in the viewer's words.</summary>
/// <param name="segments">Names of segments that a rule may name.</param>
public sealed class RuleWords(Words words, IReadOnlyDictionary<Guid, string> segments)
{
    /// <summary>One line; of a group only how its parts are joined.</summary>
    public string Of(Rule rule) => rule switch
    {
        AllOf { Rules.Count: 0 } => words["Everybody"],
        AllOf => words["All of these hold"],
        AnyOf => words["At least one of these holds"],
        Not not => words["Not: {0}", Of(not.Rule)],
        Did did => Of(did),
        Sequence sequence => Of(sequence),
        Trait trait => Of(trait.Name, trait.Test),
        InSegment other => words["Belongs to the segment {0}", segments.GetValueOrDefault(other.SegmentId, "?")],
        _ => "",
    };

    private string Of(Did did) => Join(Of(did.What), Measured(did), Of(did.Window));

    private string Measured(Did did) => did.Measure switch
    {
        Measure.Count when did is { Comparison: Comparison.AtLeast, Value: 1 } => "",
        Measure.Count => words["{0} times", Compared(did)],
        Measure.Sum => words["{0} in sum {1}", did.Of, Compared(did)],
        Measure.Average => words["{0} on average {1}", did.Of, Compared(did)],
        Measure.Smallest => words["smallest {0} {1}", did.Of, Compared(did)],
        Measure.Largest => words["largest {0} {1}", did.Of, Compared(did)],
        Measure.Different => words["different {0}: {1}", did.Of, Compared(did)],
        Measure.First => words["for the first time"],
        _ => words["for the last time"],
    };

    private string Compared(Did did) => did.Comparison switch
    {
        Comparison.AtLeast => words["at least {0}", Number(did.Value)],
        Comparison.AtMost => words["at most {0}", Number(did.Value)],
        Comparison.MoreThan => words["more than {0}", Number(did.Value)],
        Comparison.LessThan => words["less than {0}", Number(did.Value)],
        Comparison.Exactly => words["exactly {0}", Number(did.Value)],
        _ => words["{0} to {1}", Number(did.Value), Number(did.To ?? did.Value)],
    };

    private string Of(Sequence sequence)
    {
        var steps = sequence.Steps.Skip(1).Select(s => s.Happens ? words["then {0} within {1}", Of(s.What), Of(s.Within)] : words["then not {0} within {1}", Of(s.What), Of(s.Within)]);
        return Join([Of(sequence.Steps[0].What), .. steps, sequence.Same is { } same ? words["with the same {0}", same] : "", Of(sequence.Window)]);
    }

    private string Of(FactFilter filter) => filter.Where.Count == 0 ? filter.Kind : $"{filter.Kind} ({Join([.. filter.Where.Select(t => Of(t.Property, t.Test))])})";

    private string Of(string name, Test test) => test.Operator switch
    {
        TestOperator.Is => words["{0} is {1}", name, Values(test)],
        TestOperator.IsNot => words["{0} is not {1}", name, Values(test)],
        TestOperator.Contains => words["{0} contains {1}", name, Values(test)],
        TestOperator.DoesNotContain => words["{0} does not contain {1}", name, Values(test)],
        TestOperator.StartsWith => words["{0} begins with {1}", name, Values(test)],
        TestOperator.EndsWith => words["{0} ends with {1}", name, Values(test)],
        TestOperator.AtLeast => words["{0} is at least {1}", name, Values(test)],
        TestOperator.AtMost => words["{0} is at most {1}", name, Values(test)],
        TestOperator.MoreThan => words["{0} is more than {1}", name, Values(test)],
        TestOperator.LessThan => words["{0} is less than {1}", name, Values(test)],
        TestOperator.Between => words["{0} is between {1} and {2}", name, test.Values[0].ToString(), test.Values[1].ToString()],
        TestOperator.Exists => words["{0} is known", name],
        TestOperator.Missing => words["{0} is not known", name],
        TestOperator.InLastDays => words["{0} is in the last {1} days", name, Values(test)],
        TestOperator.InNextDays => words["{0} is in the next {1} days", name, Values(test)],
        TestOperator.MoreThanDaysAgo => words["{0} is more than {1} days ago", name, Values(test)],
        TestOperator.Before => words["{0} is before {1}", name, Values(test)],
        TestOperator.OnOrAfter => words["{0} is on {1} or later", name, Values(test)],
        _ => words["{0} comes round within {1} days", name, Values(test)],
    };

    private string Values(Test test) => string.Join(words[" or "], test.Values.Select(v => v.ToString()));

    private string Of(Window window) => Join(
        window.Last is { } last ? words["in the last {0}", Of(last)] : "", window.Before is { } before ? words["at least {0} ago", Of(before)] : "",
        window.Since is { } since ? words["since {0}", since] : "", window.Until is { } until ? words["until {0}", until] : "");

    private string Of(TimeSpan span) => span.Ticks % TimeSpan.TicksPerDay == 0 ? words.Count(span.Days, "{0} day", "{0} days")
        : span.Ticks % TimeSpan.TicksPerHour == 0 ? words.Count((long)span.TotalHours, "{0} hour", "{0} hours") : words.Count((long)span.TotalMinutes, "{0} minute", "{0} minutes");

    private string Join(params IReadOnlyList<string> parts) => string.Join(words[", "], parts.Where(p => p.Length > 0));

    private static string Number(decimal number) => number.ToString("G29", CultureInfo.InvariantCulture);
}
