using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Audit;

/// <summary>Seals what was recorded, shortly after; what is left at the end is sealed by the next start.</summary>
public sealed class AuditSealing(AuditChain chain, AuditCheckpoint checkpoint, AuditSignal signal, IServiceScopeFactory scopes, ILogger<AuditSealing> logger) : BackgroundService
{
    private static readonly TimeSpan Gather = TimeSpan.FromSeconds(1), LongestWait = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await BeginCheckpointAsync(stoppingToken);
                await chain.SealAsync(stoppingToken);
                await signal.WaitAsync(LongestWait, stoppingToken);
                await Task.Delay(Gather, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (ProblemException e) when (e.Code.StartsWith("audit_", StringComparison.Ordinal))
            {
                logger.LogError("{Problem}", e.Message);
                await Task.Delay(LongestWait, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception e)
            {
                logger.LogWarning(e, "The audit log could not be sealed now; tried again in {Wait}", LongestWait);
                await Task.Delay(LongestWait, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>
    /// A folder without a checkpoint beside a chain that is not empty is a restored backup or a new node: from here on its end is anchored again,
    /// and the log itself says so.
    /// </summary>
    private async Task BeginCheckpointAsync(CancellationToken ct)
    {
        if (!checkpoint.TryRead(out var seal) || seal is not null || await chain.LastAsync(ct) is null)
        {
            return;
        }
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().Value = Actor.System;
        var audit = scope.ServiceProvider.GetRequiredService<AuditLog>();
        await scope.ServiceProvider.GetRequiredService<Database>().WriteAsync(tx => audit.RecordAsync(tx, "audit.checkpoint_begun", "audit", null, ct), ct);
    }
}
