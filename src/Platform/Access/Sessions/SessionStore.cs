using Wellmet.Platform.Access.SecondFactors;
using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Access.Sessions;

/// <summary>A session that is alive, with its holder as they are now: a change of role or an end works at the next request.</summary>
public sealed record LiveSession(Guid Id, DateTimeOffset CreatedAt, DateTimeOffset SeenAt, DateTimeOffset VerifiedAt, Origin Origin, StaffMember Member)
{
    public bool IsAliveAt(DateTimeOffset now) =>
        Member.IsActive && now < SeenAt + SessionLimits.Of(Member.Role).Idle && now < CreatedAt + SessionLimits.Of(Member.Role).Absolute;
}

/// <summary>
/// The sessions, kept on the server: the browser holds a random reference, the table its hash. Each sign-in makes a new reference, so that
/// nobody can plant one.
/// </summary>
public sealed class SessionStore(Database database, TimeProvider time)
{
    // Not written at each request: one write a minute for each session is exact enough for limits of half an hour and more.
    private static readonly TimeSpan Touch = TimeSpan.FromMinutes(1);

    private const string Select = $"""
        select {StaffMember.Selected}, x.id, x.created_at, x.seen_at, x.verified_at, x.network, x.device
        from access_sessions x join access_staff s on s.id = x.staff_id
        """;

    /// <summary>Starts a session in the transaction that proved who it is.</summary>
    internal async Task<SecretToken> StartAsync(Transaction tx, Guid staffId, Origin origin, CancellationToken ct)
    {
        var token = SecretToken.New();
        var now = time.GetUtcNow();
        await tx.ExecuteAsync("""
            insert into access_sessions (token_hash, id, staff_id, created_at, seen_at, verified_at, network, device)
            values (@Hash, @Session, @staffId, @now, @now, @now, @Network, @Device)
            """, new { token.Hash, Session = Platform.Id.New(), staffId, now, origin.Network, origin.Device }, ct);
        await tx.ExecuteAsync("""
            update access_staff set signed_in_at = @now, second_factor_due_at = case when role = 'owner' then coalesce(second_factor_due_at, @due) else second_factor_due_at end
            where id = @staffId
            """, new { now, staffId, due = now + SecondFactorRule.Grace }, ct);
        return token;
    }

    /// <summary>The session of a reference, or null where it never was, has ended or has expired.</summary>
    /// <param name="attended">Whether a person sent the request, so that the session counts as used.</param>
    public async Task<LiveSession?> FindAsync(string? reference, bool attended, CancellationToken ct)
    {
        if (SecretToken.HashOf(reference) is not { } hash)
        {
            return null;
        }
        var session = await database.ReadAsync(s => s.FirstAsync($"{Select} where x.token_hash = @hash", new { hash }, Read, ct), ct);
        var now = time.GetUtcNow();
        if (session is null || !session.IsAliveAt(now))
        {
            return null;
        }
        if (attended && now - session.SeenAt >= Touch)
        {
            await TouchAsync(session.Id, now, ct);
        }
        return session;
    }

    private async Task TouchAsync(Guid id, DateTimeOffset now, CancellationToken ct)
    {
        try
        {
            await database.WriteAsync(tx => tx.ExecuteAsync("update access_sessions set seen_at = @now where id = @id", new { now, id }, ct), ct);
        }
        catch (ProblemException e) when (e.Status is 503 or 507)
        {
            // What can be read is still shown while nothing can be written; a use that was not noted lengthens no session.
        }
    }

    /// <summary>Sessions that are alive, of one member of staff or of all, newest use first.</summary>
    internal async Task<List<LiveSession>> ListAsync(Guid? staffId, CancellationToken ct)
    {
        var filter = staffId is null ? "" : "where x.staff_id = @staffId";
        var sessions = await database.ReadAsync(s => s.QueryAsync($"{Select} {filter} order by x.seen_at desc limit 500", new { staffId }, Read, ct), ct);
        return [.. sessions.Where(s => s.IsAliveAt(time.GetUtcNow()))];
    }

    internal Task VerifiedAsync(Transaction tx, Guid id, CancellationToken ct) =>
        tx.ExecuteAsync("update access_sessions set verified_at = @now where id = @id", new { now = time.GetUtcNow(), id }, ct);

    internal static Task<int> EndAsync(Transaction tx, Guid id, CancellationToken ct) =>
        tx.ExecuteAsync("delete from access_sessions where id = @id", new { id }, ct);

    /// <summary>Ends the sessions of a member of staff, except one.</summary>
    internal static Task<int> EndAllAsync(Transaction tx, Guid staffId, Guid? except, CancellationToken ct) => tx.ExecuteAsync(
        "delete from access_sessions where staff_id = @staffId and id <> @kept", new { staffId, kept = except ?? Guid.Empty }, ct);

    private static LiveSession Read(Row row)
    {
        const int First = StaffMember.ColumnCount;
        return new(row.Guid(First), row.Time(First + 1), row.Time(First + 2), row.Time(First + 3), new Origin(row.Text(First + 4), row.Text(First + 5)), StaffMember.Read(row));
    }
}
