using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Wellmet.Platform.Audit;

/// <summary>Seals what was recorded, shortly after; what is left at the end is sealed by the next start.</summary>
public sealed class AuditSealing(AuditChain chain, AuditSignal signal, ILogger<AuditSealing> logger) : BackgroundService
{
    private static readonly TimeSpan Gather = TimeSpan.FromSeconds(1), LongestWait = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await chain.SealAsync(stoppingToken);
                await signal.WaitAsync(LongestWait, stoppingToken);
                await Task.Delay(Gather, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                logger.LogWarning(e, "The audit log could not be sealed now; tried again in {Wait}", LongestWait);
                await Task.Delay(LongestWait, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
