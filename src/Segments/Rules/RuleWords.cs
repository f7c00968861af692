using Wellmet.Platform.Ui;
using Wellmet.Segments.Histories;

namespace Wellmet.Segments.Rules;

/// <summary>Rules in the viewer's language, a line for each: "viewed products where category is shoes, at least 2 times, in the last 30 days".</summary>
/// <param name="segments">Names of the segments and computed traits that rules may name.</param>
public sealed class RuleWords(Words words, Viewer viewer, IReadOnlyDictionary<Guid, string> segments)
{
    /// <summary>The rule itself; of a group, what is asked of the rules within.</summary>
    public string Line(Rule rule) => rule switch
    {
        AllOf { Rules.Count: 0 } => words["Everybody"],
        AllOf => words["All of these"],
        AnyOf => words["At least one of these"],
        Not => words["Not this"],
        Did did => Listed([Did(did.What), Measured(did), Window(did.Window)]),
        Sequence sequence => Listed([.. sequence.Steps.Select(Step), sequence.Same is { } same ? words["with the same {0}", same] : "", Window(sequence.Window)]),
        Trait { Name: CompiledAppearance.Anonymous, Test: { Operator: TestOperator.Is, Values: [{ Truth: false }] } } => words["somebody who is known"],
        Trait trait => Test(trait.Name, trait.Test),
        ComputedTrait computed => Test(segments.GetValueOrDefault(computed.TraitId, words["a computed trait that is gone"]), computed.Test),
        InSegment other => words["belongs to {0}", segments.GetValueOrDefault(other.SegmentId, words["a segment that is gone"])],
        Rules.Listed => words["was put on the list"],
        _ => "",
    };

    /// <summary>A computed trait: what is made of which facts, and how long each counts.</summary>
    public string Line(TraitFormula formula) => Listed([Aggregation(formula.Aggregation, formula.Of), Did(formula.What), Window(formula.Window)]);

    /// <param name="of">The property; null while none is named.</param>
    public string Aggregation(Aggregation aggregation, string? of) => (aggregation, of) switch
    {
        (Rules.Aggregation.Count, _) => words["How often"],
        (Rules.Aggregation.Sum, null) => words["Sum"],
        (Rules.Aggregation.Sum, _) => words["Sum of {0}", of],
        (Rules.Aggregation.Average, null) => words["Average"],
        (Rules.Aggregation.Average, _) => words["Average of {0}", of],
        (Rules.Aggregation.Smallest, null) => words["Smallest"],
        (Rules.Aggregation.Smallest, _) => words["Smallest {0}", of],
        (Rules.Aggregation.Largest, null) => words["Largest"],
        (Rules.Aggregation.Largest, _) => words["Largest {0}", of],
        (Rules.Aggregation.Different, null) => words["Number of different values"],
        (Rules.Aggregation.Different, _) => words["Number of different values of {0}", of],
        (Rules.Aggregation.First, null) => words["The first time"],
        (Rules.Aggregation.First, _) => words["First {0}", of],
        (Rules.Aggregation.Last, null) => words["The last time"],
        (Rules.Aggregation.Last, _) => words["Last {0}", of],
        (_, null) => words["Most frequent value"],
        _ => words["Most frequent {0}", of],
    };

    /// <summary>What a computed trait says.</summary>
    public string Value(FactValue value) => value switch
    {
        { Number: { } number } => Number(number),
        { Truth: { } truth } => truth ? words["yes"] : words["no"],
        _ => ComputedValue.TimeOf(value) is { } time ? viewer.DayAndTime(time) : value.ToString(),
    };

    public string Comparison(Comparison comparison) => comparison switch
    {
        Rules.Comparison.AtLeast => words["at least"],
        Rules.Comparison.AtMost => words["at most"],
        Rules.Comparison.MoreThan => words["more than"],
        Rules.Comparison.LessThan => words["less than"],
        Rules.Comparison.Exactly => words["exactly"],
        _ => words["between"],
    };

    public string Measure(Measure measure) => measure switch
    {
        Rules.Measure.Count => words["How often"],
        Rules.Measure.Sum => words["Sum"],
        Rules.Measure.Average => words["Average"],
        Rules.Measure.Smallest => words["Smallest"],
        Rules.Measure.Largest => words["Largest"],
        Rules.Measure.Different => words["Different values"],
        Rules.Measure.First => words["The first time"],
        _ => words["The last time"],
    };

