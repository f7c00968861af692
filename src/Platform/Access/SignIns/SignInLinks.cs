using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Security;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Access.SignIns;

/// <summary>One-time links that let somebody choose a password: shown once, kept as a hash, one valid link for each person.</summary>
public sealed class SignInLinks(Database database, WebOptions web, TimeProvider time)
{
    public const string Path = "/sign-in/link";

    /// <summary>For the first administrator, who reads it on the screen of the server; for an invitation; for a lost password.</summary>
    public static readonly TimeSpan FirstStart = TimeSpan.FromHours(24), Invitation = TimeSpan.FromHours(72), LostPassword = TimeSpan.FromMinutes(30);

    /// <summary>A new link; earlier ones of the same person end.</summary>
    internal async Task<Uri> CreateAsync(Transaction tx, Guid staffId, TimeSpan life, CancellationToken ct)
    {
        var token = SecretToken.New();
        var now = time.GetUtcNow();
        await EndAsync(tx, staffId, ct);
        await tx.ExecuteAsync("insert into access_links (token_hash, staff_id, created_at, expires_at) values (@Hash, @staffId, @now, @until)",
            new { token.Hash, staffId, now, until = now + life }, ct);
        return web.Link($"{Path}/{token.Text}");
    }

    /// <summary>Whose link this is.</summary>
    /// <exception cref="ProblemException"><c>link_expired</c> (410): used, expired or never made.</exception>
    public async Task<StaffMember> FindAsync(string? token, CancellationToken ct)
    {
        var hash = SecretToken.HashOf(token) ?? throw Expired();
        var member = await database.ReadAsync(s => s.FirstAsync($"""
            select {StaffMember.Selected} from access_links l join access_staff s on s.id = l.staff_id
            where l.token_hash = @hash and l.used_at is null and l.expires_at > @now
            """, new { hash, now = time.GetUtcNow() }, StaffMember.Read, ct), ct);
        return member is { IsActive: true } ? member : throw Expired();
    }

    /// <summary>Uses the link up, once.</summary>
    internal async Task UseAsync(Transaction tx, string token, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var used = await tx.ExecuteAsync("update access_links set used_at = @now where token_hash = @hash and used_at is null and expires_at > @now",
            new { now, hash = SecretToken.HashOf(token) }, ct);
        if (used == 0)
        {
            throw Expired();
        }
    }

    internal static Task EndAsync(Transaction tx, Guid staffId, CancellationToken ct) =>
        tx.ExecuteAsync("delete from access_links where staff_id = @staffId and used_at is null", new { staffId }, ct);

    private static ProblemException Expired() => new("link_expired", "This link was used already or has expired. Ask for a new one.", 410);
}
