using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Imports;
using Wellmet.Platform;
using Wellmet.Platform.Storage;
using Wellmet.Tests.Customers;

namespace Wellmet.Tests.Commerce;

/// <summary>The rules for what real files hold, on small files.</summary>
public sealed class SalesImportTest
{
    private const string Lantern = "WHITE METAL LANTERN", At = "2010-12-01 08:26:00", Uk = "United Kingdom";

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Every_line_falls_into_its_class(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);

        var import = await shop.ImportTextAsync(Header
            + Line("536365", "71053", Lantern, "6", "3.39", "17850.0")
            + Line("536365", "POST", "POSTAGE", "1", "18.00", "17850.0")
            + Line("536365", "71053", Lantern, "6", "3.39", "17850.0")
            + Line("536366", "22423", "CAKESTAND", "2", "0.0", "17850")
            + Line("536367", "22423", "CAKESTAND", "2", "12.75", "")
            + Line("536368", "22423", "damaged", "-3", "0.0", "")
            + Line("C536369", "71053", Lantern, "-2", "3.39", "17850.0", "2010-12-02 09:00:00")
            + Line("C536370", "71053", Lantern, "-50", "3.39", "17850.0", "2010-12-02 09:00:00")
            + Line("A563185", "B", "Adjust bad debt", "1", "11062.06", "")
            + Line("536371", "22086", "PAPER CHAIN", "1", "0.001", "13047")
            + Line("536372", "22086", "PAPER CHAIN", "many", "2.55", "13047")
            + Line("536373", "22086", "PAPER CHAIN", "1", "2.55", "13047", "2010-13-01 08:26:00"));

        import.State.ShouldBe(ImportState.Completed);
        import.Counts.ShouldBe(new Dictionary<string, long>
        {
            ["customer"] = 4, ["anonymous"] = 1, ["cancelled"] = 2, ["adjustment"] = 3, ["rejected"] = 2, ["known"] = 0,
        }, ignoreOrder: true);
        var totals = await TotalsAsync(shop);
        totals.Customers.ShouldBe(2);
        totals.Orders.ShouldBe(2);
        totals.RevenueMinor.ShouldBe(2034 + 1800 + 2034);
        totals.Lines["rejected"].ShouldBe(2);
        (await RemarksAsync(shop, import)).ShouldBe(
        [
            (4, RemarkKind.Flagged, "identical_line"), (5, RemarkKind.Flagged, "price_not_positive"), (7, RemarkKind.Flagged, "quantity_not_positive"),
            (9, RemarkKind.Flagged, "no_order_to_cancel"), (10, RemarkKind.Flagged, "adjustment_invoice"),
            (12, RemarkKind.Rejected, "quantity_not_a_number"), (13, RemarkKind.Rejected, "date_not_read"),
        ]);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_cancellation_takes_from_the_latest_earlier_order_with_enough_left(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);

        await shop.ImportTextAsync(Header
            + Line("1", "71053", Lantern, "10", "3.39", "5", "2010-12-01 08:00:00")
            + Line("2", "71053", Lantern, "4", "3.39", "5", "2010-12-02 08:00:00")
            + Line("3", "71053", Lantern, "10", "3.39", "6", "2010-12-02 08:00:00")
            + Line("C4", "71053", Lantern, "-3", "3.39", "5", "2010-12-03 08:00:00")
            + Line("C5", "71053", Lantern, "-3", "3.39", "5", "2010-12-03 09:00:00")
            + Line("C6", "71053", Lantern, "-8", "3.39", "5", "2010-12-03 10:00:00")
            + Line("7", "71053", Lantern, "100", "3.39", "5", "2010-12-04 08:00:00"));

