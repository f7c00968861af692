using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wellmet.Platform.Access;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Webhooks;

/// <summary>Sends what is due, to each endpoint by itself: a slow one makes only its own messages wait. Nodes share the messages by claims that end.</summary>
internal sealed class WebhookWorker(IServiceScopeFactory scopes, Database database, WebhookOutbox outbox, TimeProvider time, ILogger<WebhookWorker> logger) : BackgroundService
{
    private const int PerClaim = 8, AtOnce = 4, EndpointsAtOnce = 64;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5), Claim = TimeSpan.FromMinutes(2);
    private readonly Guid node = Id.New();
    private readonly ConcurrentDictionary<Guid, Task> sending = new();

    /// <summary>Begins to send to those endpoints for which something is due, and which are not being sent to; answers their work.</summary>
    public async Task<IReadOnlyList<Task>> BeginAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var due = await database.ReadAsync(s => s.QueryAsync("""
            select e.endpoint_id from webhooks_endpoints e where e.disabled_at is null and exists (
              select 1 from webhooks_deliveries d where d.endpoint_id = e.endpoint_id and d.state = 'pending' and d.next_at <= @now and (d.claimed_until is null or d.claimed_until < @now))
            """, new { now }, r => r.Guid(0), ct), ct);
        var begun = new List<Task>();
        foreach (var endpoint in due.Where(e => !sending.ContainsKey(e)).Take(EndpointsAtOnce - sending.Count))
        {
            var work = Task.Run(() => SendAllAsync(endpoint, ct), ct);
            sending[endpoint] = work;
            begun.Add(work.ContinueWith(_ => sending.TryRemove(endpoint, out Task? _), ct, TaskContinuationOptions.None, TaskScheduler.Default));
        }
        return begun;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var wake = outbox.NextWork;
            try
            {
                await BeginAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.LogWarning(e, "Webhooks could not be sent now; tried again");
            }
            await Task.WhenAny(wake, Task.Delay(Poll, time, stoppingToken));
        }
    }

    private async Task SendAllAsync(Guid endpointId, CancellationToken ct)
    {
        try
        {
            while (await ClaimAsync(endpointId, ct) is { Count: > 0 } claimed)
            {
                await using var scope = scopes.CreateAsyncScope();
                var (endpoint, secrets) = await scope.ServiceProvider.GetRequiredService<WebhookEndpoints>().OpenAsync(endpointId, ct);
                if (endpoint.DisabledAt is not null)
                {
                    return;
                }
                await Parallel.ForEachAsync(claimed, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, (due, inner) => SendAsync(due, endpoint, secrets, inner));
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.LogWarning(e, "Messages to a webhook endpoint could not be sent now; tried again");
        }
    }

    /// <summary>In a scope of its own: what the gate answered is kept no longer than for one message.</summary>
    private async ValueTask SendAsync(DueWebhook due, WebhookEndpoint endpoint, IReadOnlyList<string> secrets, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().Value = Actor.System;
        await scope.ServiceProvider.GetRequiredService<SendWebhook>().RunAsync(due, endpoint, secrets, node, ct);
    }

    private async Task<List<DueWebhook>> ClaimAsync(Guid endpointId, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var claimed = await database.WriteAsync(tx => tx.QueryAsync($"""
            update webhooks_deliveries set claimed_by = @node, claimed_until = @until where endpoint_id = @endpointId and message_id in (
              select message_id from webhooks_deliveries where endpoint_id = @endpointId and state = 'pending' and next_at <= @now and (claimed_until is null or claimed_until < @now)
              order by next_at, created_at, message_id limit {PerClaim} {tx.Pick("", "for update skip locked")})
            returning message_id, attempts
            """, new { node, until = now + Claim, endpointId, now }, r => (Message: r.Guid(0), Attempts: r.Long(1)), ct), ct);
        var attempts = claimed.ToDictionary(c => c.Message, c => c.Attempts);
        return claimed.Count == 0 ? [] : await database.ReadAsync(s => s.QueryAsync("select message_id, body, subject_id, purpose from webhooks_messages where message_id in @ids order by created_at, message_id",
            new { ids = attempts.Keys }, r => new DueWebhook(endpointId, r.Guid(0), attempts[r.Guid(0)], r.Text(1), r.GuidOrNull(2), r.Enum<Purpose>(3)), ct), ct);
    }
}
