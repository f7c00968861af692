using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;
using Wellmet.Insights.Rollups;

namespace Wellmet.Server.Commands;

/// <summary>What follows when a command has written much into the log: every receiver sees it, and the home page counts it. A command ends when its figures are whole.</summary>
internal sealed class FollowUp(ShopHost shop)
{
    public async Task SilentlyAsync(CancellationToken ct)
    {
        await shop.DrainAsync(_ => { }, ct);
        await CountAsync(null, ct);
    }

    /// <summary>Adds its bars to those of the command; run the answer when the command's own work is done.</summary>
    public Func<Task> Announce(ProgressContext bars, CancellationToken ct)
    {
        var telling = bars.AddTask("Telling every receiver", autoStart: false);
        var counting = bars.AddTask("Counting for the home page", autoStart: false);
        return async () =>
        {
            await shop.DrainAsync(Left(telling), ct);
            await CountAsync(Left(counting), ct);
        };
    }

    private async Task CountAsync(Action<long>? waiting, CancellationToken ct)
    {
        var count = shop.Services.GetRequiredService<CountSales>();
        var left = waiting is null ? 0 : await count.WaitingAsync(ct);
        waiting?.Invoke(left);
        while (await count.RunAsync(ct) is > 0 and var moved)
        {
            waiting?.Invoke(left = Math.Max(0, left - moved));
        }
        waiting?.Invoke(0);
    }

    private static Action<long> Left(ProgressTask bar)
    {
        bar.StartTask();
        return left =>
        {
            bar.MaxValue = Math.Max(bar.MaxValue, left);
            bar.Value = bar.MaxValue - left;
        };
    }
}
