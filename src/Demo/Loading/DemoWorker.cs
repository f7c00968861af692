using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wellmet.Demo.Contract;
using Wellmet.Demo.Removal;
using Wellmet.Platform.Access;
using Wellmet.Platform.Ui.Live;

namespace Wellmet.Demo.Loading;

/// <summary>Makes and removes the demo shop behind the pages, also where another process left off, and lets open pages follow whoever does it.</summary>
public sealed class DemoWorker(DemoLedger ledger, IServiceScopeFactory scopes, LiveTopics live, TimeProvider time, ILogger<DemoWorker> logger) : BackgroundService, IProgress<DemoShopState>
{
    /// <summary>What pages that show the demo shop's progress listen to.</summary>
    public const string Topic = "demo";

    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1), Rest = TimeSpan.FromSeconds(20);
    private DemoShopState? shown;

    public void Report(DemoShopState value) => live.Publish(Topic);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = Poll;
            try
            {
                await WorkAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.LogWarning(e, "The demo shop could not be made or removed; trying again");
                pause = Rest;
            }
            await Task.Delay(pause, time, stoppingToken);
        }
    }

    private async Task WorkAsync(CancellationToken ct)
    {
        var row = await ledger.RowAsync(ct);
        if (row is { Held: false, Stage: not DemoStage.Ready })
        {
            await using var scope = scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<CurrentActor>().Value = Actor.System;
            await (row.Stage == DemoStage.Making
                ? scope.ServiceProvider.GetRequiredService<MakeDemo>().RunAsync(this, ct)
                : scope.ServiceProvider.GetRequiredService<RunRemoval>().RunAsync(this, ct));
            row = await ledger.RowAsync(ct);
        }
        if (row?.State != shown)
        {
            shown = row?.State;
            live.Publish(Topic);
        }
    }
}
