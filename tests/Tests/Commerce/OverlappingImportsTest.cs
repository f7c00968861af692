using Wellmet.Commerce.Contract;
using Wellmet.Customers.Imports;
using Wellmet.Platform.Storage;
using Wellmet.Tests.Customers;
using Wellmet.Tests.Insights;

namespace Wellmet.Tests.Commerce;

/// <summary>Files that hold the same orders: taking one back leaves what the others alone would have made.</summary>
public sealed class OverlappingImportsTest
{
    /// <summary>
    /// The files of a shop, whose orders 1 to 6 and cancellations overlap: more lines, other lines, another time and country, another name of a
    /// product, a customer whom only one file knows, an order that nobody is known behind, and cancellations that find their order in the one
    /// file or the other.
    /// </summary>
    private static readonly Dictionary<char, string> Files = new()
    {
        ['A'] = Line("1", "LAMP", "OIL LAMP", "6", "3.39", "17850") + Line("1", "LAMP", "OIL LAMP", "6", "3.39", "17850") + Line("1", "BELL", "DOOR BELL", "2", "1.25", "17850")
            + Line("2", "POST", "POSTAGE", "1", "18.00", "13047") + Line("2", "SOAP", "SOAP, ROSE", "3", "2.50", "13047")
            + Line("3", "BELL", "DOOR BELL", "1", "1.25", "") + Line("4", "BELL", "DOOR BELL", "9", "1.25", "", country: "")
            + Line("5", "LAMP", "OIL LAMP", "1", "4.00", "17850", "2010-12-05 09:00:00")
            + Line("C7", "LAMP", "OIL LAMP", "-4", "3.39", "17850", "2010-12-03 09:00:00") + Line("C8", "SOAP", "SOAP, ROSE", "-1", "2.50", "13047", "2010-12-06 09:00:00")
            + Line("9", "BELL", "broken", "-3", "0", "", "2010-12-06 10:00:00"),
        ['B'] = Line("1", "LAMP", "OIL LAMP, BRASS", "6", "3.39", "17850", "2010-12-01 10:00:00", "France") + Line("1", "DISH", "FISH DISH", "2", "7.00", "17850", "2010-12-01 10:00:00", "France")
            + Line("2", "SOAP", "SOAP, ROSE", "3", "2.50", "13047") + Line("2", "SOAP", "SOAP, ROSE", "3", "2.50", "13047")
            + Line("3", "BELL", "DOOR BELL", "1", "1.25", "12583") + Line("4", "BELL", "DOOR BELL", "9", "1.25", "", country: "") + Line("4", "DISH", "FISH DISH", "1", "7.00", "", country: "")
            + Line("C7", "LAMP", "OIL LAMP, BRASS", "-4", "3.39", "17850", "2010-12-03 09:00:00") + Line("C10", "LAMP", "OIL LAMP, BRASS", "-1", "4.00", "17850", "2010-12-06 09:00:00")
            + Line("C11", "BELL", "DOOR BELL", "-2", "1.25", "17850", "2010-12-07 09:00:00") + Line("12", "DISH", "FISH DISH", "4", "7.50", "99999", "2010-12-08 09:00:00")
            + Line("9", "BELL", "broken", "-3", "0", "", "2010-12-06 10:00:00"),
        ['C'] = Line("1", "BELL", "BELL FOR DOORS", "2", "1.25", "17850", "2010-12-01 11:00:00", "Spain") + Line("1", "LAMP", "OIL LAMP", "6", "3.39", "17850", "2010-12-01 11:00:00", "Spain")
            + Line("12", "DISH", "FISH DISH", "4", "7.50", "99999", "2010-12-08 09:00:00") + Line("12", "RING", "RING", "1", "100.00", "99999", "2010-12-08 09:00:00")
            + Line("C7", "LAMP", "OIL LAMP", "-4", "3.39", "17850", "2010-12-03 09:00:00") + Line("C7", "BELL", "BELL FOR DOORS", "-1", "1.25", "17850", "2010-12-03 09:00:00"),
    };

    public static TheoryData<Engine, string, string> Histories => [.. from engine in TestShop.Engines from h in new[] { ("AB", "A"), ("AB", "B"), ("BA", "B"), ("BA", "A"), ("ABC", "AB"), ("ABC", "BA"), ("ABC", "B"), ("BCA", "BC") }
        select new TheoryDataRow<Engine, string, string>(engine.Data, h.Item1, h.Item2)];

    [Theory, MemberData(nameof(Histories))]
    public async Task What_is_taken_back_might_never_have_been(Engine engine, string imported, string undone)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        await using var other = await TestShop.OpenAsync(engine);
        var imports = await ImportAsync(shop, imported);
        foreach (var file in undone)
        {
            await shop.UndoImportAsync(imports.Single(i => i.Value == file).Key);
        }

        var alone = await ImportAsync(other, string.Concat(imported.Except(undone)));

        var (picture, expected) = (await PictureAsync(shop, imports), await PictureAsync(other, alone));
        expected.Except(picture).ShouldBeEmpty("is missing");
        picture.ShouldBe(expected);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Taking_all_back_one_after_the_other_leaves_an_empty_shop(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        var before = await WholeDatabase.SettledAsync(shop);
        var imports = await ImportAsync(shop, "ABC");

        foreach (var import in imports.Keys)
        {
            await shop.UndoImportAsync(import);
        }

        var after = await WholeDatabase.SettledAsync(shop);
        foreach (var (table, rows) in before)
        {
            after[table].Where(row => !row.Contains("commerce.sales_retracted", StringComparison.Ordinal)).ShouldBe(rows, table);
        }
    }

