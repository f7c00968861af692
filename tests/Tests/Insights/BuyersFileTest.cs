using System.Text;
using Wellmet.Insights.Buyers;
using Wellmet.Insights.Home;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Purposes;
using Wellmet.Tests.Customers;
using static Wellmet.Tests.Insights.InsightsInShop;

namespace Wellmet.Tests.Insights;

/// <summary>The customers behind a figure as a file.</summary>
public sealed class BuyersFileTest
{
    private static readonly DayRange March = new(new DateOnly(2026, 3, 1), new DateOnly(2026, 3, 31));

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task It_says_whom_it_leaves_out_and_where_it_was_cut_and_is_in_the_audit_log(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        var storefront = await shop.OpenStorefrontAsync();
        var buyers = (await shop.SeeAsync([PeopleTest.External("1"), PeopleTest.External("2"), PeopleTest.External("3")])).Select(p => p.SubjectId).ToArray();
        await shop.TellAsync(null, [.. buyers.Select((b, i) => Order(storefront, b, "2026-03-02T12:00Z", 325 - i))]);
        await shop.UseAsync<ObjectToPurpose>(o => o.RunAsync(new(buyers[1], Purpose.Export), default));
        var request = new ExportBuyers.Request(new SalesScope(March, storefront, "GBP"), BuyerKind.All);

        var whole = await LinesAsync(shop, request);
        var cut = await LinesAsync(shop, request with { MostRows = 2 });

        string[] expected = ["customer_id,orders,currency,revenue,first_order,last_order", Line(buyers[0], "3.25"), Line(buyers[2], "3.23"), "# 1 left out: objected"];
        whole.ShouldBe(expected);
        cut.ShouldBe([expected[0], expected[1], expected[3], "# cut at 2 rows: file_full"]);
        (await ExportsAsync(shop)).ShouldBe(2);
    }

    [Fact]
    public async Task Who_may_not_see_the_customers_gets_no_file_even_where_it_were_empty()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);
        var nobody = new Actor(Id.New(), "nobody", Role.Agent, _ => false);

        await Should.ThrowAsync<ForbiddenException>(() => LinesAsync(shop, new(null, BuyerKind.All), nobody));

        (await ExportsAsync(shop)).ShouldBe(0);
        (await LinesAsync(shop, new(null, BuyerKind.All))).ShouldHaveSingleItem();
    }

    private static string Line(Guid customer, string revenue) => $"{customer},1,GBP,{revenue},2026-03-02,2026-03-02";

    private static Task<long> ExportsAsync(TestShop shop) =>
        shop.Database.ReadAsync(s => s.CountAsync("select count(*) from audit_entries where action = 'buyers.exported'"), default);

    private static Task<string[]> LinesAsync(TestShop shop, ExportBuyers.Request request, Actor? actor = null) => shop.UseAsync<ExportBuyers, string[]>(async export =>
    {
        using var stream = new MemoryStream();
        await export.RunAsync(request, stream, default);
        return Encoding.UTF8.GetString(stream.ToArray()).TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
    }, actor);
}
