using Wellmet.Customers.Contract;
using Wellmet.Customers.Joining;
using Wellmet.Customers.Profiles;
using Wellmet.Platform.Vault;

namespace Wellmet.Customers.Identities;

/// <summary>What a source says about a subject, as it said it.</summary>
/// <param name="Stands">Another source brought the subject: that this one names it is kept, even where it says nothing about it.</param>
internal sealed record Said(Guid SubjectId, Identifier? Identifier, PersonDetails Details, bool Stands);

/// <summary>
/// Seals what a source says, and makes it findable. An e-mail address among the details becomes an identifier of the subject unless
/// somebody else owns it, or it identifies nobody; a phone number does not, because households share one.
/// </summary>
internal sealed class SealStatements(KeyStore store, SearchTokens search, IdentifierClaims claims)
{
    public async Task<IReadOnlyDictionary<Guid, PersonStatement>> RunAsync(IReadOnlyList<Said> said, Guid? importId, BlockedValues blocked, CancellationToken ct)
    {
        var statements = said.Select(Plain).ToList();
        await AddEmailIdentifiersAsync(statements, importId, blocked, ct);
        var personal = statements.FindAll(s => s.IsPersonal);
        if (personal.Count > 0)
        {
            await search.AddAsync([.. personal.SelectMany(s => s.SearchValues())], ct);
        }
        var keys = await store.KeysAsync(personal.Select(s => s.SubjectId), create: true, ct);
        return said.Zip(statements).Where(s => s.First.Stands || s.Second.SaysAnything).ToDictionary(s => s.Second.SubjectId, s => s.Second.Seal(keys));
    }

    private async Task AddEmailIdentifiersAsync(List<PlainStatement> statements, Guid? importId, BlockedValues blocked, CancellationToken ct)
    {
        var emails = statements.Where(s => s.Identities.Count > 0 && s.Email is not null && !blocked.IsNobody(IdentityKind.Email, s.Email))
            .Select(s => (Statement: s, Identifier: IdentityText.IdentifierOf(IdentityKind.Email, s.Email)!.Value))
            .Where(e => !e.Statement.Identities.Contains((IdentityKind.Email, e.Identifier.Value))).ToList();
        var owners = await claims.ClaimAsync([.. emails.Select(e => new Claim(e.Identifier, e.Statement.SubjectId, importId)).DistinctBy(c => c.Identifier)], ct);
        foreach (var (statement, identifier) in emails.Where(e => owners[e.Identifier] == e.Statement.SubjectId))
        {
            statement.Identities.Add((IdentityKind.Email, identifier.Value));
        }
    }

    private static PlainStatement Plain(Said said)
    {
        var statement = new PlainStatement(said.SubjectId)
        {
            Name = IdentityText.Trim(said.Details.Name),
            Email = IdentityText.Normalise(IdentityKind.Email, said.Details.Email),
            Phone = IdentityText.Normalise(IdentityKind.Phone, said.Details.Phone),
            Country = IdentityText.Clear(said.Details.Country),
            Locale = IdentityText.Clear(said.Details.Locale),
        };
        if (said.Identifier is { } identifier)
        {
            statement.Identities.Add((Platform.Storage.EnumText.Parse<IdentityKind>(identifier.Kind), identifier.Value));
        }
        return statement;
    }
}
