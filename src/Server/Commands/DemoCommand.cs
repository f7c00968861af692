using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;
using Wellmet.Demo.Contract;
using Wellmet.Demo.Generator;
using Wellmet.Demo.Loading;
using Wellmet.Demo.Removal;
using Wellmet.Insights.Rollups;
using Wellmet.Platform.Log;
using Wellmet.Recommendations.Models;

namespace Wellmet.Server.Commands;

/// <summary><c>wellmet demo</c>: makes the demo shop, or with <c>--remove</c> removes it; goes on where it stopped.</summary>
internal static class DemoCommand
{
    public static Command Build()
    {
        var storage = new StorageArguments();
        var customers = new Option<int>("--customers") { Description = "How many customers.", DefaultValueFactory = _ => DemoPlan.DefaultCustomers };
        var months = new Option<int>("--months") { Description = "How far back its history goes.", DefaultValueFactory = _ => DemoPlan.DefaultMonths };
        var seed = new Option<ulong>("--seed") { Description = "The same seed makes the same shop.", DefaultValueFactory = _ => DemoPlan.DefaultSeed };
        var remove = new Option<bool>("--remove") { Description = "Remove the demo shop, and nothing else." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object at the end, no bar." };
        var command = new Command("demo", "Make a demo shop of made-up customers, kept apart from your own data. Interrupted, it goes on where it stopped.") { customers, months, seed, remove, json };
        storage.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            // A history of many years is told at once: larger batches than those that wait for single events, and nothing learns from half of it.
            await using var shop = await ShopHost.OpenAsync(storage.Read(parsed), receivers: true, prepare: true, ct,
                services => services.AddSingleton(new TrainingOptions { Poll = TimeSpan.FromDays(1) }).AddSingleton(new RollupOptions(Bulk: true)), new LogOptions { Batch = 5_000, RecentBytes = 128L * 1024 * 1024 });
            var work = new DemoWork(shop);
            if (parsed.GetValue(remove))
            {
                await shop.Services.GetRequiredService<RemoveDemo>().RunAsync(ct);
                return await work.RemoveAsync(parsed.GetValue(json), ct);
            }
            await shop.Services.GetRequiredService<CreateDemo>().RunAsync(new(parsed.GetValue(customers), parsed.GetValue(months), parsed.GetValue(seed)), ct);
            return await work.MakeAsync(parsed.GetValue(json), ct);
        });
        return command;
    }

    private sealed class DemoWork(ShopHost shop)
    {
        private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(300);
        private readonly long started = Stopwatch.GetTimestamp();
        private readonly DemoLedger ledger = shop.Services.GetRequiredService<DemoLedger>();

        public async Task<int> MakeAsync(bool json, CancellationToken ct)
        {
            var made = 0L;
            if (json)
            {
                made = await MakeAsync(null, ct);
                await new FollowUp(shop).SilentlyAsync(ct);
            }
            else
            {
                await Bars().StartAsync(async bars =>
                {
                    var making = bars.AddTask("Making customers");
                    var follow = new FollowUp(shop).Announce(bars, ct);
                    made = await MakeAsync(new Bar(making), ct);
                    await follow();
                });
            }
            return Say(json, "ready", made);
        }

        public async Task<int> RemoveAsync(bool json, CancellationToken ct)
        {
            if (json)
            {
                await RemoveAsync(null, ct);
            }
            else
            {
                await Bars().StartAsync(bars => RemoveAsync(new Bar(bars.AddTask("Removing customers")), ct));
            }
            return Say(json, "removed", 0);
        }

        /// <summary>A worker, here or in a running server, may have been faster: then its progress is shown.</summary>
        private async Task<long> MakeAsync(IProgress<DemoShopState>? progress, CancellationToken ct)
        {
            while (true)
            {
                await shop.Services.GetRequiredService<MakeDemo>().RunAsync(progress, ct);
                var state = await ledger.FindAsync(ct);
                if (state is not { Stage: DemoStage.Making })
                {
                    return state is { Stage: DemoStage.Ready } ? state.Customers
                        : throw new Platform.ProblemException("demo_withdrawn", "The demo shop was removed while it was made.", 409);
                }
                progress?.Report(state);
                await Task.Delay(Look, ct);
            }
        }

        private async Task RemoveAsync(IProgress<DemoShopState>? progress, CancellationToken ct)
        {
            while (await ledger.FindAsync(ct) is { } state)
            {
                progress?.Report(state);
                if (!await shop.Services.GetRequiredService<RunRemoval>().RunAsync(progress, ct))
                {
                    await Task.Delay(Look, ct);
                }
            }
        }

        private static Progress Bars() =>
            AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn());

        private int Say(bool json, string state, long customers)
        {
            var seconds = Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 1);
            if (json)
            {
                var report = new JsonObject { ["state"] = state, ["customers"] = customers, ["seconds"] = seconds, ["peak_rss_mb"] = Process.GetCurrentProcess().PeakWorkingSet64 >> 20 };
                Console.WriteLine(report.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
            }
            else
            {
                AnsiConsole.MarkupLineInterpolated(customers == 0 ? (FormattableString)$"The demo shop is removed ({seconds} s)." : $"The demo shop is ready: {customers:N0} customers ({seconds} s). Remove it with wellmet demo --remove, or on the home page.");
            }
            return 0;
        }
    }

    private sealed class Bar(ProgressTask task) : IProgress<DemoShopState>
    {
        public void Report(DemoShopState value)
        {
            task.MaxValue = Math.Max(1, value.Customers);
            task.Value = value.Done;
        }
    }
}
