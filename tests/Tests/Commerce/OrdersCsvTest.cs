using Wellmet.Commerce.Contract;
using Wellmet.Commerce.Orders;
using Wellmet.Commerce.Returns;
using Wellmet.Commerce.Shipments;
using Wellmet.Commerce.Storefronts;
using Wellmet.Customers.Imports;
using Wellmet.Platform;
using Wellmet.Platform.Storage;
using Wellmet.Tests.Customers;

namespace Wellmet.Tests.Commerce;

/// <summary>Orders as shop systems export them: what stands on the first line of an order only, and what staff do with such orders.</summary>
public sealed class OrdersCsvTest
{
    private const string Header = "Name,Created at,Email,Lineitem sku,Lineitem quantity,Lineitem price,Currency,Financial Status\n";

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_the_first_line_says_holds_for_the_whole_order(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);

        var import = await shop.ImportTextAsync(Header
            + "#1,2026-01-02 10:00:00,anna@example.com,T-1,1,1000,JPY,paid\n#1,,,T-2,1,1000,,\n"
            + "#2,2026-01-03 10:00:00,bert@example.com,T-1,1,500,JPY,refunded\n#2,,,T-2,1,500,,\n", "orders-csv");

        import.Counts.Where(c => c.Value > 0).ShouldBe(new Dictionary<string, long> { ["customer"] = 2, ["cancelled"] = 2 }, ignoreOrder: true);
        var totals = await shop.UseAsync<IOrders, SalesTotals>(o => o.TotalsAsync(default));
        (totals.Customers, totals.Orders, totals.RevenueMinor, totals.Currency).ShouldBe((1, 1, 2000, "JPY"));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Lines_in_another_currency_than_their_order_are_turned_away(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);

        var import = await shop.ImportTextAsync(Header
            + "#1,2026-01-02,anna@example.com,T-1,1,10,EUR,paid\n#1,,,T-2,1,10,USD,\n#2,2026-01-02,anna@example.com,T-1,1,10,EUR,paid\n#1,2026-01-02,anna@example.com,T-3,1,10,USD,paid\n", "orders-csv");
        var later = await shop.ImportTextAsync(Header + "#1,2026-01-02,anna@example.com,T-4,1,10,USD,paid\n", "orders-csv");

