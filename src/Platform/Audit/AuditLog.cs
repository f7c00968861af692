using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Sessions;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Audit;

/// <summary>Writes the audit log, in the transaction of the act: both are there, or neither. An act that takes several transactions is recorded in the one
/// that begins it, so the log says what was asked for, also where it was interrupted.</summary>
public sealed class AuditLog(CurrentActor actor, CurrentSession session, AuditKey key, AuditSignal signal, TimeProvider time)
{
    public const int MaxReason = 500;

    /// <summary>Whether nobody has done anything here yet.</summary>
    public static async Task<bool> IsEmptyAsync(Session session, CancellationToken ct) =>
        await session.CountAsync("select count(*) from (select 1 from audit_entries limit 1) x", null, ct) == 0;

    /// <summary>Records an act of the current actor.</summary>
    /// <param name="action">E.g. <c>staff.invited</c>.</param>
    /// <param name="target">Kind and id, e.g. <c>staff:0199…</c>; never a name or an e-mail address.</param>
    /// <param name="reason">What the person gave as the reason; at most <see cref="MaxReason"/> characters.</param>
    /// <param name="detail">What changed, in codes.</param>
    /// <exception cref="ProblemException"><c>reason_long</c>.</exception>
    public async Task RecordAsync(Transaction tx, string action, string target, string? reason, CancellationToken ct, string? detail = null)
    {
        if (reason?.Length > MaxReason)
        {
            throw new ProblemException("reason_long", "The reason may have at most {0} characters.", 400, MaxReason);
        }
        // Cut to the microsecond, which is what the database gives back.
        var at = Clock.FromMicroseconds(Clock.ToMicroseconds(time.GetUtcNow()));
        var entry = new AuditEntry(Id.New(), at, actor.Value.Name, session.Id, session.Origin.Network, action, target, detail, reason);
        await tx.ExecuteAsync("""
            insert into audit_entries (id, at, actor, session_id, network, action, target, detail, reason, mac)
            values (@Id, @At, @Actor, @SessionId, @Network, @Action, @Target, @Detail, @Reason, @Mac)
            """,
            new { entry.Id, entry.At, entry.Actor, entry.SessionId, entry.Network, entry.Action, entry.Target, entry.Detail, entry.Reason, Mac = entry.Mac(key.Bytes) }, ct);
        await tx.ExecuteAsync("insert into audit_unsealed (entry_id) values (@Id)", new { entry.Id }, ct);
        tx.AfterCommit(signal.Set);
    }
}
