using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;
using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Doctor;

namespace Wellmet.Server.Commands;

/// <summary><c>wellmet check</c>: a doctor, and with <c>--totals</c> the shop's figures by the definitions of the user guide.</summary>
internal static class CheckCommand
{
    public static Command Build()
    {
        var storage = new StorageArguments();
        var totals = new Option<bool>("--totals") { Description = "Print customers, orders, revenue and order lines by class." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("check", "Look whether everything is in order: versions, durability, keys, clock, disk, permissions.") { totals, json };
        storage.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            await using var shop = await ShopHost.OpenAsync(storage.Read(parsed), receivers: false, prepare: true, ct);
            return parsed.GetValue(totals)
                ? await TotalsAsync(shop, parsed.GetValue(json), ct)
                : await DoctorAsync(shop, parsed.GetValue(json), ct);
        });
        return command;
    }

    private static async Task<int> TotalsAsync(ShopHost shop, bool json, CancellationToken ct)
    {
        var totals = await shop.Services.GetRequiredService<IOrders>().TotalsAsync(ct);
        var figures = new JsonObject
        {
            ["customers"] = totals.Customers,
            ["orders"] = totals.Orders,
            ["revenue"] = new Money(totals.RevenueMinor, totals.Currency).Amount + 0.00m, // always two decimals
            ["currency"] = totals.Currency,
            ["repeat_purchase_rate"] = totals.RepeatPurchaseRate is { } rate ? Math.Round((decimal)rate, 4) : null,
            ["repeat_customers"] = totals.RepeatCustomers,
        };
        foreach (var (lineClass, count) in totals.Lines)
        {
            figures["lines_" + lineClass] = count;
        }
        if (json)
        {
            Console.WriteLine(figures.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
            return 0;
        }
        var table = new Table().AddColumn("Figure").AddColumn(new TableColumn("Value").RightAligned());
        foreach (var (name, value) in figures)
        {
            table.AddRow(name.Replace('_', ' '), value?.ToString() ?? "–");
        }
        AnsiConsole.Write(table);
        return 0;
    }

    private static async Task<int> DoctorAsync(ShopHost shop, bool json, CancellationToken ct)
    {
        var findings = await shop.Services.GetRequiredService<Doctor>().ExamineAsync(ct);
        var sound = findings.All(f => f.Verdict != Verdict.Bad);
        if (json)
        {
            var report = new JsonObject { ["ok"] = sound };
            foreach (var finding in findings)
            {
                report[finding.Name] = new JsonObject { ["verdict"] = finding.Verdict.ToString().ToLower(CultureInfo.InvariantCulture), ["value"] = finding.Value };
            }
            Console.WriteLine(report.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
            return sound ? 0 : 1;
        }
        var table = new Table().AddColumn("").AddColumn("What").AddColumn("Found");
        foreach (var finding in findings)
        {
            var mark = finding.Verdict switch { Verdict.Good => "[green]ok[/]", Verdict.Attention => "[yellow]look[/]", _ => "[red]bad[/]" };
            table.AddRow(mark, Markup.Escape(finding.Name.Replace('_', ' ')), Markup.Escape(finding.Value));
        }
        AnsiConsole.Write(table);
        return sound ? 0 : 1;
    }
}
