namespace Wellmet.Insights.Home;

/// <summary>How finely a period is cut.</summary>
public enum Granularity
{
    Day,

    /// <summary>From Monday to Sunday.</summary>
    Week,
    Month,
}

/// <summary>A run of calendar days, both ends included.</summary>
public sealed record DayRange(DateOnly From, DateOnly To)
{
    public int Days => To.DayNumber - From.DayNumber + 1;

    /// <summary>The weeks or months within the range, the first and the last one cut at its ends.</summary>
    public IEnumerable<DayRange> Cut(Granularity by)
    {
        for (var from = From; from <= To;)
        {
            var next = StartOf(from, by) is var start && by switch
            {
                Granularity.Day => start.AddDays(1),
                Granularity.Week => start.AddDays(7),
                _ => start.AddMonths(1),
            } is var after ? after : default;
            yield return new DayRange(from, next.AddDays(-1) < To ? next.AddDays(-1) : To);
            from = next;
        }
    }

    /// <summary>First day of the day's week or month.</summary>
    public static DateOnly StartOf(DateOnly day, Granularity by) => by switch
    {
        Granularity.Day => day,
        Granularity.Week => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
        _ => new DateOnly(day.Year, day.Month, 1),
    };
}

/// <summary>The days whose figures are shown, and those they are compared with.</summary>
/// <param name="Key">7d, 30d, 90d, 12m, all or custom.</param>
/// <param name="Previous">As long, right before; null where the data does not reach back that far.</param>
/// <param name="Data">First and last day with a sale.</param>
/// <param name="Old">The last sale is more than 30 days ago, so periods end with it and not today.</param>
public sealed record Period(string Key, DayRange Range, DayRange? Previous, Granularity By, DayRange Data, bool Old)
{
    public const int OldAfterDays = 30;
    public static readonly IReadOnlyList<string> Keys = ["7d", "30d", "90d", "12m", "all"];
}
