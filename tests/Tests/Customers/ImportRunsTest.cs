using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Imports;
using Wellmet.Customers.Imports.Reading;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;

namespace Wellmet.Tests.Customers;

/// <summary>How imports run: interruption, cancellation, remarks, limits, whatever the content.</summary>
public sealed class ImportRunsTest
{
    private const int Lines = 6000;

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_interrupted_import_goes_on_from_its_checkpoint(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var file = Write(shop, ManyLines());
        using var stop = new CancellationTokenSource();
        var stopped = new Watch(p => { if (p.Done >= 1000) { stop.Cancel(); } });

        var started = await StartAsync(shop, file);
        await Should.ThrowAsync<OperationCanceledException>(() => RunAsync(shop, started.ImportId, file, stopped, stop.Token));
        var half = await shop.Get<ImportLedger>().GetAsync(started.ImportId, default);
        half.LinesDone.ShouldBeInRange(1000, Lines - 1);
        (await LinesAsync(shop)).ShouldBe(half.LinesDone);

        var again = await StartAsync(shop, file);
        again.ImportId.ShouldBe(started.ImportId);
        var done = await RunAsync(shop, again.ImportId, file);

        (done.State, done.LinesDone, done.Count("known")).ShouldBe((ImportState.Completed, Lines, 0));
        (await LinesAsync(shop)).ShouldBe(Lines);
        (await shop.UseAsync<IOrders, SalesTotals>(o => o.TotalsAsync(default))).RevenueMinor.ShouldBe(Lines * 250);
    }

