using Wellmet.Segments.Histories;

namespace Wellmet.Segments.Rules;

/// <summary>
/// Who belongs to a segment. A rule is true or false of a customer at a moment, by what is known of them then; the same rule is asked when something happens, when time passes, for everybody
/// at once, and to explain. Windows of days are spans of 24 hours that end at the moment.
/// </summary>
public abstract record Rule
{
    /// <summary>Deepest nesting.</summary>
    public const int MostLevels = 8;

    /// <summary>Most rules in one segment, groups included.</summary>
    public const int MostRules = 60;

    /// <summary>The rules within.</summary>
    public virtual IReadOnlyList<Rule> Children => [];
}

/// <summary>All of them hold; with none, everybody belongs.</summary>
public sealed record AllOf(IReadOnlyList<Rule> Rules) : Rule
{
    public override IReadOnlyList<Rule> Children => Rules;
}

/// <summary>At least one of them holds.</summary>
public sealed record AnyOf(IReadOnlyList<Rule> Rules) : Rule
{
    public override IReadOnlyList<Rule> Children => Rules;
}

/// <summary>It does not hold.</summary>
public sealed record Not(Rule Rule) : Rule
{
    public override IReadOnlyList<Rule> Children => [Rule];
}

/// <summary>What is measured over the facts that fit, in their window, and how it compares.</summary>
/// <param name="Of">The property that is added up, averaged…; null for <see cref="Measure.Count"/>, <see cref="Measure.First"/> and <see cref="Measure.Last"/>.</param>
/// <param name="Value">Compared with; with <see cref="Comparison.Between"/> the lower end. First and Last are not compared: they ask whether that fact lies in the window.</param>
/// <param name="To">The upper end of <see cref="Comparison.Between"/>, included.</param>
public sealed record Did(FactFilter What, Measure Measure, string? Of, Comparison Comparison, decimal Value, decimal? To, Window Window) : Rule;

/// <summary>What is measured of facts that fit.</summary>
public enum Measure
{
    /// <summary>How often.</summary>
    Count,
    Sum,

    /// <summary>Of none, the comparison is false, as with smallest and largest.</summary>
    Average,
    Smallest,
    Largest,

    /// <summary>How many different values.</summary>
    Different,

    /// <summary>The first time ever lies in the window.</summary>
    First,

    /// <summary>The last time lies in the window.</summary>
    Last,
}

/// <summary>How what was measured is compared.</summary>
public enum Comparison
{
    AtLeast,
    AtMost,
    MoreThan,
    LessThan,
    Exactly,
    Between,
}

/// <summary>
/// One thing, then another, each at most some time after the one before. Where the last is not to happen, the rule becomes true when its time is over without it.
/// </summary>
/// <param name="Same">A property that is the same in all steps, e.g. the product; null for any.</param>
/// <param name="Window">When the first thing happened.</param>
public sealed record Sequence(IReadOnlyList<SequenceStep> Steps, string? Same, Window Window) : Rule
{
    public const int MostSteps = 5;
}

/// <param name="Within">After the step before; the first step's is not looked at.</param>
/// <param name="Happens">False for the last step where it must not happen.</param>
public sealed record SequenceStep(FactFilter What, TimeSpan Within, bool Happens = true);

/// <summary>What is known of the person: country, language, a consent, a list they are on, something that the shop tells of them.</summary>
public sealed record Trait(string Name, Test Test) : Rule;

/// <summary>Belongs to another segment.</summary>
public sealed record InSegment(Guid SegmentId) : Rule;

/// <summary>Is on a list, by the latest word about it. Only the list itself has this rule; others name the list with <see cref="InSegment"/>.</summary>
public sealed record Listed(Guid ListId) : Rule;

/// <summary>Facts of a kind whose properties fit.</summary>
public sealed record FactFilter(string Kind, IReadOnlyList<PropertyTest> Where)
{
    public const int MostTests = 10;
}

/// <param name="Property">Of the fact. Of a product that was ordered also <c>category</c>, <c>brand</c>, <c>type</c>, <c>name</c>, <c>sku</c> and <c>seller</c>, as the catalogue has them.</param>
public sealed record PropertyTest(string Property, Test Test);

/// <summary>What a value is tested for. Texts are compared without regard to upper and lower case. What is missing is not anything, does not contain anything, and is missing.</summary>
/// <param name="Values">Texts, numbers, days (yyyy-MM-dd) or spans of days, as the operator wants them; see <see cref="TestOperators"/>.</param>
public sealed record Test(TestOperator Operator, IReadOnlyList<FactValue> Values)
{
    /// <summary>Most values of one test.</summary>
    public const int MostValues = 500;
}

/// <summary>What a value is tested for.</summary>
public enum TestOperator
{
    Is,
    IsNot,
    Contains,
    DoesNotContain,
    StartsWith,
    EndsWith,
    AtLeast,
    AtMost,
    MoreThan,
    LessThan,
    Between,
    Exists,
    Missing,

    /// <summary>A time in the last so many days.</summary>
    InLastDays,

    /// <summary>A time in the next so many days.</summary>
    InNextDays,

    /// <summary>A time more than so many days ago.</summary>
    MoreThanDaysAgo,

    /// <summary>A time before a day (UTC).</summary>
    Before,

    /// <summary>A time on a day or after it (UTC).</summary>
    OnOrAfter,

    /// <summary>A day whose anniversary is today or within so many days: a birthday. 29 February is kept on 1 March in other years.</summary>
    AnniversaryInDays,
}

/// <summary>How many values operators want.</summary>
public static class TestOperators
{
    /// <summary>Least and most values.</summary>
    public static (int Least, int Most) ValuesOf(TestOperator op) => op switch
    {
        TestOperator.Exists or TestOperator.Missing => (0, 0),
        TestOperator.Is or TestOperator.IsNot or TestOperator.Contains or TestOperator.DoesNotContain or TestOperator.StartsWith or TestOperator.EndsWith => (1, Test.MostValues),
        TestOperator.Between => (2, 2),
        _ => (1, 1),
    };

    public static bool IsOfNumbers(TestOperator op) => op is TestOperator.AtLeast or TestOperator.AtMost or TestOperator.MoreThan or TestOperator.LessThan or TestOperator.Between
        or TestOperator.InLastDays or TestOperator.InNextDays or TestOperator.MoreThanDaysAgo or TestOperator.AnniversaryInDays;

    /// <summary>Whether the value is a day, yyyy-MM-dd.</summary>
    public static bool IsOfDays(TestOperator op) => op is TestOperator.Before or TestOperator.OnOrAfter;

    /// <summary>Whether the answer may change by the passing of time alone.</summary>
    public static bool DependsOnTime(TestOperator op) => op is TestOperator.InLastDays or TestOperator.InNextDays or TestOperator.MoreThanDaysAgo or TestOperator.AnniversaryInDays;
}

/// <summary>
/// When facts count: those not more than <paramref name="Last"/> ago, or at least <paramref name="Before"/> ago, or on certain days. All null: always.
/// </summary>
/// <param name="Last">A fact counts until so long after it happened.</param>
/// <param name="Before">A fact counts from so long after it happened.</param>
/// <param name="Since">First moment, included.</param>
/// <param name="Until">End, not included.</param>
public sealed record Window(TimeSpan? Last = null, TimeSpan? Before = null, DateTimeOffset? Since = null, DateTimeOffset? Until = null)
{
    public static readonly Window Ever = new();

    /// <summary>Longest span.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(3660);
}
