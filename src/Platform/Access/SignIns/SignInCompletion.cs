using Wellmet.Platform.Access.Sessions;
using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Access.SignIns;

/// <summary>What every way to sign in ends with: a challenge, a session, or a refusal; each is in the audit log.</summary>
public sealed class SignInCompletion(Database database, SessionStore sessions, AuditLog audit, TimeProvider time)
{
    private static readonly TimeSpan ChallengeLife = TimeSpan.FromMinutes(5);

    internal async Task<SecretToken> StartAsync(Transaction tx, Guid staffId, Origin origin, string means, CancellationToken ct)
    {
        await audit.RecordAsync(tx, "sign_in.succeeded", $"staff:{staffId}", null, ct, means);
        return await sessions.StartAsync(tx, staffId, origin, ct);
    }

    internal async Task<SecretToken> ChallengeAsync(Transaction tx, Guid staffId, CancellationToken ct)
    {
        var token = SecretToken.New();
        await tx.ExecuteAsync("insert into access_challenges (token_hash, staff_id, expires_at) values (@Hash, @staffId, @until)",
            new { token.Hash, staffId, until = time.GetUtcNow() + ChallengeLife }, ct);
        return token;
    }

    /// <summary>Whose challenge this is.</summary>
    /// <exception cref="ProblemException"><c>sign_in_expired</c> (401).</exception>
    internal async Task<StaffMember> ChallengedAsync(string? challenge, CancellationToken ct)
    {
        var hash = SecretToken.HashOf(challenge) ?? throw Expired();
        var member = await database.ReadAsync(s => s.FirstAsync($"""
            select {StaffMember.Selected} from access_challenges c join access_staff s on s.id = c.staff_id where c.token_hash = @hash and c.expires_at > @now
            """, new { hash, now = time.GetUtcNow() }, StaffMember.Read, ct), ct);
        return member is { IsActive: true, HasSecondFactor: true } ? member : throw Expired();
    }

    /// <summary>Ends the challenge with a session.</summary>
    internal async Task<SecretToken> AnsweredAsync(Transaction tx, string challenge, StaffMember member, Origin origin, string means, CancellationToken ct)
    {
        var taken = await tx.ExecuteAsync("delete from access_challenges where token_hash = @hash", new { hash = SecretToken.HashOf(challenge) }, ct);
        if (taken == 0)
        {
            throw Expired();
        }
        await SignInAttempts.ForgetAsync(tx, SignInAttempts.SecondFactorOf(member.Id), ct);
        return await StartAsync(tx, member.Id, origin, means, ct);
    }

    internal Task RefusedAsync(Guid? staffId, string means, CancellationToken ct) => database.WriteAsync(tx =>
        audit.RecordAsync(tx, "sign_in.refused", staffId is null ? "staff:unknown" : $"staff:{staffId}", null, ct, means), ct);

    private static ProblemException Expired() => new("sign_in_expired", "This took too long. Sign in again.", 401);
}
