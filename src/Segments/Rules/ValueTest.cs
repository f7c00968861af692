using System.Globalization;
using Wellmet.Segments.Histories;

namespace Wellmet.Segments.Rules;

/// <summary>Whether a value passes a test.</summary>
internal static class ValueTest
{
    /// <summary>Of tests that do not depend on the time.</summary>
    /// <param name="value">Null where it is missing.</param>
    public static bool Holds(Test test, FactValue? value) => test.Operator switch
    {
        TestOperator.Is => value is { } v && IsAny(test, v),
        TestOperator.IsNot => value is not { } v || !IsAny(test, v),
        TestOperator.Contains => Any(test, value, static (text, part) => text.Contains(part, StringComparison.OrdinalIgnoreCase)),
        TestOperator.DoesNotContain => !Any(test, value, static (text, part) => text.Contains(part, StringComparison.OrdinalIgnoreCase)),
        TestOperator.StartsWith => Any(test, value, static (text, part) => text.StartsWith(part, StringComparison.OrdinalIgnoreCase)),
        TestOperator.EndsWith => Any(test, value, static (text, part) => text.EndsWith(part, StringComparison.OrdinalIgnoreCase)),
        TestOperator.Exists => value is not null,
        TestOperator.Missing => value is null,
        TestOperator.Before => TimeOf(value) is { } at && at < DayOf(test),
        TestOperator.OnOrAfter => TimeOf(value) is { } at && at >= DayOf(test),
        _ => NumberOf(value) is { } number && HoldsNumber(test, number),
    };

    /// <summary>Likewise, of a number.</summary>
    public static bool HoldsNumber(Test test, decimal number) => test.Operator switch
    {
        TestOperator.AtLeast => number >= test.Values[0].Number,
        TestOperator.AtMost => number <= test.Values[0].Number,
        TestOperator.MoreThan => number > test.Values[0].Number,
        TestOperator.LessThan => number < test.Values[0].Number,
        TestOperator.Between => number >= test.Values[0].Number && number <= test.Values[1].Number,
        _ => Holds(test, FactValue.Of(number)),
    };

    /// <summary>Of any test, and until when that stays so.</summary>
    /// <param name="now">Milliseconds since 1970.</param>
    public static Verdict At(Test test, FactValue? value, long now)
    {
        if (!TestOperators.DependsOnTime(test.Operator))
        {
            return Verdict.Of(Holds(test, value));
        }
        if (test.Operator is TestOperator.AnniversaryInDays && DayOfYear(value) is { } day)
        {
            return Anniversary(now, day, (int)(test.Values[0].Number ?? 0));
        }
        if (TimeOf(value) is not { } time)
        {
            return Verdict.Of(false);
        }
        const long Day = 86_400_000;
        var days = test.Values[0].Number ?? 0;
        var span = (long)(days * Day);
        return test.Operator switch
        {
            TestOperator.InLastDays => Inside(now, time, time + span),
            TestOperator.InNextDays => Inside(now, time - span, time),
            TestOperator.MoreThanDaysAgo => Inside(now, time + span, Verdict.Never),
            _ => Anniversary(now, DateOnly.FromDateTime(Fact.Time(time).UtcDateTime), (int)days),
        };
    }

    /// <summary>True from one moment until another.</summary>
    private static Verdict Inside(long now, long from, long until) => now < from ? new Verdict(false, from) : now < until ? new Verdict(true, until) : Verdict.Of(false);

    private static Verdict Anniversary(long now, DateOnly day, int within)
    {
        var today = DateOnly.FromDateTime(Fact.Time(now).UtcDateTime);
        var next = Of(day, today.Year) is var this_ && this_ >= today ? this_ : Of(day, today.Year + 1);
        var begins = next.AddDays(-within);
        return today >= begins ? new Verdict(true, Begin(next.AddDays(1))) : new Verdict(false, Begin(begins));

        static DateOnly Of(DateOnly day, int year) => day is { Month: 2, Day: 29 } && !DateTime.IsLeapYear(year) ? new DateOnly(year, 3, 1) : new DateOnly(year, day.Month, day.Day);
        static long Begin(DateOnly day) => new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeMilliseconds();
    }

    private static bool IsAny(Test test, FactValue value)
    {
        foreach (var wanted in test.Values)
        {
            if (value.Number is { } number && wanted.Number is { } other ? number == other : string.Equals(value.ToString(), wanted.ToString(), StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }
        return false;
    }

    private static bool Any(Test test, FactValue? value, Func<string, string, bool> fits)
    {
        if (value?.ToString() is not { } text)
        {
            return false;
        }
        foreach (var part in test.Values)
        {
            if (fits(text, part.ToString()))
            {
                return true;
            }
        }
        return false;
    }

    private static decimal? NumberOf(FactValue? value) => value?.Number
        ?? (decimal.TryParse(value?.Text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null);

    /// <summary>A day or a time, as text.</summary>
    private static long? TimeOf(FactValue? value) =>
        DateTimeOffset.TryParse(value?.Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? Fact.Milliseconds(time) : null;

    /// <summary>A month and a day without a year (<c>--01-31</c>, as vCard writes them), in a leap year; no other test understands it.</summary>
    private static DateOnly? DayOfYear(FactValue? value) => value?.Text is { Length: 7 } text && text.StartsWith("--", StringComparison.Ordinal)
        && DateOnly.TryParseExact("2000-" + text[2..], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static long DayOf(Test test) => TimeOf(test.Values[0]) ?? 0;
}
