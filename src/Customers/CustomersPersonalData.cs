using System.Globalization;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Customers.Joining;
using Wellmet.Customers.Profiles;
using Wellmet.Customers.Traits;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Customers;

/// <summary>What Customers holds about people: what each source said of them, by what they are known, and what they bought in sum.</summary>
internal sealed class CustomersPersonalData(Database database, KeyStore store, EventTypes types, TimeProvider time) : IPersonalData
{
    public async Task<IReadOnlyList<PersonalRecord>> ExportAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct)
    {
        var (profiles, identities, traits, history, figures) = await database.ReadAsync(async s => (
            await ProfileRow.ReadAsync(s, subjects, ct), await IdentityRow.ReadAsync(s, subjects, ct), await StatedTrait.ReadAsync(s, subjects, ct), await TraitRun.ReadAsync(s, subjects, ct),
            await FiguresAsync(s, subjects, ct)), ct);
        var keys = await store.KeysAsync(subjects, create: false, ct);
        return
        [
            .. profiles.Select(p => Profile(p, p.Open(keys))),
            .. identities.Select(i => (Row: i, Known: i.Open(keys))).Select(i => PersonalRecord.Of(i.Row.SubjectId, "identity",
                ("kind", EnumText.Of(i.Known.Kind)), ("value", i.Known.Value), ("verified", i.Known.Verified ? "yes" : "no"))),
            // Of the time before histories were kept.
            .. traits.ExceptBy(history.Select(h => (h.Run.SubjectId, h.Run.Name)), t => (t.SubjectId, t.Name)).Select(t => PersonalRecord.Of(t.SubjectId, "trait",
                ("name", t.Name), ("value", t.Open(keys)), ("last_said_at", Time(t.SaidAt)), ("said_by", t.Trusted ? "shop" : "visitor"))),
            .. history.Select(h => h.Open(keys)).OrderBy(r => r.Name, StringComparer.Ordinal).ThenByDescending(r => r.Last).Select(r => PersonalRecord.Of(r.SubjectId, "trait",
                ("name", r.Name), ("value", r.Value), ("first_said_at", Time(r.First.At)), ("last_said_at", Time(r.Last.At)), ("said_by", EnumText.Of(r.Source)))),
            .. figures,
        ];
    }

    public async Task EraseAsync(IReadOnlyCollection<Guid> subjects, Transaction tx, CancellationToken ct)
    {
        var customers = await CustomerLinks.LockAsync(tx, subjects, ct);
        var followers = await CustomerTree.RemoveAsync(tx, subjects, ct);
        await tx.ExecuteAsync("update customers_links set customer_id = subject_id where subject_id in @subjects", new { subjects }, ct);
        await tx.ExecuteAsync("delete from customers_merge_log where subject_id in @subjects or kept_id in @subjects", new { subjects }, ct);
        await tx.ExecuteAsync("delete from customers_proposals where subject_id in @subjects or other_id in @subjects", new { subjects }, ct);
        await Evidence.ForgetAsync(tx, subjects, ct);
        await tx.ExecuteAsync("delete from customers_profiles where subject_id in @subjects", new { subjects }, ct);
        await tx.ExecuteAsync("delete from customers_traits where subject_id in @subjects", new { subjects }, ct);
        await tx.ExecuteAsync("delete from customers_trait_history where subject_id in @subjects", new { subjects }, ct);
        await LogHistory.ForgetAsync(tx, subjects, types.NameOf(typeof(ShopTraitsTold)), ct);
        await tx.ExecuteAsync("delete from customers_identities where subject_id in @subjects", new { subjects }, ct);
        await tx.ExecuteAsync("update customers_subjects set erased_at = @now, anonymous = @anonymous where subject_id in @subjects",
            new { now = time.GetUtcNow(), anonymous = true, subjects }, ct);
        await SubjectVault.MarkAsync(tx, subjects, ct);
        await Summaries.RefreshAsync(tx, [.. subjects, .. customers, .. followers], ct);
    }

    private static PersonalRecord Profile(ProfileRow row, PlainStatement said) => PersonalRecord.Of(row.SubjectId, "profile",
        ("source", row.ImportId == Guid.Empty ? "shop" : $"import {row.ImportId}"),
        ("name", said.Name), ("email", said.Email), ("phone", said.Phone), ("country", said.Country), ("locale", said.Locale));

    private static Task<List<PersonalRecord>> FiguresAsync(Session session, IReadOnlyCollection<Guid> subjects, CancellationToken ct) => session.QueryAsync("""
        select subject_id, currency, sum(orders), sum(items), sum(revenue_minor), sum(cancelled_minor) from customers_figures
        where subject_id in @subjects group by subject_id, currency order by subject_id, currency
        """, new { subjects }, r => PersonalRecord.Of(r.Guid(0), "figures",
            ("currency", r.Text(1)), ("orders", Number(r.Long(2))), ("items", Number(r.Long(3))),
            ("revenue", new Platform.Money(r.Long(4), r.Text(1)).ToString()), ("cancelled", new Platform.Money(r.Long(5), r.Text(1)).ToString())), ct);

    private static string Time(DateTimeOffset at) => at.ToString("O", CultureInfo.InvariantCulture);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
