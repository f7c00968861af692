namespace Wellmet.Segments.Rules;

/// <summary>Whether a rule holds, and until when that stays so if nothing happens.</summary>
/// <param name="ChangesAt">Not before then can the passing of time alone change it (milliseconds since 1970); <see cref="Never"/> where it cannot.</param>
public readonly record struct Verdict(bool Holds, long ChangesAt)
{
    public const long Never = long.MaxValue;

    public static Verdict Of(bool holds) => new(holds, Never);

    /// <summary>
    /// Of rules that must all hold: while one is false, nothing changes before the last of the false ones may have become true; while all hold, before the first that may end.
    /// </summary>
    public static Verdict All(ReadOnlySpan<Verdict> verdicts)
    {
        var (holds, firstEnd, lastBegin) = (true, Never, long.MinValue);
        foreach (var verdict in verdicts)
        {
            if (verdict.Holds)
            {
                firstEnd = Math.Min(firstEnd, verdict.ChangesAt);
            }
            else
            {
                holds = false;
                lastBegin = Math.Max(lastBegin, verdict.ChangesAt);
            }
        }
        return holds ? new Verdict(true, firstEnd) : new Verdict(false, lastBegin);
    }

    public Verdict Negated => this with { Holds = !Holds };
}

/// <summary>A customer at a moment: the histories of their subjects, the time, and what was known by when. One object is used for many customers, one after the other.</summary>
public sealed class Moment
{
    private readonly Stack<List<Match>> spare = [];

    public IReadOnlyList<byte[]> Histories { get; set; } = [];

    /// <summary>Milliseconds since 1970.</summary>
    public long Now { get; set; }

    /// <summary>Facts that were heard of later do not exist.</summary>
    public long KnownBy { get; set; } = long.MaxValue;

    internal List<Match> Rent() => spare.Count > 0 ? spare.Pop() : new List<Match>(16);

    internal void Return(List<Match> list)
    {
        list.Clear();
        spare.Push(list);
    }
}

/// <summary>A fact that fits.</summary>
/// <param name="Value">Of the property that is measured; null where it has none, or nothing is measured.</param>
/// <param name="Hash">Of the property that is to be the same, or is counted; 0 for none.</param>
internal readonly record struct Match(long At, decimal? Value, long Hash);

/// <summary>Why a rule holds of somebody, or does not.</summary>
/// <param name="Measured">What was counted or added up; null where nothing is measured, or there was nothing to measure.</param>
/// <param name="Value">What a trait says, as text; null where it is missing, or the rule asks for none.</param>
/// <param name="When">The latest facts that fit and count, the latest first; at most <see cref="MostWhen"/>.</param>
/// <param name="ChangesAt">When time alone may change it; null for never.</param>
public sealed record Explanation(Rule Rule, bool Holds, decimal? Measured, string? Value, IReadOnlyList<DateTimeOffset> When, DateTimeOffset? ChangesAt, IReadOnlyList<Explanation> Children)
{
    public const int MostWhen = 5;

    /// <summary>Of a list: what was said of the customer last; null where nothing was.</summary>
    public ListWord? Word { get; init; }
}
