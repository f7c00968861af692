using Wellmet.Customers.Contract;
using Wellmet.Customers.Profiles;
using Wellmet.Customers.Traits;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Customers.Identities;

/// <summary>
/// The vault as Customers uses it: it lets the key store follow the rows. A subject is marked in the transaction that changes or deletes its rows; afterwards its search tokens
/// and claims are made anew from what the rows still say, or its key is destroyed where it has no rows or was erased. Every step can be
/// repeated, so what a crash leaves is completed by the next call, or at the next start.
/// </summary>
[Uses(Purpose.Service, "makes findable for staff what is known")]
public sealed class SubjectVault(Database database, KeyStore store, SearchTokens search, IdentifierClaims claims)
{
    private const int Page = 300;

    /// <summary>Keys to seal with; subjects that have none get one.</summary>
    internal Task<SubjectKeys> KeysAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct) => store.KeysAsync(subjects, create: true, ct);

    /// <summary>Claims an identifier unless somebody has it; answers the customer who owns it.</summary>
    internal async Task<Guid> ClaimAsync(Claim claim, CancellationToken ct)
    {
        var owner = (await claims.ClaimAsync([claim], ct))[claim.Identifier];
        return (await database.ReadAsync(s => CustomerLinks.CustomersOfAsync(s, [owner], ct), ct))[owner];
    }

    /// <summary>Runs a transaction that marks what it changes, and lets the key store follow.</summary>
    internal async Task ChangeAsync(Func<Transaction, Task> change, CancellationToken ct)
    {
        await database.WriteAsync(change, ct);
        await CompleteAsync(ct);
    }

    internal static async Task MarkAsync(Transaction tx, IReadOnlyCollection<Guid> subjects, CancellationToken ct) =>
        await Insert.RunAsync(tx, subjects, ct);

    /// <summary>Does what is marked.</summary>
    internal async Task CompleteAsync(CancellationToken ct)
    {
        while (await PendingAsync(ct) is { Count: > 0 } subjects)
        {
            var living = await LivingAsync(subjects, ct);
            await store.DestroyAsync([.. subjects.Except(living)], ct);
            await RebuildAsync(living, ct);
            await database.WriteAsync(tx => tx.ExecuteAsync("delete from customers_vault_pending where subject_id in @subjects", new { subjects }, ct), ct);
        }
    }

    private Task<List<Guid>> PendingAsync(CancellationToken ct) => database.ReadAsync(s => s.QueryAsync(
        "select subject_id from customers_vault_pending order by subject_id limit @Page", new { Page }, r => r.Guid(0), ct), ct);

    /// <summary>Those of the subjects that have a row and were not erased.</summary>
    internal Task<List<Guid>> LivingAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct) => database.ReadAsync(s => s.QueryAsync(
        "select subject_id from customers_subjects where subject_id in @subjects and erased_at is null", new { subjects }, r => r.Guid(0), ct), ct);

    private async Task RebuildAsync(List<Guid> subjects, CancellationToken ct)
    {
        if (subjects.Count == 0)
        {
            return;
        }
        var (profiles, identities, traits) = await database.ReadAsync(async s => (await ProfileRow.ReadAsync(s, subjects, ct),
            await IdentityRow.ReadAsync(s, subjects, ct), await StatedTrait.ReadAsync(s, subjects, ct)), ct);
        var keys = await store.KeysAsync(subjects, create: false, ct);
        var known = identities.Where(i => keys.Has(i.SubjectId)).Select(i => (Row: i, Identity: i.Open(keys))).ToList();
        var said = profiles.Select(p => p.Open(keys)).Concat(traits.Select(t => t.Statement(keys))).Concat(known.Select(k => Statement(k.Identity)));
        await search.ReplaceAsync(subjects, [.. said.SelectMany(s => s.SearchValues()).Distinct()], ct);
        await claims.ReplaceAsync(subjects, [.. known.Select(k => new Claim(
            new Identifier(EnumText.Of(k.Identity.Kind), k.Identity.Value), k.Identity.SubjectId, k.Row.ImportId == Guid.Empty ? null : k.Row.ImportId))], ct);
    }

    private static PlainStatement Statement(CustomerIdentity identity)
    {
        var statement = new PlainStatement(identity.SubjectId);
        statement.Identities.Add((identity.Kind, identity.Value));
        return statement;
    }

    private static readonly BulkInsert<Guid> Insert = new("customers_vault_pending", new Column<Guid>("subject_id", typeof(Guid), s => s))
    { OnConflict = "on conflict do nothing" };
}
