using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Wellmet.Customers.Contract;

namespace Wellmet.Tests.Customers;

/// <summary>How files write numbers and dates.</summary>
public sealed class ImportFormatTest
{
    private static readonly ImportFormat Point = new(false, true), Comma = new(true, true), American = new(false, false);

    [Theory]
    [InlineData("3.39", 3.39)]
    [InlineData("1,234.50", 1234.5)]
    [InlineData("£ 1,234.50", 1234.5)]
    [InlineData("-$5", -5.0)]
    [InlineData("(5.00)", -5.0)]
    [InlineData("12元", 12.0)]
    [InlineData("1,23", null)]
    [InlineData("1.2.3", null)]
    [InlineData("NaN", null)]
    [InlineData("1e5", null)]
    [InlineData("", null)]
    [InlineData("-", null)]
    [InlineData("99999999999999999999999999999999999999999999", null)]
    public void Numbers_with_a_point(string cell, double? expected) => Point.Number(cell).ShouldBe((decimal?)expected);

    [Theory]
    [InlineData("3,39", 3.39)]
    [InlineData("1.234,50", 1234.5)]
    [InlineData("1.234", 1234.0)]
    [InlineData("1.23", null)]
    [InlineData("12", 12.0)]
    public void Numbers_with_a_comma(string cell, double? expected) => Comma.Number(cell).ShouldBe((decimal?)expected);

    [Theory]
    [InlineData("2010-12-01 08:26:00", "2010-12-01T08:26:00")]
    [InlineData("2010-12-01T08:26:00+01:00", "2010-12-01T07:26:00")]
    [InlineData("2026/1/2", "2026-01-02T00:00:00")]
    [InlineData("2026年1月2日 3:04", "2026-01-02T03:04:00")]
    [InlineData("31/12/2025", "2025-12-31T00:00:00")]
    [InlineData("02.03.2025 10:00", "2025-03-02T10:00:00")]
    [InlineData("2010-13-01", null)]
    [InlineData("0001-01-01", null)]
    [InlineData("soon", null)]
    public void Dates_with_the_day_first(string cell, string? expected) =>
        Point.Time(cell, TimeZoneInfo.Utc)?.ToString("s", CultureInfo.InvariantCulture).ShouldBe(expected);

    [Fact]
    public void Dates_with_the_month_first_and_in_a_time_zone()
    {
        American.Time("12/31/2025 1:05 PM", TimeZoneInfo.Utc).ShouldBe(new DateTimeOffset(2025, 12, 31, 13, 5, 0, TimeSpan.Zero));
        Point.Time("2026-07-01 00:30", TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")).ShouldBe(new DateTimeOffset(2026, 6, 30, 22, 30, 0, TimeSpan.Zero));
    }

    [Fact]
    public void Every_amount_reads_back_in_both_ways_of_writing() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), minor =>
    {
        var amount = minor / 100m;
        return Point.Number(amount.ToString("N2", CultureInfo.InvariantCulture)) == amount
            && Comma.Number(amount.ToString("N2", CultureInfo.GetCultureInfo("de-DE"))) == amount;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_text_makes_it_throw() => Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text =>
    {
        foreach (var format in new[] { Point, Comma, American })
        {
            format.Number(text.Get);
            format.Time(text.Get, TimeZoneInfo.Utc);
        }
        return true;
    }).QuickCheckThrowOnFailure();
}
