using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Wellmet.Tests;

namespace Wellmet.Faults;

/// <summary>The import of a sales file under kill -9 and power cuts: begun again, it goes on, and comes to the same figures.</summary>
public sealed class ImportTest(ITestOutputHelper output)
{
    private static string Program => typeof(Wellmet.Server.WebServer).Assembly.Location;

    [Fact]
    public async Task An_import_that_is_killed_20_times_comes_to_the_same_figures() => await KillAsync(20);

    [Fact]
    [Trait("tier", "long")]
    public async Task An_import_that_is_killed_100_times_comes_to_the_same_figures() => await KillAsync(100);

    [Fact]
    public async Task An_import_whose_machine_loses_power_10_times_comes_to_the_same_figures()
    {
        using var disk = FaultDisk.Ext4(megabytes: 1024);
        var file = SalesFile();
        var expected = await FiguresAsync(await CompleteAsync(NewFolder(), file));
        var cuts = 0;
        for (var round = 0; cuts < 10; round++)
        {
            var data = Path.Combine(disk.Folder, "data" + round.ToString(CultureInfo.InvariantCulture));
            while (cuts < 10 && await InterruptAsync(data, file, disk.CutPower))
            {
                cuts++;
                disk.Restart();
            }
            (await FiguresAsync(await CompleteAsync(data, file))).ShouldBe(expected, $"after {cuts} power cuts");
            Directory.Delete(data, recursive: true);
        }
        output.WriteLine($"{cuts} power cuts during imports: every import went on to the same figures. {Ledger.Bound(cuts)}");
    }

    private async Task KillAsync(int wanted)
    {
        var file = SalesFile();
        var expected = await FiguresAsync(await CompleteAsync(NewFolder(), file));
        var kills = 0;
        while (kills < wanted)
        {
            var data = NewFolder();
            while (kills < wanted && await InterruptAsync(data, file, cut: null))
            {
                kills++;
            }
            (await FiguresAsync(await CompleteAsync(data, file))).ShouldBe(expected, $"after {kills} kills");
            Directory.Delete(data, recursive: true);
        }
        output.WriteLine($"{kills} kills during imports: every import went on to the same figures. {Ledger.Bound(kills)}");
    }

    /// <summary>Starts the import and kills it at a random moment; answers false where it was done before.</summary>
    private static async Task<bool> InterruptAsync(string data, string file, Action<ChildProcess>? cut)
    {
        using var import = ChildProcess.Start(Program, ["import", "online-retail", file, "--data", data, "--json"]);
        await Task.Delay(RandomNumberGenerator.GetInt32(700, 3500));
        if (import.HasExited)
        {
            import.ExitCode.ShouldBe(0, import.Output);
            return false;
        }
        cut?.Invoke(import);
        import.Kill();
        await import.ExitAsync();
        return true;
    }

    private static async Task<string> CompleteAsync(string data, string file)
    {
        using var import = ChildProcess.Start(Program, ["import", "online-retail", file, "--data", data, "--json"]);
        (await import.ExitAsync()).ShouldBe(0, import.Output);
        return data;
    }

    private static async Task<string> FiguresAsync(string data)
    {
        using var check = ChildProcess.Start(Program, ["check", "--totals", "--json", "--data", data]);
        (await check.ExitAsync()).ShouldBe(0, check.Output);
        using var figures = JsonDocument.Parse(check.Output);
        figures.RootElement.GetProperty("orders").GetInt64().ShouldBeGreaterThan(0);
        return check.Output;
    }

    /// <summary>The real file where it is at hand; else one of the same shape and the same dirt, made here.</summary>
    private static string SalesFile() => RealData.Find("online-retail/online_retail.csv.gz") ?? MadeFile();

    private static string MadeFile()
    {
        var file = Path.Combine(NewFolder(), "sales.csv.gz");
        using var writer = new StreamWriter(new GZipStream(File.Create(file), CompressionLevel.Fastest), new UTF8Encoding(false));
        writer.Write("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n");
        for (var line = 0; line < 400_000; line++)
        {
            var invoice = line / 20;
            var product = line * 7919 % 4000;
            var cancelled = invoice % 17 == 0;
            var customer = invoice % 5 == 0 ? "" : (10_000 + (invoice * 31 % 3000)).ToString(CultureInfo.InvariantCulture) + ".0";
            var at = new DateTime(2025, 1, 1, 9, 0, 0, DateTimeKind.Utc).AddMinutes(invoice * 20);
            writer.Write(string.Create(CultureInfo.InvariantCulture,
                $"{(cancelled ? "C" : "")}{500_000 + invoice},{20_000 + product},PRODUCT {product},{(cancelled ? -1 : 1 + (line % 6))},{at:yyyy-MM-dd HH:mm:ss},{product % 900 / 100.0:F2},{customer},United Kingdom\n"));
        }
        return file;
    }

    private static string NewFolder() => Directory.CreateTempSubdirectory("wellmet-import").FullName;
}