        (import.Count("rejected"), later.Count("rejected")).ShouldBe((2, 1));
        (await shop.ReportAsync(import.ImportId)).Sample.Select(r => (r.Line, r.Reason)).ShouldBe([(3, "currency_mixed"), (5, "currency_mixed")]);
        (await shop.UseAsync<IOrders, SalesTotals>(o => o.TotalsAsync(default))).RevenueMinor.ShouldBe(2000);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_order_of_nobody_known_is_found_by_its_cancellation_and_forgets_it_again(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        await shop.ImportTextAsync(Header + "#1,2026-01-02,,T-1,2,10,EUR,paid\n", "orders-csv");
        var before = await WholeDatabase.SettledAsync(shop);

        var later = await shop.ImportTextAsync(Header + "#1,2026-01-02,,T-1,2,10,EUR,cancelled\n", "orders-csv");

        (await StatesAsync(shop)).ShouldBe(["#1 cancelled"]);
        (await shop.CountAsync("customers_subjects")).ShouldBe(1);
        await shop.UndoImportAsync(later.ImportId);
        var after = await WholeDatabase.SettledAsync(shop);
        foreach (var (table, rows) in before)
        {
            after[table].ShouldBe(rows, table);
        }
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Totals_are_those_of_the_currency_of_most_orders(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);

        await shop.ImportTextAsync(Header + "#1,2026-01-02,anna@example.com,T-1,1,10,EUR,paid\n#2,2026-01-02,anna@example.com,T-1,1,10,EUR,paid\n"
            + "#3,2026-01-02,anna@example.com,T-1,1,10,USD,paid\n#4,2026-01-02,bert@example.com,T-1,1,10,USD,paid\n#5,2026-01-02,carl@example.com,T-1,1,10,EUR,paid\n", "orders-csv");

        var totals = await shop.UseAsync<IOrders, SalesTotals>(o => o.TotalsAsync(default));
        (totals.Currency, totals.RevenueMinor, totals.Orders, totals.Customers, totals.RepeatCustomers).ShouldBe(("EUR", 3000, 3, 2, 1));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Currency_and_time_zone_stand_once_there_are_orders(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        await shop.ImportTextAsync(Header + "#1,2026-01-02,anna@example.com,T-1,1,10,EUR,paid\n", "orders-csv");
        var storefront = (await shop.UseAsync<ListStorefronts, List<Storefront>>(l => l.RunAsync(default))).Single();
        Task SaveAsync(string name, string currency, string zone) =>
            shop.UseAsync<SaveStorefront>(s => s.RunAsync(new(storefront.StorefrontId, name, null, currency, "en-GB", zone), default));

        (await Should.ThrowAsync<ProblemException>(() => SaveAsync("Shop", "EUR", "Europe/Berlin"))).Code.ShouldBe("storefront_fixed");
        (await Should.ThrowAsync<ProblemException>(() => SaveAsync("Shop", "USD", "Etc/UTC"))).Code.ShouldBe("storefront_fixed");
        await SaveAsync("Shop", "EUR", "Etc/UTC");

        (await shop.UseAsync<ListStorefronts, List<Storefront>>(l => l.RunAsync(default))).Single().ShouldBe(storefront with { Name = "Shop" });
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Items_of_one_code_go_back_at_the_prices_they_were_sold_at(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        await shop.ImportTextAsync(Header + "#1,2026-01-02,anna@example.com,A,1,10,EUR,paid\n#1,,,A,5,1,,\n#2,2026-01-02,anna@example.com,A,1,10,EUR,paid\n#2,,,A,5,1,,\n", "orders-csv");
        Guid first = await OrderAsync(shop, "#1"), second = await OrderAsync(shop, "#2");

        await shop.UseAsync<RecordReturn>(back => back.RunAsync(new(first, "damaged", [new("A", 6)]), default));
        await shop.UseAsync<CancelItems>(cancel => cancel.RunAsync(new(second, [new("A", 3)]), default));
        await shop.UseAsync<RecordReturn>(back => back.RunAsync(new(second, "damaged", [new("A", 2)]), default));
        var rest = await Should.ThrowAsync<ProblemException>(() => shop.UseAsync<CancelItems>(cancel => cancel.RunAsync(new(second, [new("A", 2)]), default)));

        (await RefundsAsync(shop)).ShouldBe([200, 1200, 1500]);
        rest.Message.ShouldBe("Of A, at most 1 are left in this order.");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_import_whose_orders_staff_handled_is_not_undone(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var import = await shop.ImportTextAsync(Header + "#1,2026-01-02,anna@example.com,A,2,10,EUR,paid\n#2,2026-01-02,anna@example.com,A,2,10,EUR,paid\n", "orders-csv");
        await shop.UseAsync<RecordShipment, Guid>(async ship => await ship.RunAsync(new(await OrderAsync(shop, "#2"), "DHL", null, null), default));

        var problem = await Should.ThrowAsync<ProblemException>(() => shop.UseAsync<UndoImport>(undo => undo.RunAsync(import.ImportId, default)));

        problem.Code.ShouldBe("import_in_use");
        problem.Message.ShouldContain("#2");
        (await shop.Get<ImportLedger>().GetAsync(import.ImportId, default)).State.ShouldBe(ImportState.Completed);
    }

    private static Task<Guid> OrderAsync(TestShop shop, string number) => shop.Database.ReadAsync(s => s.FirstAsync(
        "select order_id from commerce_orders where number = @number", new { number }, r => r.Guid(0), default), default);

    private static Task<List<string>> StatesAsync(TestShop shop) => shop.Database.ReadAsync(s => s.QueryAsync(
        "select number, state from commerce_orders order by number", null, r => $"{r.Text(0)} {r.Text(1)}", default), default);

    /// <summary>What was paid back or cancelled, the smallest first.</summary>
    private static Task<List<long>> RefundsAsync(TestShop shop) => shop.Database.ReadAsync(s => s.QueryAsync(
        "select refund_minor as amount from commerce_returns union all select amount_minor from commerce_cancellations order by amount", null, r => r.Long(0), default), default);
}