    [Fact]
    public async Task A_cancelled_import_stops_keeps_what_it_has_and_can_go_on()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);
        var file = Write(shop, ManyLines());
        var started = await StartAsync(shop, file);
        var cancelling = new Watch(p =>
        {
            if (p.Done >= 1000 && p.State == ImportState.Running)
            {
                shop.UseAsync<CancelImport>(cancel => cancel.RunAsync(started.ImportId, default)).GetAwaiter().GetResult();
            }
        });

        var cancelled = await RunAsync(shop, started.ImportId, file, cancelling);
        cancelled.State.ShouldBe(ImportState.Cancelled);
        cancelled.LinesDone.ShouldBeInRange(1000, Lines - 1);

        (await RunAsync(shop, started.ImportId, file)).LinesDone.ShouldBe(Lines);
        (await LinesAsync(shop)).ShouldBe(Lines);
    }

    [Fact]
    public async Task The_same_content_is_known_under_another_compression()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);
        var plain = Write(shop, ManyLines(500));
        var packed = plain + ".gz";
        using (var stream = new GZipStream(File.Create(packed), CompressionLevel.Fastest))
        {
            stream.Write(File.ReadAllBytes(plain));
        }

        await shop.ImportFileAsync(plain);
        var again = await shop.ImportFileAsync(packed);

        (again.LinesDone, again.Count("known")).ShouldBe((500, 500));
    }

    [Fact]
    public async Task Remarks_are_sealed_downloaded_and_safe_in_a_spreadsheet()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);
        var import = await shop.ImportTextAsync(ImportsInShop.Header
            + "=cmd|'/c calc'!A1,71053,LANTERN,x,2010-12-01 08:26:00,3.39,17850,anna@example.com\n1,2,\"open,1\n");

        using var csv = new MemoryStream();
        await shop.UseAsync<DownloadRemarks>(d => d.RunAsync(import.ImportId, null, csv, default));
        var text = Encoding.UTF8.GetString(csv.ToArray());

        text.ShouldContain("2,rejected,quantity_not_a_number,x,\"'=cmd|");
        text.ShouldContain("3,rejected,quote_not_closed,,\"1,2,\"\"open,1\"");
        var kept = await shop.Database.ReadAsync(s => s.QueryAsync("select content from customers_import_remarks", null, r => r.Bytes(0), default), default);
        kept.ShouldAllBe(c => !Encoding.UTF8.GetString(c).Contains("anna"));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Every_naughty_string_survives_as_name_code_and_customer(Engine engine)
    {
        var list = Path.Combine(Repository.Root, "..", "shared", "data", "bad-input", "naughty_strings.json");
        Assert.SkipUnless(File.Exists(list), "../shared/data/bad-input is not there.");
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var naughty = JsonSerializer.Deserialize<string[]>(File.ReadAllText(list))!.Where(s => s.Trim('\0', ' ').Length is > 0 and <= 300).ToArray();
        var lines = naughty.Select((s, i) => $"N{i},S{i},{Quoted(s)},1,2026-01-02 03:04:05,2.50,{Quoted(s)},{Quoted(s)}\n"
            + $"M{i},{Quoted(s.Length <= 100 ? s : "long")},{Quoted(s)},1,2026-01-02 03:04:05,2.50,C{i},UK\n");

        var import = await shop.ImportTextAsync(ImportsInShop.Header + string.Concat(lines));

        import.Count("rejected").ShouldBe(naughty.Count(s => s.Length <= 100 && string.IsNullOrWhiteSpace(s)));
        var kept = (await shop.Database.ReadAsync(s => s.QueryAsync("select name from commerce_products where sku like 'S%'", null, r => r.Text(0), default), default)).ToHashSet();
        naughty.Select(s => s.Trim().Replace("\0", "", StringComparison.Ordinal)).Where(s => s.Length > 0 && !kept.Contains(s)).ShouldBeEmpty();
        foreach (var text in naughty)
        {
            await shop.UseAsync<Wellmet.Commerce.Catalog.ListProducts>(list => list.RunAsync(new(Query: text), default));
            await shop.UseAsync<Wellmet.Commerce.Orders.ListOrders>(list => list.RunAsync(new(new(Number: text, Country: text)), default));
        }
    }

    [Fact]
    public async Task Only_who_may_import_can()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);
        var nobody = new Actor(Id.New(), "staff", Role.Analyst, _ => false);

        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<StartImport>(s => s.RunAsync(new(ImportSource.Local("x"), "x", "online-retail"), default), nobody));
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<UndoImport>(s => s.RunAsync(Id.New(), default), nobody));
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<DownloadRemarks>(s => s.RunAsync(Id.New(), null, Stream.Null, default), nobody));
    }

    [Fact]
    public async Task A_general_export_is_read_with_its_customers_and_cancellations()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);

        var import = await shop.ImportTextAsync(
            "Name,Created at,Email,Billing Name,Lineitem sku,Lineitem name,Lineitem quantity,Lineitem price,Currency,Financial Status\n"
            + "#1001,2026-01-02 10:00:00 +0100,anna@example.com,Anna,T-1,T-shirt,2,19.90,EUR,paid\n"
            + "#1001,,,,T-2,Cap,1,9.90,EUR,\n"
            + "#1002,2026-01-03 10:00:00 +0100,bert@example.com,Bert,T-1,T-shirt,1,19.90,EURO,paid\n"
            + "#1003,2026-01-04 10:00:00 +0100,anna@example.com,Anna,T-1,T-shirt,1,19.90,EUR,refunded\n", "orders-csv");

        import.Counts.Where(c => c.Value > 0).ShouldBe(new Dictionary<string, long> { ["customer"] = 2, ["cancelled"] = 1, ["rejected"] = 1 }, ignoreOrder: true);
        var totals = await shop.UseAsync<IOrders, SalesTotals>(o => o.TotalsAsync(default));
        (totals.Customers, totals.Orders, totals.RevenueMinor, totals.Currency).ShouldBe((1, 1, 4970, "EUR"));
    }

    private static string Write(TestShop shop, string text)
    {
        var file = Path.Combine(shop.Folder, Guid.CreateVersion7().ToString("N") + ".csv");
        File.WriteAllText(file, text);
        return file;
    }

    private static string ManyLines(int lines = Lines) => ImportsInShop.Header
        + string.Concat(Enumerable.Range(0, lines).Select(i => $"{i / 4},S{i % 50},THING {i % 50},1,2010-12-01 08:26:00,2.50,{i / 40},UK\n"));

    private static string Quoted(string text) => "\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    private static Task<Import> StartAsync(TestShop shop, string file) =>
        shop.UseAsync<StartImport, Import>(s => s.RunAsync(new(ImportSource.Local(file), Path.GetFileName(file), "online-retail"), default));

    private static Task<Import> RunAsync(TestShop shop, Guid import, string file, IProgress<ImportProgress>? progress = null, CancellationToken ct = default) =>
        shop.UseAsync<RunImport, Import>(r => r.RunAsync(new(import, ImportSource.Local(file), progress), ct));

    private static Task<long> LinesAsync(TestShop shop) => shop.Database.ReadAsync(s => s.CountAsync("select count(*) from commerce_order_lines"), default);

    private sealed class Watch(Action<ImportProgress> look) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => look(value);
    }
}
