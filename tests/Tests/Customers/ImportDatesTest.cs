using Wellmet.Customers.Imports;
using Wellmet.Customers.Imports.Reading;
using Wellmet.Platform;
using Wellmet.Platform.Storage;

namespace Wellmet.Tests.Customers;

/// <summary>Day or month first: seen from the whole file, or said by a person.</summary>
public sealed class ImportDatesTest
{
    private const string Orders = "Name,Created at,Email,Lineitem sku,Lineitem quantity,Lineitem price\n";

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_date_far_down_decides(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var first = string.Concat(Enumerable.Range(0, 300).Select(i => $"#{i},1/12/2010 8:26,anna@example.com,T-1,1,10\n"));

        await shop.ImportTextAsync(Orders + first + "#x,13/12/2010 8:26,anna@example.com,T-1,1,10\n", "orders-csv");
        await shop.ImportTextAsync(Orders + first.Replace('#', 'A') + "Ax,12/13/2010 8:26,anna@example.com,T-1,1,10\n", "orders-csv");

        (await DayAsync(shop, "#0")).ShouldBe(new DateOnly(2010, 12, 1));
        (await DayAsync(shop, "A0")).ShouldBe(new DateOnly(2010, 1, 12));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Where_no_date_decides_the_layout_does_or_somebody_has_to_say(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);

        await shop.ImportTextAsync(ImportsInShop.Header + "1,71053,LANTERN,6,12/1/2010 8:26,3.39,17850,UK\n");
        var problem = await Should.ThrowAsync<ProblemException>(() => shop.ImportTextAsync(Orders + "#1,2/3/2026,anna@example.com,T-1,1,10\n", "orders-csv"));
        await SaidAsync(shop, Orders + "#2,2/3/2026,anna@example.com,T-1,1,10\n", dayFirst: true);
        await SaidAsync(shop, Orders + "#3,2/3/2026,anna@example.com,T-1,1,10\n", dayFirst: false);
        await shop.ImportTextAsync(Orders + "#4,3/3/2026,anna@example.com,T-1,1,10\n#5,2026-03-02,anna@example.com,T-1,1,10\n#6,2/3/2026 1:00 PM,anna@example.com,T-1,1,10\n", "orders-csv");

        problem.Code.ShouldBe("dates_ambiguous");
        var days = await Task.WhenAll(new[] { "1", "#2", "#3", "#4", "#5", "#6" }.Select(n => DayAsync(shop, n)));
        days.ShouldBe([new(2010, 12, 1), new(2026, 3, 2), new(2026, 2, 3), new(2026, 3, 3), new(2026, 3, 2), new(2026, 2, 3)]);
    }

    private static async Task SaidAsync(TestShop shop, string text, bool dayFirst)
    {
        var file = Path.Combine(shop.Folder, Guid.CreateVersion7().ToString("N") + ".csv");
        File.WriteAllText(file, text);
        var import = await shop.UseAsync<StartImport, Import>(start => start.RunAsync(new(ImportSource.Local(file), "said.csv", "orders-csv", DayFirst: dayFirst), default));
        await shop.UseAsync<RunImport, Import>(run => run.RunAsync(new(import.ImportId, ImportSource.Local(file)), default));
    }

    private static async Task<DateOnly> DayAsync(TestShop shop, string number) => DateOnly.FromDateTime((await shop.Database.ReadAsync(s => s.FirstAsync(
        "select placed_at from commerce_orders where number = @number", new { number }, r => r.Time(0), default), default)).UtcDateTime);
}
