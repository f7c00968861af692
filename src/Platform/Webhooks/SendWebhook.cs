using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.SafeHttp;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Webhooks;

/// <summary>A message that an endpoint is told next.</summary>
internal sealed record DueWebhook(Guid EndpointId, Guid MessageId, long Attempts, string Body, Guid? SubjectId, Purpose Purpose)
{
    /// <summary>By which the other program knows a message that comes twice.</summary>
    public string Name => "msg_" + MessageId.ToString("N");
}

/// <summary>
/// Sends one message to one endpoint, and notes what came of it. 2xx is success; everything else, a redirect too, is a failure and tried again, the last time after three days. 410 ends the endpoint.
/// About a person nothing goes out unless the gate allows it at that moment.
/// </summary>
internal sealed class SendWebhook(Database database, SafeHttpClient http, IPurposeGate gate, TimeProvider time)
{
    private const int Gone = 410;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20), LongestWait = TimeSpan.FromDays(1);

    /// <summary>Before each try: the waits of Standard Webhooks.</summary>
    internal static readonly IReadOnlyList<TimeSpan> Waits =
    [
        TimeSpan.Zero, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(14),
        TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    public async Task RunAsync(DueWebhook due, WebhookEndpoint endpoint, IReadOnlyList<string> secrets, Guid node, CancellationToken ct)
    {
        var body = Encoding.UTF8.GetBytes(due.Body);
        if (await ContentAsync(due, body, ct) is not { } content)
        {
            await NoteAsync(due, node, new Outcome("withheld", null, "not_allowed"), ct);
            return;
        }
        var started = time.GetTimestamp();
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds();
        Outcome outcome;
        try
        {
            var answer = await http.SendAsync(new SafeRequest(HttpMethod.Post, new Uri(endpoint.Url))
            {
                Body = content,
                Timeout = Patience,
                Headers = new Dictionary<string, string>
                {
                    ["webhook-id"] = due.Name, ["webhook-timestamp"] = timestamp.ToString(CultureInfo.InvariantCulture), ["webhook-signature"] = WebhookSecret.Sign(secrets, due.Name, timestamp, body),
                    ["User-Agent"] = "Wellmet-Webhooks",
                },
            }, ct);
            outcome = answer.Status is >= 200 and < 300 ? new Outcome("sent", answer.Status, null) : Failed(due, answer.Status, answer.Status is >= 300 and < 400 ? "redirect" : "refused", answer.RetryAfter);
        }
        catch (ProblemException unreachable)
        {
            outcome = Failed(due, null, unreachable.Code, null);
        }
        await NoteAsync(due, node, outcome with { TookMs = (long)time.GetElapsedTime(started).TotalMilliseconds }, ct);
    }

    /// <summary>Null where the person's data may not go out.</summary>
    private async Task<RequestBody?> ContentAsync(DueWebhook due, byte[] body, CancellationToken ct)
    {
        if (due.SubjectId is not { } subject)
        {
            return RequestBody.AboutNobody(body);
        }
        var use = new DataUse(due.Purpose);
        var answer = await gate.AskAsync(use, [subject], ct);
        return answer[subject].Allowed ? RequestBody.About(answer.Grant(), use, [new Recipient(subject)], body) : null;
    }

    private Outcome Failed(DueWebhook due, int? status, string reason, TimeSpan? retryAfter)
    {
        var tried = (int)due.Attempts + 1;
        if (tried >= Waits.Count || status == Gone)
        {
            return new Outcome("failed", status, status == Gone ? "gone" : reason) { Disables = status == Gone };
        }
        // A tenth more at random: what failed together is not sent again together.
        var wait = Waits[tried] * (1 + (RandomNumberGenerator.GetInt32(100) / 1000d));
        return new Outcome("pending", status, reason) { NextAt = time.GetUtcNow() + (retryAfter > wait ? (retryAfter.Value < LongestWait ? retryAfter.Value : LongestWait) : wait) };
    }

    private Task NoteAsync(DueWebhook due, Guid node, Outcome outcome, CancellationToken ct) => database.WriteAsync(async tx =>
    {
        var now = time.GetUtcNow();
        await tx.ExecuteAsync("""
            update webhooks_deliveries set state = @State, attempts = attempts + 1, next_at = @next, claimed_by = null, claimed_until = null, tried_at = @now, took_ms = @TookMs, status = @Status, reason = @Reason
            where endpoint_id = @EndpointId and message_id = @MessageId and claimed_by = @node
            """, new { outcome.State, next = outcome.NextAt ?? now, now, outcome.TookMs, Status = (long?)outcome.Status, outcome.Reason, due.EndpointId, due.MessageId, node }, ct);
        if (outcome.Disables)
        {
            await tx.ExecuteAsync("update webhooks_endpoints set disabled_at = @now, disabled_reason = 'gone' where endpoint_id = @EndpointId and disabled_at is null", new { now, due.EndpointId }, ct);
        }
    }, ct);

    /// <param name="Reason">Code; null where it was sent.</param>
    private sealed record Outcome(string State, int? Status, string? Reason)
    {
        public DateTimeOffset? NextAt { get; init; }
        public long TookMs { get; init; }
        public bool Disables { get; init; }
    }
}
