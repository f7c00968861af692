using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;
using Wellmet.Customers.Imports;
using Wellmet.Customers.Imports.Reading;
using Wellmet.Insights.Rollups;
using Wellmet.Platform;

namespace Wellmet.Server.Commands;

/// <summary><c>wellmet import LAYOUT FILE</c>: reads a sales file into the shop, with a bar; goes on where it stopped.</summary>
internal static class ImportCommand
{
    public static Command Build()
    {
        var storage = new StorageArguments();
        var layout = new Argument<string>("layout") { Description = "online-retail, orders-csv for any file with one order line per row, or products-csv for one with a product per row." };
        var file = new Argument<string>("file") { Description = "A .csv or .csv.gz file." };
        var dates = new Option<string?>("--dates") { Description = "Whether dates are written with the day or the month first, where the file does not show it." };
        dates.AcceptOnlyFromAmong("day-first", "month-first");
        var json = new Option<bool>("--json") { Description = "Print one JSON object at the end, no bar." };
        var command = new Command("import", "Import a file of sales or products. The same file again adds nothing; interrupted, it goes on where it stopped.") { layout, file, dates, json };
        storage.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            var path = Path.GetFullPath(parsed.GetValue(file)!);
            if (!File.Exists(path))
            {
                throw new ProblemException("file_missing", "There is no file {0}.", 404, path);
            }
            await using var shop = await ShopHost.OpenAsync(storage.Read(parsed), receivers: true, prepare: true, ct, services => services.AddSingleton(new RollupOptions(Bulk: true)));
            var run = new ImportRunner(shop, path, parsed.GetValue(layout)!, parsed.GetValue(dates) is { } order ? order == "day-first" : null);
            return parsed.GetValue(json) ? await run.SilentlyAsync(ct) : await run.WithBarAsync(ct);
        });
        return command;
    }

    private sealed class ImportRunner(ShopHost shop, string file, string layout, bool? dayFirst)
    {
        private readonly long started = Stopwatch.GetTimestamp();

        public async Task<int> SilentlyAsync(CancellationToken ct)
        {
            var import = await ImportAsync(progress: null, ct);
            await shop.DrainAsync(_ => { }, ct);
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            await new FollowUp(shop).SilentlyAsync(ct);
            var report = new JsonObject
            {
                ["import_id"] = import.ImportId,
                ["state"] = import.State.ToString().ToLowerInvariant(),
                ["lines"] = import.LinesDone,
                ["seconds"] = Math.Round(seconds, 2),
                ["lines_per_second"] = Math.Round((import.LinesDone - import.ResumedAt) / seconds),
                ["peak_rss_mb"] = Process.GetCurrentProcess().PeakWorkingSet64 >> 20,
            };
            foreach (var (name, count) in import.Counts)
            {
                report["lines_" + name] = count;
            }
            Console.WriteLine(report.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
            return import.State == ImportState.Completed ? 0 : 1;
        }

        public async Task<int> WithBarAsync(CancellationToken ct)
        {
            var bars = AnsiConsole.Progress()
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RateColumn(), new RemainingTimeColumn());
            return Say(await bars.StartAsync(context => ShowAsync(context, ct)));
        }

        private async Task<Import> ShowAsync(ProgressContext bars, CancellationToken ct)
        {
            var reading = bars.AddTask("Reading");
            var follow = new FollowUp(shop).Announce(bars, ct);
            var import = await ImportAsync(new Bar(reading), ct);
            reading.Value = reading.MaxValue;
            await follow();
            return import;
        }

        private async Task<Import> ImportAsync(IProgress<ImportProgress>? progress, CancellationToken ct)
        {
            var import = await shop.Services.GetRequiredService<StartImport>().RunAsync(new(ImportSource.Local(file), Path.GetFileName(file), layout, DayFirst: dayFirst), ct);
            return await shop.Services.GetRequiredService<RunImport>().RunAsync(new(import.ImportId, ImportSource.Local(file), progress), ct);
        }

        private int Say(Import import)
        {
            AnsiConsole.MarkupLineInterpolated($"{import.LinesDone:N0} lines in {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s: {import.State.ToString().ToLowerInvariant()}.");
            foreach (var (name, count) in import.Counts)
            {
                AnsiConsole.MarkupLineInterpolated($"  {name,-12} {count,12:N0}");
            }
            return import.State == ImportState.Completed ? 0 : 1;
        }
    }

    private sealed class Bar(ProgressTask task) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value)
        {
            task.MaxValue = Math.Max(1, value.Total);
            task.Value = value.Done;
        }
    }

    /// <summary>Lines a second.</summary>
    private sealed class RateColumn : ProgressColumn
    {
        public override Spectre.Console.Rendering.IRenderable Render(Spectre.Console.Rendering.RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(task.Speed is { } speed ? $"{speed:N0}/s" : "");
    }
}
