using Wellmet.Customers.Imports;
using Wellmet.Customers.Imports.Reading;
using Wellmet.Platform.Storage;

namespace Wellmet.Tests.Customers;

/// <summary>What tests of imports do with a shop.</summary>
internal static class ImportsInShop
{
    /// <summary>The UCI file, where the data folder stands beside the repository.</summary>
    public static string OnlineRetail => Path.Combine(Repository.Root, "..", "shared", "data", "online-retail", "online_retail.csv.gz");

    public const string Header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

    /// <summary>Writes the text to a file of the shop's folder and imports it.</summary>
    public static Task<Import> ImportTextAsync(this TestShop shop, string text, string layout = "online-retail")
    {
        var file = Path.Combine(shop.Folder, Guid.CreateVersion7().ToString("N") + ".csv");
        File.WriteAllText(file, text);
        return shop.ImportFileAsync(file, layout);
    }

    public static async Task<Import> ImportFileAsync(this TestShop shop, string file, string layout = "online-retail", CancellationToken ct = default)
    {
        var started = await shop.UseAsync<StartImport, Import>(start => start.RunAsync(new StartImportRequest(ImportSource.Local(file), Path.GetFileName(file), layout), ct));
        return await shop.UseAsync<RunImport, Import>(run => run.RunAsync(new RunImportRequest(started.ImportId, ImportSource.Local(file)), ct));
    }

    /// <summary>Asks for the undo and waits until the shop's own worker has done it.</summary>
    public static async Task UndoImportAsync(this TestShop shop, Guid import)
    {
        await shop.UseAsync<UndoImport>(undo => undo.RunAsync(import, default));
        for (var i = 0; i < 600; i++)
        {
            if ((await shop.Get<ImportLedger>().GetAsync(import, default)).State == ImportState.Undone)
            {
                return;
            }
            await Task.Delay(50);
        }
        throw new TimeoutException("The import was not undone within 30 seconds.");
    }

    public static async Task<ImportReport> ReportAsync(this TestShop shop, Guid import) =>
        await shop.UseAsync<ImportDetails, ImportReport>(details => details.RunAsync(import, null, default));
}
