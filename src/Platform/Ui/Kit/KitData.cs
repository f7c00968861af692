using System.Globalization;
using Wellmet.Platform.Ui.Parts;

namespace Wellmet.Platform.Ui.Kit;

/// <summary>A row of the example tables.</summary>
internal sealed record KitCustomer(int Number, string Name, string City, int Orders, Money? Spent, DateTimeOffset? LastOrder, Kind State, string StateLabel);

/// <summary>Example data for looking at the parts, always the same.</summary>
internal static class KitData
{
    private static readonly string[] Names =
    [
        "Amélie Fournier", "Jürgen Weiß", "Priya Raghunathan", "王小明", "O'Brien & Sons <Ltd>", "Zoë van der Meer", "مريم الحسن", "Sam",
        "Maximiliane-Charlotte von Hohenstein-Wittgenstein", "佐藤 花子", "Ana Lucía Gutiérrez", "Tom Baker",
    ];

    private static readonly string[] Cities = ["Lyon", "Leipzig", "Chennai", "上海", "Cork", "Utrecht", "Amman", "Leeds", "Wien", "大阪", "Bogotá", "Bristol"];

    public static readonly DateTimeOffset Now = new(2026, 11, 20, 14, 5, 0, TimeSpan.Zero);

    public static IReadOnlyList<KitCustomer> Customers(Words words) => [.. Enumerable.Range(0, 12).Select(i => new KitCustomer(
        17850 + i,
        Names[i],
        Cities[i],
        Orders: i == 7 ? 0 : (i * 37 % 23) + 1,
        Spent: i == 7 ? null : new Money((i * 7919 % 4999 * 100) + 995, "GBP"),
        LastOrder: i == 7 ? null : Now.AddHours(-(i * i * 19) - 2),
        State: (Kind)(i % 5),
        StateLabel: words[(i % 5) switch { 0 => "Anonymous", 1 => "New", 2 => "Active", 3 => "Slipping away", _ => "Lost" }]))];

    public static IReadOnlyList<ChartSeries> Revenue(Words words) =>
    [
        new(words["This period"], Points(30, i => 24_000 + (i * 7919 % 9_000) + (i * 260) - (i % 7 == 5 ? 9_000 : 0))),
        new(words["Previous period"], Points(30, i => 21_000 + (i * 6_367 % 8_000) + (i * 190) - (i % 7 == 3 ? 8_000 : 0)), Previous: true),
    ];

    public static IReadOnlyList<ChartSeries> Orders(Words words) =>
        [new(words["Orders"], Points(14, i => i == 6 ? null : 180 + (i * 7919 % 140)))];

    public static IReadOnlyList<ChartSeries> NewAndReturning(Words words) =>
    [
        new(words["New"], Points(12, i => 120 + (i * 331 % 90))),
        new(words["Returning"], Points(12, i => 160 + (i * 577 % 120) + (i * 8))),
    ];

    private static List<ChartPoint> Points(int count, Func<int, decimal?> value) => [.. Enumerable.Range(0, count).Select(i =>
    {
        var day = DateOnly.FromDateTime(Now.UtcDateTime).AddDays(i - count);
        return new ChartPoint(day.ToString("d MMM", CultureInfo.InvariantCulture), value(i), $"/console/kit?day={day:yyyy-MM-dd}");
    })];
}