    private static string Line(string invoice, string code, string name, string quantity, string price, string customer, string at = "2010-12-01 08:26:00", string country = "United Kingdom") =>
        $"{invoice},{code},\"{name}\",{quantity},{at},{price},{customer},{country}\n";

    private static async Task<Dictionary<Guid, char>> ImportAsync(TestShop shop, string files)
    {
        var imports = new Dictionary<Guid, char>();
        foreach (var file in files)
        {
            imports[(await shop.ImportTextAsync(ImportsInShop.Header + Files[file])).ImportId] = file;
            await shop.DrainAsync();
        }
        return imports;
    }

    /// <summary>Everything that people can see or that figures follow from, without ids.</summary>
    private static async Task<string[]> PictureAsync(TestShop shop, Dictionary<Guid, char> imports)
    {
        await WholeDatabase.SettledAsync(shop);
        var totals = await shop.UseAsync<IOrders, SalesTotals>(o => o.TotalsAsync(default));
        List<string> lines = [$"{totals.Customers} customers, {totals.Orders} orders, {totals.RevenueMinor} {totals.Currency}, {totals.RepeatCustomers} came back", .. totals.Lines.Select(l => $"{l.Value} {l.Key}")];
        foreach (var (what, sql) in Queries)
        {
            lines.AddRange((await shop.Database.ReadAsync(s => RowsAsync(s, sql, imports), default)).Order(StringComparer.Ordinal).Select(row => $"{what}: {row}"));
        }
        return [.. lines];
    }

    private static async Task<List<string>> RowsAsync(Session session, string sql, Dictionary<Guid, char> imports)
    {
        await using var command = session.Command(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => $"{reader.GetName(i)}={Cell(reader.GetValue(i))}")));
        }
        return rows;

        string Cell(object value) => value switch
        {
            byte[] { Length: 16 } id when imports.TryGetValue(new Guid(id, bigEndian: true), out var file) => file.ToString(),
            Guid id when imports.TryGetValue(id, out var file) => file.ToString(),
            byte[] or Guid => "?",
            _ => value.ToString()!,
        };
    }

    private const string Who = "(select count(*) from commerce_orders x where x.subject_id = o.subject_id) as orders_of_the_same, s.anonymous as nobody, s.first_seen_at";

    private static readonly (string What, string Sql)[] Queries =
    [
        ("orders", $"""
            select o.number, {Who}, o.placed_at, o.currency, o.country, o.kind, o.anonymous, o.revenue_minor, o.items, o.lines, o.adjustments, o.state, o.import_id
            from commerce_orders o join customers_subjects s on s.subject_id = o.subject_id
            """),
        ("order lines", """
            select o.number, l.sku, l.quantity, l.unit_price, l.occurrence, l.kind, p.name, l.name as own_name, l.amount_minor, l.placed_at, l.import_id
            from commerce_order_lines l join commerce_orders o on o.subject_id = l.subject_id and o.order_id = l.order_id left join commerce_products p on p.product_id = l.product_id
            """),
        ("cancellations", $"""
            select o.number, {Who}, o.placed_at, o.currency, o.country, o.anonymous, o.amount_minor, o.items, o.lines, o.import_id
            from commerce_cancellations o join customers_subjects s on s.subject_id = o.subject_id
            """),
        ("cancellation lines", """
            select c.number, o.number as of_order, l.sku, l.quantity, l.unit_price, l.occurrence, l.kind, p.name, l.name as own_name, l.amount_minor, l.import_id
            from commerce_cancellation_lines l join commerce_cancellations c on c.subject_id = l.subject_id and c.cancellation_id = l.cancellation_id
            left join commerce_orders o on o.subject_id = l.subject_id and o.order_id = l.order_id left join commerce_products p on p.product_id = l.product_id
            """),
        ("loose", "select l.sku from commerce_cancellation_lines l where order_id is not null and not exists (select 1 from commerce_orders o where o.order_id = l.order_id)"),
        ("numbers", "select number, document, import_id from commerce_order_numbers"),
        ("products", "select sku, name, type, kind, unit_price, priced_at, import_id from commerce_products"),
        ("storefronts", "select name, import_id from commerce_storefronts"),
        ("subjects", "select anonymous, first_seen_at, import_id from customers_subjects"),
        ("profiles", "select country, import_id from customers_profiles where country is not null"),
        ("figures", "select import_id, currency, orders, items, revenue_minor, cancelled_minor, first_order_at, last_order_at from customers_figures"),
        ("customers", "select anonymous, country, orders, items, currency, revenue_minor, cancelled_minor, first_order_at, last_order_at from customers_summaries"),
        ("sales", "select kind, day, occurred_at, amount_minor, items, anonymous, country, import_id from insights_sales"),
        ("days", "select day, orders, revenue_minor, items, anonymous_orders, anonymous_revenue_minor, cancellations, cancelled_minor, new_customers from insights_daily"),
        ("countries", "select day, country, sales, orders, revenue_minor from insights_daily_countries"),
        ("products sold", "select d.month, p.sku, d.sales, d.orders, d.quantity, d.amount_minor from insights_monthly_products d join commerce_products p on p.product_id = d.product_id"),
        ("log", "select type, occurred_at, import_id, live from log_events where type not in ('customers.import_undone', 'commerce.sales_retracted')"),
        ("named", "select n.import_id, o.number, n.placed_at, n.country, n.anonymous from commerce_named_documents n left join commerce_orders o on o.order_id = n.document_id"),
        ("named lines", "select import_id, sku, quantity, unit_price, occurrence, name from commerce_named_lines"),
    ];
}
