using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Webhooks;

/// <summary>What became of telling an endpoint of something.</summary>
public enum WebhookState
{
    Pending,
    Sent,

    /// <summary>After the last try, or because the endpoint is gone.</summary>
    Failed,

    /// <summary>The person objects to their data being handed on.</summary>
    Withheld,
}

/// <summary>A message to an endpoint in a list.</summary>
/// <param name="Status">Of the last answer (HTTP).</param>
/// <param name="Reason">Code; null where it was sent.</param>
public sealed record WebhookItem(Guid MessageId, string Type, WebhookState State, long Attempts, DateTimeOffset CreatedAt, DateTimeOffset? TriedAt, DateTimeOffset NextAt, long? TookMs, long? Status, string? Reason, string Body);

/// <summary>An endpoint with how it goes.</summary>
/// <param name="Sent">Messages of the last 24 hours that were taken.</param>
/// <param name="Pending">Messages that wait, or are tried again.</param>
/// <param name="Retried">Those among them that were not taken yet at some try.</param>
/// <param name="Failed">Messages of thirty days that were given up.</param>
public sealed record WebhookStatus(WebhookEndpoint Endpoint, long Sent, long Pending, long Retried, long Failed, DateTimeOffset? LastAt);

/// <summary>An endpoint with its latest messages, the newest first.</summary>
public sealed record WebhookDetails(WebhookStatus Status, IReadOnlyList<WebhookItem> Messages);

/// <summary>Shows staff who hears of what, and what they were told.</summary>
internal sealed class ReadWebhooks(Database database, WebhookEndpoints endpoints, CurrentActor actor, TimeProvider time)
{
    public const int Most = 100;

    public async Task<IReadOnlyList<WebhookStatus>> AllAsync(CancellationToken ct)
    {
        actor.Demand(WebhookPermissions.Manage);
        return await database.ReadAsync<IReadOnlyList<WebhookStatus>>(async s =>
        {
            var read = new List<WebhookStatus>();
            foreach (var endpoint in await s.QueryAsync($"select {WebhookEndpoint.Columns} from webhooks_endpoints order by created_at, endpoint_id", null, WebhookEndpoint.Of, ct))
            {
                read.Add(await StatusAsync(s, endpoint, ct));
            }
            return read;
        }, ct);
    }

    /// <param name="state">Only those in a state.</param>
    /// <exception cref="ProblemException"><c>endpoint_unknown</c> (404).</exception>
    public async Task<WebhookDetails> OneAsync(Guid id, WebhookState? state, CancellationToken ct)
    {
        actor.Demand(WebhookPermissions.Manage);
        var endpoint = await endpoints.GetAsync(id, ct);
        return await database.ReadAsync(async s => new WebhookDetails(await StatusAsync(s, endpoint, ct), await s.QueryAsync($"""
            select d.message_id, m.type, d.state, d.attempts, d.created_at, d.tried_at, d.next_at, d.took_ms, d.status, d.reason, m.body
            from webhooks_deliveries d join webhooks_messages m on m.message_id = d.message_id where d.endpoint_id = @id {(state is null ? "" : "and d.state = @state")}
            order by d.created_at desc, d.message_id desc limit {Most}
            """, new { id, state }, r => new WebhookItem(r.Guid(0), r.Text(1), r.Enum<WebhookState>(2), r.Long(3), r.Time(4), r.TimeOrNull(5), r.Time(6), r.LongOrNull(7), r.LongOrNull(8), r.TextOrNull(9), r.Text(10)), ct)), ct);
    }

    private async Task<WebhookStatus> StatusAsync(Session s, WebhookEndpoint endpoint, CancellationToken ct) => (await s.FirstAsync("""
        select count(case when state = 'sent' and created_at > @day then 1 end), count(case when state = 'pending' then 1 end), count(case when state = 'pending' and attempts > 0 then 1 end), count(case when state = 'failed' then 1 end), max(tried_at)
        from webhooks_deliveries where endpoint_id = @EndpointId
        """, new { endpoint.EndpointId, day = time.GetUtcNow().AddDays(-1) }, r => new WebhookStatus(endpoint, r.Long(0), r.Long(1), r.Long(2), r.Long(3), r.TimeOrNull(4)), ct))!;
}
