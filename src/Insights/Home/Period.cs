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

    /// <summary>The days, weeks or months within the range, the first and the last one cut at its ends.</summary>
    public IEnumerable<DayRange> Cut(Granularity by)
    {
        for (var from = From; from <= To; from = NextStart(from, by))
        {
            var last = NextStart(from, by).AddDays(-1);
            yield return new DayRange(from, last < To ? last : To);
        }
    }

    /// <summary>The whole week or month of a day.</summary>
    public static DayRange Whole(DateOnly day, Granularity by) => new(StartOf(day, by), NextStart(day, by).AddDays(-1));

    /// <summary>The whole calendar months within the range; null where there is none.</summary>
    public DayRange? WholeMonths()
    {
        var first = From.Day == 1 ? From : NextStart(From, Granularity.Month);
        var after = StartOf(To.AddDays(1), Granularity.Month);
        return first < after ? new DayRange(first, after.AddDays(-1)) : null;
    }

    /// <summary>First day of the day's week or month.</summary>
    public static DateOnly StartOf(DateOnly day, Granularity by) => by switch
    {
        Granularity.Day => day,
        Granularity.Week => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
        _ => new DateOnly(day.Year, day.Month, 1),
    };

    private static DateOnly NextStart(DateOnly day, Granularity by) => by switch
    {
        Granularity.Day => day.AddDays(1),
        Granularity.Week => StartOf(day, by).AddDays(7),
        _ => StartOf(day, by).AddMonths(1),
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
