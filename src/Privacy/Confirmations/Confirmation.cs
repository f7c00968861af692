using Wellmet.Platform;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Consents;
using Wellmet.Privacy.Contract;

namespace Wellmet.Privacy.Confirmations;

/// <summary>A question whether a consent is really wanted: a double opt-in that waits.</summary>
/// <param name="ConsentId">The record that was asked about.</param>
internal sealed record Confirmation(Guid ConfirmationId, Guid SubjectId, Guid ConsentId, DateTimeOffset ExpiresAt, DateTimeOffset? ConfirmedAt)
{
    /// <summary>How long a link works, from when it is made: whatever the time at which it is said to have been asked for.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(14);

    /// <summary>Asks, and tells whoever sends messages.</summary>
    /// <returns>The id of the question, of which the link is made.</returns>
    public static async Task<Guid> AskAsync(Transaction tx, NewConsent said, DateTimeOffset now, CancellationToken ct)
    {
        Guid confirmationId = Id.New();
        var expiresAt = now + Life;
        await tx.ExecuteAsync("""
            insert into privacy_confirmations (confirmation_id, subject_id, consent_id, asked_at, expires_at) values (@confirmationId, @SubjectId, @ConsentId, @OccurredAt, @expiresAt)
            """, new { confirmationId, said.SubjectId, said.ConsentId, said.OccurredAt, expiresAt }, ct);
        tx.Append(new ConsentConfirmationAsked(said.SubjectId, said.OccurredAt, confirmationId, said.ConsentId, said.Channel));
        return confirmationId;
    }

    /// <exception cref="ProblemException"><c>confirmation_unknown</c> (404), <c>confirmation_expired</c> (410).</exception>
    public static async Task<Confirmation> FindAsync(Session session, Guid? confirmationId, DateTimeOffset now, CancellationToken ct)
    {
        var found = confirmationId is null ? null : await session.FirstAsync(
            "select confirmation_id, subject_id, consent_id, expires_at, confirmed_at from privacy_confirmations where confirmation_id = @confirmationId", new { confirmationId },
            r => new Confirmation(r.Guid(0), r.Guid(1), r.Guid(2), r.Time(3), r.TimeOrNull(4)), ct);
        return found is null ? throw Unknown()
            : found.ConfirmedAt is null && found.ExpiresAt <= now ? throw new ProblemException("confirmation_expired", "This link has expired. Sign up again in the shop.", 410)
            : found;
    }

    public static ProblemException Unknown() => new("confirmation_unknown", "This link is not valid. Check that it is complete.", 404);
}
