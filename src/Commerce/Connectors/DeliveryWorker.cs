using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Connectors;

/// <summary>Works off what shop systems sent: of each connection one delivery after the other, the oldest first; also what an earlier process left.</summary>
internal sealed class DeliveryWorker(IServiceScopeFactory scopes, Database database, DeliveryNews news, TimeProvider time, ILogger<DeliveryWorker> logger) : BackgroundService
{
    private const int Page = 50;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);
    private readonly Guid node = Id.New();

    /// <summary>Works off all that is due; answers how many deliveries that were.</summary>
    public async Task<int> RunOnceAsync(CancellationToken ct)
    {
        var worked = 0;
        foreach (var connection in await database.ReadAsync(s => s.QueryAsync("select distinct connection_id from commerce_deliveries where state = 'waiting' and next_at <= @now", new { now = time.GetUtcNow() }, r => r.Guid(0), ct), ct))
        {
            try
            {
                while (await ConnectionLease.TakeAsync(database, connection, node, time, ct) is { } lease && await DueAsync(connection, ct) is { Count: > 0 } due)
                {
                    foreach (var delivery in due)
                    {
                        await WorkAsync(delivery, lease, ct);
                        worked++;
                    }
                }
            }
            catch (ConnectionLease.LostException)
            {
                logger.LogInformation("Another process goes on with connection {Connection}", connection);
            }
        }
        return worked;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var wake = news.NextWork;
            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.LogWarning(e, "What shops sent could not be worked off now; tried again");
            }
            await Task.WhenAny(wake, Task.Delay(Poll, time, stoppingToken));
        }
    }

    private Task<List<DueDelivery>> DueAsync(Guid connection, CancellationToken ct) => database.ReadAsync(s => s.QueryAsync(
        $"select {DueDelivery.Columns} from commerce_deliveries where connection_id = @connection and state = 'waiting' and next_at <= @now order by received_at, delivery_id limit {Page}",
        new { connection, now = time.GetUtcNow() }, DueDelivery.Of, ct), ct);

    private async Task WorkAsync(DueDelivery delivery, ConnectionLease lease, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().Value = Actor.System;
        try
        {
            await scope.ServiceProvider.GetRequiredService<WorkDelivery>().RunAsync(delivery, lease, ct);
        }
        catch (Exception e) when (e is not (OperationCanceledException or ConnectionLease.LostException))
        {
            logger.LogWarning(e, "A delivery of {Topic} is tried again later", delivery.Topic);
        }
    }
}
