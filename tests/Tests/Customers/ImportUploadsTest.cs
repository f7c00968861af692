using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Wellmet.Customers.Imports;
using Wellmet.Platform;
using Wellmet.Platform.Backups;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Tests.Customers;

/// <summary>Where an uploaded file is, and how long.</summary>
public sealed class ImportUploadsTest
{
    private const string Anna = "Name,Created at,Email,Lineitem sku,Lineitem quantity,Lineitem price\n#1,2026-01-02 10:00:00,anna@example.com,T-1,2,19.90\n#2,2026-01-02 10:00:00,anna@example.com,T-1,x,19.90\n";
    private const string Sales = ImportsInShop.Header + "1,71053,LANTERN,6,2010-12-01 08:26:00,3.39,17850,UK\n";

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_upload_is_kept_and_backed_up_until_its_import_is_done(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var import = await UploadAsync(shop, Sales);
        Files(shop).Count.ShouldBe(1);
        var backup = await shop.Get<BackupShop>().RunAsync(Path.Combine(shop.Folder, "backups"), default);
        Directory.GetFiles(Path.Combine(backup.Data, "files"), "*", SearchOption.AllDirectories).Length.ShouldBe(1);

        var done = await RunAsync(shop, import);

        (done.State, done.FileId).ShouldBe((ImportState.Completed, null));
        Files(shop).ShouldBeEmpty();
        (await RunAsync(shop, await UploadAsync(shop, Sales))).Count("known").ShouldBe(1);
        await shop.UseAsync<UndoImport>(undo => undo.RunAsync(done.ImportId, default));
        (await shop.Get<ImportLedger>().GetAsync(done.ImportId, default)).State.ShouldBe(ImportState.Undoing);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_server_leaves_an_upload_alone_that_lies_elsewhere(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var elsewhere = await UploadAsync(shop, Sales.Replace("LANTERN", "CANDLE", StringComparison.Ordinal));
        var file = Files(shop).Single();
        File.Move(file, file + ".elsewhere");
        var here = await UploadAsync(shop, Sales);

        await shop.Get<ImportWorker>().StartAsync(default);
        await StateAsync(shop, here, ImportState.Completed);
        (await shop.Get<ImportLedger>().GetAsync(elsewhere, default)).State.ShouldBe(ImportState.Queued);
        File.Move(file + ".elsewhere", file);
        await StateAsync(shop, elsewhere, ImportState.Completed);
        await shop.Get<ImportWorker>().StopAsync(default);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_lost_upload_that_is_sent_again_takes_the_place_of_the_first(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var import = await UploadAsync(shop, Sales);
        File.Delete(Files(shop).Single());

        (await UploadAsync(shop, Sales)).ShouldBe(import);

        (await RunAsync(shop, import)).LinesDone.ShouldBe(1);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Remarks_and_forgotten_uploads_go_after_30_days(Engine engine)
    {
        var clock = new ManualClock(CustomersInShop.Day);
        await using var shop = await TestShop.OpenAsync(engine, workers: false, services => services.AddSingleton<TimeProvider>(clock));
        var done = await shop.ImportTextAsync(Anna, "orders-csv");
        var forgotten = await UploadAsync(shop, Anna + "#3,2026-01-03,anna@example.com,T-1,1,19.90\n", "orders-csv");

        clock.Advance(TimeSpan.FromDays(29));
        (await ExpireAsync(shop)).ShouldBe(0);
        (await shop.ReportAsync(done.ImportId)).Sample.Single().Raw.ShouldContain("anna@example.com");
        clock.Advance(TimeSpan.FromDays(2));
        (await ExpireAsync(shop)).ShouldBe(2, "a line and a file");

        var report = await shop.ReportAsync(done.ImportId);
        (report.Sample.Count, report.Import.Count("rejected")).ShouldBe((0, 1), "how many there were is still known");
        (await shop.Get<KeyStore>().KeysAsync([done.ImportId], create: false, default)).Has(done.ImportId).ShouldBeFalse();
        Files(shop).ShouldBeEmpty();
        var left = await shop.Get<ImportLedger>().GetAsync(forgotten, default);
        (left.State, left.FileId).ShouldBe((ImportState.Cancelled, null));
    }

    private static Task<Guid> UploadAsync(TestShop shop, string text, string layout = "online-retail") => shop.UseAsync<UploadImport, Guid>(upload =>
        upload.RunAsync(new(new MemoryStream(Encoding.UTF8.GetBytes(text)), "sales.csv", layout, null), default));

    private static async Task<Import> RunAsync(TestShop shop, Guid importId)
    {
        var import = await shop.Get<ImportLedger>().GetAsync(importId, default);
        return await shop.UseAsync<RunImport, Import>(run => run.RunAsync(new(importId, shop.Get<ImportFiles>().SourceOf(import.FileId!.Value)), default));
    }

    private static async Task StateAsync(TestShop shop, Guid import, ImportState state)
    {
        for (var i = 0; i < 300 && (await shop.Get<ImportLedger>().GetAsync(import, default)).State != state; i++)
        {
            await Task.Delay(100);
        }
        (await shop.Get<ImportLedger>().GetAsync(import, default)).State.ShouldBe(state);
    }

    private static async Task<int> ExpireAsync(TestShop shop)
    {
        var gone = 0;
        foreach (var expiry in shop.Services.GetServices<IExpiry>())
        {
            gone += await expiry.DeleteExpiredAsync(default);
        }
        return gone;
    }

    private static List<string> Files(TestShop shop) => Directory.Exists(Path.Combine(shop.Folder, "files"))
        ? [.. Directory.GetFiles(Path.Combine(shop.Folder, "files"), "*", SearchOption.AllDirectories)] : [];
}
