using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Wellmet.Customers.Identities;

/// <summary>Completes at the start, and then now and again, what a crash left between the rows and the key store.</summary>
internal sealed class SubjectVaultService(SubjectVault vault, TimeProvider time, ILogger<SubjectVaultService> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await vault.CompleteAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.LogError(e, "Keys and search tokens could not follow the customers' rows; tried again in {Interval}", Interval);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
