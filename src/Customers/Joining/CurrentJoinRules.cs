using System.Text.Json;
using Wellmet.Platform;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Customers.Joining;

/// <summary>The rules and the values that identify nobody, as they hold now.</summary>
public sealed record JoinBook(JoinRules Rules, BlockedValues Blocked)
{
    public static readonly JoinBook Default = new(JoinRules.Default, BlockedValues.BuiltIn);
}

/// <summary>
/// The rules as the collection asks them, for every group of events: read once in two seconds and held in between, in memory only. A change holds at once on the node where it was made and
/// within two seconds on the others.
/// </summary>
public sealed class CurrentJoinRules(Database database, KeptSecrets secrets, TimeProvider time)
{
    private const string Column = "customers_join_rules.blocked";
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    private Held? held;
    private int changes;

    public async ValueTask<JoinBook> ReadAsync(CancellationToken ct)
    {
        if (Volatile.Read(ref held) is { } current && current.Changes == Volatile.Read(ref changes) && time.GetElapsedTime(current.At) < Fresh)
        {
            return current.Book;
        }
        var (before, at) = (Volatile.Read(ref changes), time.GetTimestamp());
        var row = await database.ReadAsync(RowAsync(ct), ct);
        // The list is opened anew only where it changed.
        var book = row is null ? JoinBook.Default : Volatile.Read(ref held) is { } last && last.Row is { } known && known.IsSame(row) ? last.Book : await OpenAsync(row, ct);
        // What was read beside a change may be from before it: it is not used again.
        Volatile.Write(ref held, new Held(book, row, at, before));
        return book;
    }

    /// <summary>Replaces the rules.</summary>
    internal async Task WriteAsync(JoinBook book, Func<Transaction, Task> beside, CancellationToken ct)
    {
        var owner = (await database.ReadAsync(RowAsync(ct), ct))?.Owner ?? Id.New();
        var blocked = book.Blocked.Own.Count == 0 ? (Sealed<string>?)null : await secrets.SealAsync(owner, Column, JsonSerializer.Serialize(book.Blocked.Own), ct);
        await database.WriteAsync(async tx =>
        {
            await tx.ExecuteAsync("""
                insert into customers_join_rules (id, rules, owner_id, blocked) values (1, @rules, @owner, @blocked)
                on conflict (id) do update set rules = excluded.rules, owner_id = excluded.owner_id, blocked = excluded.blocked
                """, new { rules = new Json(JsonSerializer.Serialize(book.Rules)), owner, blocked }, ct);
            await beside(tx);
            tx.AfterCommit(() => Interlocked.Increment(ref changes));
        }, ct);
    }

    private async Task<JoinBook> OpenAsync(Row row, CancellationToken ct) => new(
        JsonSerializer.Deserialize<JoinRules>(row.Rules)!,
        await secrets.OpenAsync(row.Owner, Column, row.Blocked is null ? null : new Sealed<string>(row.Blocked), ct) is { } list ? new BlockedValues(JsonSerializer.Deserialize<List<string>>(list)!) : BlockedValues.BuiltIn);

    private static Func<Session, Task<Row?>> RowAsync(CancellationToken ct) => s => s.FirstAsync("select rules, owner_id, blocked from customers_join_rules where id = 1", null,
        r => new Row(r.Text(0), r.Guid(1), r.BytesOrNull(2)), ct);

    private sealed record Row(string Rules, Guid Owner, byte[]? Blocked)
    {
        public bool IsSame(Row other) => Rules == other.Rules && Owner == other.Owner && (Blocked ?? []).AsSpan().SequenceEqual(other.Blocked ?? []);
    }

    private sealed record Held(JoinBook Book, Row? Row, long At, int Changes);
}
