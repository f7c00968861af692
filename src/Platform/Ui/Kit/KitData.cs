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

    public static IReadOnlyList<ChartSeries> Revenue(Words words, Viewer viewer) =>
    [
        new(words["This period"], Points(viewer, 30, i => Week(i) * (24_000 + (i * 310) + Noise(i, 5_000)))),
        new(words["Previous period"], Points(viewer, 30, i => Week(i) * (21_000 + (i * 240) + Noise(i + 50, 4_000))), Previous: true),
    ];

    public static IReadOnlyList<ChartSeries> Orders(Words words, Viewer viewer) =>
        [new(words["Orders"], Points(viewer, 14, i => i == 6 ? null : Math.Round(Week(i) * (240 + Noise(i, 60)))))];

    public static IReadOnlyList<ChartSeries> NewAndReturning(Words words, Viewer viewer) =>
    [
        new(words["New"], Points(viewer, 12, i => Math.Round(120 + Noise(i, 30)))),
        new(words["Returning"], Points(viewer, 12, i => Math.Round(190 + (i * 11) + Noise(i + 9, 40)))),
    ];

    private static decimal Week(int i) => (i % 7) switch { 4 => 0.62m, 5 => 0.78m, _ => 1m };

    private static decimal Noise(int i, decimal width) => width * (decimal)Math.Sin(i * i * 1.7);

    private static List<ChartPoint> Points(Viewer viewer, int count, Func<int, decimal?> value) => [.. Enumerable.Range(0, count).Select(i =>
    {
        var day = DateOnly.FromDateTime(Now.UtcDateTime).AddDays(i - count);
        return new ChartPoint(viewer.ShortDay(day), value(i), $"/console/kit?day={day:yyyy-MM-dd}");
    })];
}
