using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Vault;

/// <summary>
/// PostgreSQL lets new search tokens wait in a list of their index, and enters some 70,000 at once: cheap, but whoever adds the last of them waits for all, which is
/// 150 to 250 ms. Here they are entered beside the requests, before there are so many.
/// </summary>
public sealed class PendingTokens(KeyStore store, ILogger<PendingTokens> logger) : BackgroundService
{
    private const long Many = 8_000;

    private readonly SemaphoreSlim many = new(0, 1);
    private long waiting;

    /// <summary>To be told of tokens that wait, once they do: before the commit there is nothing to enter yet.</summary>
    internal void Add(int tokens)
    {
        if (Interlocked.Add(ref waiting, tokens) >= Many && many.CurrentCount == 0)
        {
            try
            {
                many.Release();
            }
            catch (SemaphoreFullException)
            {
                // Another request said so at the same moment.
            }
        }
    }

    /// <summary>Enters what waits.</summary>
    internal async Task EnterAsync(CancellationToken ct)
    {
        Interlocked.Exchange(ref waiting, 0);
        await store.Database.WriteUnflushedAsync(tx => tx.ExecuteAsync("select gin_clean_pending_list('vault_tokens_tokens')", null, ct), ct);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (store.Database.Engine == Engine.Postgres)
        {
            await many.WaitAsync(stoppingToken);
            try
            {
                await EnterAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.LogWarning(e, "Waiting search tokens could not be entered; PostgreSQL does so by itself later");
            }
        }
    }

    public override void Dispose()
    {
        many.Dispose();
        base.Dispose();
    }
}
