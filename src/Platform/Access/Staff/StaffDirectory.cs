using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Platform.Access.Staff;

/// <summary>Finds members of staff. An e-mail address belongs to one of them: its keyed hash is claimed in the key store.</summary>
public sealed class StaffDirectory(Database database, KeyStore keys, IdentifierClaims claims)
{
    public const int MaxEmailLength = 254;
    private const string EmailKind = "staff_email";

    public Task<StaffMember?> FindAsync(Guid id, CancellationToken ct) => database.ReadAsync(s => FindAsync(s, id, ct), ct);

    public static Task<StaffMember?> FindAsync(Session session, Guid id, CancellationToken ct) => session.FirstAsync(
        $"select {StaffMember.Selected} from access_staff s where s.id = @id", new { id }, StaffMember.Read, ct);

    /// <exception cref="ProblemException"><c>staff_unknown</c> (404).</exception>
    public static async Task<StaffMember> GetAsync(Session session, Guid id, CancellationToken ct) =>
        await FindAsync(session, id, ct) ?? throw new ProblemException("staff_unknown", "There is no such member of staff.", 404);

    public async Task<StaffMember?> FindByEmailAsync(string email, CancellationToken ct)
    {
        var identifier = IdentifierOf(email);
        var owners = await claims.OwnersAsync([identifier], ct);
        return owners.TryGetValue(identifier, out var id) && await FindAsync(id, ct) is { } member && await HasEmailAsync(member, email, ct) ? member : null;
    }

    /// <summary>By id or by e-mail address, as the command line names people.</summary>
    /// <exception cref="ProblemException"><c>staff_unknown</c> (404).</exception>
    public async Task<StaffMember> ResolveAsync(string idOrEmail, CancellationToken ct) =>
        (Guid.TryParse(idOrEmail, out var id) ? await FindAsync(id, ct) : await FindByEmailAsync(idOrEmail, ct))
            ?? throw new ProblemException("staff_unknown", "There is no such member of staff.", 404);

    /// <summary>
    /// Claims an address for a member of staff, durable before their row is written. A claim whose holder never got this address
    /// (the program stopped in between) is taken over.
    /// </summary>
    /// <exception cref="ProblemException"><c>email_taken</c>.</exception>
    public async Task ClaimEmailAsync(Guid id, string email, CancellationToken ct)
    {
        var claim = new Claim(IdentifierOf(email), id, null);
        var owner = (await claims.ClaimAsync([claim], ct))[claim.Identifier];
        if (owner == id)
        {
            return;
        }
        if (await FindAsync(owner, ct) is { } member && await HasEmailAsync(member, email, ct))
        {
            throw new ProblemException("email_taken", "Another member of staff signs in with this e-mail address.", 409);
        }
        await claims.ReplaceAsync([owner], [claim], ct);
    }

    /// <summary>The names of those who are on the staff, or were; by id.</summary>
    public async Task<IReadOnlyDictionary<Guid, string?>> NamesAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        var members = await database.ReadAsync(s => s.QueryAsync($"select {StaffMember.Selected} from access_staff s where s.id in @ids", new { ids }, StaffMember.Read, ct), ct);
        return await NamesAsync(members, ct);
    }

    /// <summary>The names or, where there is none yet, null; by id.</summary>
    public async Task<IReadOnlyDictionary<Guid, string?>> NamesAsync(IReadOnlyCollection<StaffMember> members, CancellationToken ct)
    {
        var opened = await keys.KeysAsync(members.Select(m => m.Id), create: false, ct);
        return members.ToDictionary(m => m.Id, m => opened.Open(m.Id, StaffMember.Columns.Name, m.Name));
    }

    /// <exception cref="ProblemException"><c>email_invalid</c>.</exception>
    public static string DemandEmail(string? email)
    {
        var trimmed = email?.Trim() ?? "";
        var at = trimmed.LastIndexOf('@');
        return trimmed.Length is > 2 and <= MaxEmailLength && at > 0 && at < trimmed.Length - 1 && !trimmed.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))
            ? trimmed
            : throw new ProblemException("email_invalid", "Enter an e-mail address like name@example.com.");
    }

    private static Identifier IdentifierOf(string email) => new(EmailKind, SearchTokens.Normalise(email));

    private async Task<bool> HasEmailAsync(StaffMember member, string email, CancellationToken ct)
    {
        var opened = await keys.KeysAsync([member.Id], create: false, ct);
        return opened.Open(member.Id, StaffMember.Columns.Email, member.Email) is { } held && SearchTokens.Normalise(held) == SearchTokens.Normalise(email);
    }
}