    public string Operator(TestOperator op) => op switch
    {
        TestOperator.Is => words["is"],
        TestOperator.IsNot => words["is not"],
        TestOperator.Contains => words["contains"],
        TestOperator.DoesNotContain => words["does not contain"],
        TestOperator.StartsWith => words["begins with"],
        TestOperator.EndsWith => words["ends with"],
        TestOperator.AtLeast => words["at least"],
        TestOperator.AtMost => words["at most"],
        TestOperator.MoreThan => words["more than"],
        TestOperator.LessThan => words["less than"],
        TestOperator.Between => words["between"],
        TestOperator.Exists => words["is known"],
        TestOperator.Missing => words["is not known"],
        TestOperator.InLastDays => words["in the last days"],
        TestOperator.InNextDays => words["in the next days"],
        TestOperator.MoreThanDaysAgo => words["more days ago than"],
        TestOperator.Before => words["before the day"],
        TestOperator.OnOrAfter => words["on or after the day"],
        _ => words["anniversary within days"],
    };

    private string Did(FactFilter what)
    {
        var name = what.Kind switch
        {
            "Product Viewed" => words["viewed products"],
            "Product Added" => words["put products into the basket"],
            "Checkout Started" => words["began a checkout"],
            FactKinds.OrderPlaced => words["placed orders"],
            FactKinds.ProductOrdered => words["ordered products"],
            FactKinds.ItemsReturned => words["returned items"],
            FactKinds.PageViewed => words["viewed pages"],
            FactKinds.Appeared => words["were seen for the first time"],
            _ => words["did “{0}”", what.Kind],
        };
        return what.Where.Count == 0 ? name : words["{0} where {1}", name, string.Join(words[" and "], what.Where.Select(t => Test(t.Property, t.Test)))];
    }

    private string Measured(Did did)
    {
        var number = did.To is { } to ? words["between {0} and {1}", Number(did.Value), Number(to)] : words["{0} {1}", Comparison(did.Comparison), Number(did.Value)];
        return did.Measure switch
        {
            Rules.Measure.First => words["for the first time"],
            Rules.Measure.Last => words["for the last time"],
            Rules.Measure.Count when did is { Comparison: Rules.Comparison.AtMost, Value: 0 } or { Comparison: Rules.Comparison.Exactly, Value: 0 } => words["not once"],
            Rules.Measure.Count when did is { Comparison: Rules.Comparison.AtLeast, Value: 1 } => words["at least once"],
            Rules.Measure.Count => words["{0} times", number],
            Rules.Measure.Sum => words["sum of {0} {1}", did.Of, number],
            Rules.Measure.Average => words["average of {0} {1}", did.Of, number],
            Rules.Measure.Smallest => words["smallest {0} {1}", did.Of, number],
            Rules.Measure.Largest => words["largest {0} {1}", did.Of, number],
            _ => words["different values of {0} {1}", did.Of, number],
        };
    }

    private string Step(SequenceStep step, int index) => index == 0 ? Did(step.What)
        : step.Happens ? words["then within {0} {1}", Span(step.Within), Did(step.What)] : words["then not within {0} {1}", Span(step.Within), Did(step.What)];

    private string Test(string name, Test test)
    {
        var values = string.Join(words[" or "], test.Values.Select(v => v.ToString()));
        string Days() => words.Count((long)(test.Values[0].Number ?? 0), "{0} day", "{0} days");
        return test.Operator switch
        {
            TestOperator.Exists or TestOperator.Missing => words["{0} {1}", name, Operator(test.Operator)],
            TestOperator.Between => words["{0} between {1} and {2}", name, test.Values[0].ToString(), test.Values[1].ToString()],
            TestOperator.InLastDays => words["{0} in the last {1}", name, Days()],
            TestOperator.InNextDays => words["{0} in the next {1}", name, Days()],
            TestOperator.MoreThanDaysAgo => words["{0} more than {1} ago", name, Days()],
            TestOperator.Before => words["{0} before {1}", name, values],
            TestOperator.OnOrAfter => words["{0} on or after {1}", name, values],
            TestOperator.AnniversaryInDays => words["anniversary of {0} within {1}", name, Days()],
            _ => words["{0} {1} {2}", name, Operator(test.Operator), values],
        };
    }

    private string Window(Window window) => Listed([
        window.Last is { } last ? words["in the last {0}", Span(last)] : "",
        window.Before is { } before ? words["at least {0} ago", Span(before)] : "",
        window.Since is { } since ? words["since {0}", viewer.Day(since)] : "",
        window.Until is { } until ? words["before {0}", viewer.Day(until)] : ""]);

    private string Span(TimeSpan span) =>
        span.Ticks % TimeSpan.TicksPerDay == 0 ? words.Count(span.Days, "{0} day", "{0} days")
        : span.Ticks % TimeSpan.TicksPerHour == 0 ? words.Count((long)span.TotalHours, "{0} hour", "{0} hours")
        : words.Count((long)span.TotalMinutes, "{0} minute", "{0} minutes");

    private string Number(decimal number) => viewer.Number(number, number == decimal.Truncate(number) ? 0 : 2);

    private string Listed(IEnumerable<string> parts) => string.Join(words[", "], parts.Where(p => p.Length > 0));
}
