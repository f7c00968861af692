using Wellmet.Customers.Contract;
using Wellmet.Customers.Joining;
using Wellmet.Customers.Traits;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Customers.Identities;

/// <summary>
/// Takes back what an import said of people, a page at each call. See <see cref="ICustomers.UndoImportAsync"/>. A subject that other
/// sources named stays, as if they alone had named it.
/// </summary>
internal sealed class UndoImportedPeople(Database database, SubjectVault vault, IdentifierClaims claims)
{
    private const int Page = 300;

    public async Task<bool> RunAsync(Guid importId, CancellationToken ct)
    {
        var found = await database.WriteAsync(tx => TakeBackAsync(tx, importId, ct), ct);
        if (found == 0)
        {
            found = await MarkClaimedAsync(importId, ct);
        }
        await vault.CompleteAsync(ct);
        return found == 0;
    }

    private static async Task<int> TakeBackAsync(Transaction tx, Guid importId, CancellationToken ct)
    {
        var named = await tx.QueryAsync("""
            select subject_id from customers_profiles where import_id = @importId
            union select subject_id from customers_subjects where import_id = @importId order by subject_id limit @Page
            """, new { importId, Page }, r => r.Guid(0), ct);
        var customers = await CustomerLinks.LockAsync(tx, named, ct);
        foreach (var table in new[] { "customers_profiles", "customers_identities", "customers_trait_history", "customers_figures" })
        {
            await tx.ExecuteAsync($"delete from {table} where subject_id in @named and import_id = @importId", new { named, importId }, ct);
        }
        var followers = await DeleteUnnamedAsync(tx, named, importId, ct);
        await HandOverAsync(tx, named, importId, ct);
        await SubjectVault.MarkAsync(tx, named, ct);
        await Summaries.RefreshAsync(tx, [.. named, .. customers, .. followers], ct);
        return named.Count;
    }

    /// <summary>Deletes the subjects that nobody else names; answers who is a customer of its own without them.</summary>
    private static async Task<IReadOnlyList<Guid>> DeleteUnnamedAsync(Transaction tx, List<Guid> named, Guid importId, CancellationToken ct)
    {
        var gone = await tx.QueryAsync("""
            select subject_id from customers_subjects s where subject_id in @named and import_id = @importId
              and not exists (select 1 from customers_profiles p where p.subject_id = s.subject_id)
              and not exists (select 1 from customers_trait_history h where h.subject_id = s.subject_id)
            """, new { named, importId }, r => r.Guid(0), ct);
        var followers = await CustomerTree.RemoveAsync(tx, gone, ct);
        await tx.ExecuteAsync("delete from customers_merge_log where subject_id in @gone or kept_id in @gone", new { gone }, ct);
        await tx.ExecuteAsync("delete from customers_proposals where subject_id in @gone or other_id in @gone", new { gone }, ct);
        await Evidence.ForgetAsync(tx, gone, ct);
        foreach (var table in new[] { "customers_links", "customers_figures", "customers_subjects" })
        {
            await tx.ExecuteAsync($"delete from {table} where subject_id in @gone", new { gone }, ct);
        }
        return followers;
    }

    /// <summary>Of the subjects that the import brought, those that stay appear where the next source first named them.</summary>
    private static async Task HandOverAsync(Transaction tx, List<Guid> named, Guid importId, CancellationToken ct)
    {
        var next = await tx.QueryAsync("""
            select p.subject_id, p.import_id, p.said_at, s.anonymous from customers_profiles p join customers_subjects s on s.subject_id = p.subject_id
            where s.subject_id in @named and s.import_id = @importId
            union all
            select h.subject_id, h.import_id, h.first_at, s.anonymous from customers_trait_history h join customers_subjects s on s.subject_id = h.subject_id
            where s.subject_id in @named and s.import_id = @importId
            order by 3, 2
            """, new { named, importId }, r => (Subject: r.Guid(0), Import: r.Guid(1), SaidAt: r.Time(2), Anonymous: r.Bool(3)), ct);
        foreach (var (subject, import, saidAt, anonymous) in next.DistinctBy(n => n.Subject))
        {
            await tx.ExecuteAsync("update customers_subjects set import_id = @import, first_seen_at = @saidAt where subject_id = @subject",
                new { import, saidAt, subject }, ct);
            tx.AppendHistory(new CustomerAppeared(subject, saidAt, import == Guid.Empty ? "live" : "import", anonymous), import == Guid.Empty ? null : import);
        }
    }

    /// <summary>Claims whose rows a crash prevented.</summary>
    private async Task<int> MarkClaimedAsync(Guid importId, CancellationToken ct)
    {
        var claimed = await claims.ClaimedByImportAsync(importId, Page, ct);
        await database.WriteAsync(tx => SubjectVault.MarkAsync(tx, claimed, ct), ct);
        return claimed.Count;
    }
}
