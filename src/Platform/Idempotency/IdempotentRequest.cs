using System.Buffers.Binary;
using System.Text.Json;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Idempotency;

/// <summary>
/// Does what a request asks once, however often it is sent. A use case that may be repeated calls <see cref="OnceAsync{T}"/> in the place of
/// <see cref="Database.WriteAsync{T}"/>: the answer is kept in the transaction of the effect, so a crash leaves both or neither.
/// </summary>
public sealed class IdempotentRequest(Database database, TimeProvider time, IdempotencyMeasures measures)
{
    private byte[]? key;
    private byte[] request = [];

    /// <summary>The answer was given before and nothing was done now.</summary>
    public bool Replayed { get; private set; }

    internal bool Used { get; private set; }

    internal void Begin(byte[] keyHash, byte[] requestHash) => (key, request) = (keyHash, requestHash);

    /// <summary>Runs the effect, or answers as the first time. Without a key (a page, the command line) it is a plain write.</summary>
    /// <typeparam name="T">The answer: a record that JSON can carry there and back.</typeparam>
    /// <exception cref="ProblemException"><c>idempotency_key_reused</c> (422): the key came with another request; <c>idempotency_in_progress</c> (409).</exception>
    public async Task<T> OnceAsync<T>(Func<Transaction, Task<T>> effect, CancellationToken ct)
    {
        if (key is null)
        {
            return await database.WriteAsync(effect, ct);
        }
        if (Used)
        {
            throw new InvalidOperationException("One request has one effect: OnceAsync was called twice.");
        }
        Used = true;
        (var answer, Replayed) = await database.WriteAsync(tx => RunAsync(tx, effect, ct), ct);
        measures.Answered(Replayed);
        return answer;
    }

    private async Task<(T Answer, bool Replayed)> RunAsync<T>(Transaction tx, Func<Transaction, Task<T>> effect, CancellationToken ct)
    {
        await DemandAloneAsync(tx, ct);
        var held = await tx.FirstAsync("select request_hash, answer from idempotency_keys where key_hash = @key", new { key },
            r => new { Request = r.Bytes(0), Answer = r.Text(1) }, ct);
        if (held is null)
        {
            var answer = await effect(tx);
            await tx.ExecuteAsync("insert into idempotency_keys (key_hash, request_hash, answer, created_at) values (@key, @request, @answer, @now)",
                new { key, request, answer = new Json(JsonSerializer.Serialize(new Kept<T>(answer))), now = time.GetUtcNow() }, ct);
            return (answer, false);
        }
        return held.Request.AsSpan().SequenceEqual(request)
            ? (JsonSerializer.Deserialize<Kept<T>>(held.Answer)!.Answer, true)
            : throw new ProblemException("idempotency_key_reused", "This Idempotency-Key was used for another request. Take a new key for each request.", 422);
    }

    /// <summary>On several nodes: the same request may be running on another one.</summary>
    private async Task DemandAloneAsync(Transaction tx, CancellationToken ct)
    {
        if (tx.Engine == Engine.Postgres
            && !await tx.FirstAsync("select pg_try_advisory_xact_lock(@number)", new { number = BinaryPrimitives.ReadInt64BigEndian(key) }, r => r.Bool(0), ct))
        {
            throw InProgress();
        }
    }

    internal static ProblemException InProgress() =>
        new("idempotency_in_progress", "The same request is being worked on. Ask again in a moment.", 409);

    /// <summary>An object around the answer, because a JSON column holds objects.</summary>
    private sealed record Kept<TAnswer>(TAnswer Answer);
}