        (await MatchesAsync(shop)).ShouldBe(["C4→2", "C5→1", "C6→"]);
        (await StatesAsync(shop)).ShouldBe(["1 part_cancelled", "2 part_cancelled", "3 placed", "7 placed"]);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task The_same_content_again_adds_nothing_also_from_another_file(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        var lines = Sample();
        await shop.ImportTextAsync(Header + string.Concat(lines));
        var before = await WholeDatabase.SettledAsync(shop);

        var again = await shop.ImportTextAsync(Header + string.Concat(lines));
        var other = await shop.ImportTextAsync(Header + string.Concat(lines.Take(9)));

        again.Count("known").ShouldBe(lines.Length);
        other.Count("known").ShouldBe(9);
        // What each file says is kept beside what stands.
        Same(before, await WholeDatabase.SettledAsync(shop), "customers_import_remarks", "vault_keys", "commerce_named_documents", "commerce_named_lines", "customers_profiles", "customers_identities");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_half_and_then_the_whole_come_to_the_whole(Engine engine)
    {
        await using var parts = await TestShop.OpenAsync(engine, workers: false);
        await using var whole = await TestShop.OpenAsync(engine, workers: false);
        var lines = Sample();

        await parts.ImportTextAsync(Header + string.Concat(lines.Take(lines.Length / 2)));
        await parts.ImportTextAsync(Header + string.Concat(lines));
        await whole.ImportTextAsync(Header + string.Concat(lines));

        var expected = await TotalsAsync(whole);
        var totals = await TotalsAsync(parts);
        totals.Lines.ShouldBe(expected.Lines, ignoreOrder: true);
        (totals.Customers, totals.Orders, totals.RevenueMinor, totals.RepeatCustomers)
            .ShouldBe((expected.Customers, expected.Orders, expected.RevenueMinor, expected.RepeatCustomers));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Undo_leaves_everything_as_it_was_before(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        var lines = Sample();
        await shop.ImportTextAsync(Header + string.Concat(lines.Take(lines.Length / 2)));
        var before = await WholeDatabase.SettledAsync(shop);
        var second = await shop.ImportTextAsync(Header + string.Concat(lines));
        await shop.DrainAsync();
        (await TotalsAsync(shop)).Lines["customer"].ShouldBeGreaterThan(3);

        await shop.UndoImportAsync(second.ImportId);

        Same(before, await WholeDatabase.SettledAsync(shop));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Undo_of_the_only_import_leaves_an_empty_shop(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        var before = await WholeDatabase.SettledAsync(shop);
        var import = await shop.ImportTextAsync(Header + string.Concat(Sample()));
        await shop.DrainAsync();

        await shop.UndoImportAsync(import.ImportId);

        Same(before, await WholeDatabase.SettledAsync(shop));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_is_told_of_history_is_not_live_and_names_the_import(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);

        var import = await shop.ImportTextAsync(Header + string.Concat(Sample()));

        (await shop.Database.ReadAsync(s => s.CountAsync("select count(*) from log_events where live or import_id is null or import_id <> @ImportId", new { import.ImportId }), default)).ShouldBe(0);
        (await shop.CountAsync("log_events")).ShouldBeGreaterThan(10);
    }

    [Fact]
    public async Task A_file_without_the_columns_is_refused_by_their_names()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);

        var problem = await Should.ThrowAsync<ProblemException>(() => shop.ImportTextAsync("InvoiceNo,StockCode,Quantity\n1,2,3\n"));

        problem.Code.ShouldBe("columns_missing");
        problem.Message.ShouldContain("InvoiceDate, UnitPrice, CustomerID");
    }

    private const string Header = ImportsInShop.Header;

    private static string Line(string invoice, string code, string name, string quantity, string price, string customer, string at = At, string country = Uk) =>
        $"{invoice},{code},{name},{quantity},{at},{price},{customer},{country}\n";

    /// <summary>Two customers and somebody unknown, an order in two places, identical lines, cancellations, adjustments.</summary>
    private static string[] Sample() =>
    [
        Line("1", "71053", Lantern, "6", "3.39", "17850.0"),
        Line("1", "71053", Lantern, "6", "3.39", "17850.0"),
        Line("1", "POST", "POSTAGE", "1", "18.00", "17850.0"),
        Line("2", "22423", "CAKESTAND", "2", "12.75", "13047", "2010-12-02 10:00:00", "France"),
        Line("3", "22423", "CAKESTAND", "1", "12.75", "", "2010-12-02 11:00:00"),
        Line("C4", "71053", Lantern, "-2", "3.39", "17850.0", "2010-12-03 09:00:00"),
        Line("1", "22086", "PAPER CHAIN", "3", "2.55", "17850.0"),
        Line("5", "22086", "damages", "-3", "0", "", "2010-12-03 10:00:00"),
        Line("6", "22086", "PAPER CHAIN", "12", "2.10", "13047", "2010-12-05 10:00:00", "France"),
        Line("1", "71053", Lantern, "6", "3.39", "17850.0"),
        Line("C7", "71053", Lantern, "-1", "3.39", "17850.0", "2010-12-06 09:00:00"),
        Line("8", "85123A", "HANGING HEART T-LIGHT HOLDER", "6", "2.55", "12583", "2010-12-07 09:00:00", "France"),
        Line("9", "85123A", "HANGING HEART T-LIGHT HOLDER", "1", "2.95", "", "2010-12-07 10:00:00"),
    ];

    private static Task<SalesTotals> TotalsAsync(TestShop shop) => shop.UseAsync<IOrders, SalesTotals>(orders => orders.TotalsAsync(default));

    private static async Task<List<(long, RemarkKind, string)>> RemarksAsync(TestShop shop, Import import) =>
        [.. (await shop.ReportAsync(import.ImportId)).Sample.Select(r => (r.Line, r.Kind, r.Reason))];

    private static Task<List<string>> MatchesAsync(TestShop shop) => shop.Database.ReadAsync(s => s.QueryAsync("""
        select c.number, o.number from commerce_cancellation_lines l
        join commerce_cancellations c on c.subject_id = l.subject_id and c.cancellation_id = l.cancellation_id
        left join commerce_orders o on o.subject_id = l.subject_id and o.order_id = l.order_id order by c.number
        """, null, r => $"{r.Text(0)}→{r.TextOrNull(1)}", default), default);

    private static Task<List<string>> StatesAsync(TestShop shop) => shop.Database.ReadAsync(s => s.QueryAsync(
        "select number, state from commerce_orders order by number", null, r => $"{r.Text(0)} {r.Text(1)}", default), default);

    private static void Same(SortedDictionary<string, string[]> before, SortedDictionary<string, string[]> after, params string[] aside)
    {
        foreach (var (table, rows) in before.Where(t => !aside.Contains(t.Key)))
        {
            after[table].ShouldBe(rows, table);
        }
    }
}
