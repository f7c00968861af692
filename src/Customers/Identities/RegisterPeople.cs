using Wellmet.Customers.Contract;
using Wellmet.Customers.Traits;
using Wellmet.Platform;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Identities;

/// <summary>Writes the rows of people in the caller's transaction. See <see cref="ICustomers.RegisterAsync"/>.</summary>
internal sealed class RegisterPeople
{
    public async Task RunAsync(Transaction tx, IReadOnlyCollection<ResolvedPerson> people, DateTimeOffset seenAt, Guid? importId, CancellationToken ct)
    {
        var subjects = people.GroupBy(p => p.SubjectId).Select(g => g.FirstOrDefault(p => p.Statement is not null) ?? g.First()).ToList();
        var known = (await tx.QueryAsync("select subject_id from customers_subjects where subject_id in @ids",
            new { ids = subjects.Select(p => p.SubjectId) }, r => r.Guid(0), ct)).ToHashSet();
        var source = new Source(importId ?? Guid.Empty, seenAt);
        await WriteSubjectsAsync(tx, subjects.FindAll(p => !known.Contains(p.SubjectId)), source, ct);
        var speaking = subjects.FindAll(p => p.Statement is not null);
        await WriteStatementsAsync(tx, speaking, source, ct);
        // What a source says can change a known customer's country.
        await Summaries.RefreshAsync(tx, [.. speaking.Select(p => p.SubjectId).Where(known.Contains)], ct);
    }

    private static async Task WriteSubjectsAsync(Transaction tx, List<ResolvedPerson> fresh, Source source, CancellationToken ct)
    {
        await Subjects(source).RunAsync(tx, fresh, ct);
        await Links.RunAsync(tx, fresh, ct);
        await EmptySummaries(source).RunAsync(tx, fresh, ct);
        foreach (var person in fresh)
        {
            var appeared = new CustomerAppeared(person.SubjectId, source.SeenAt, source.Name, IsAnonymous(person));
            if (source.ImportId == Guid.Empty)
            {
                tx.Append(appeared);
            }
            else
            {
                tx.AppendHistory(appeared, source.ImportId);
            }
        }
    }

    private static async Task WriteStatementsAsync(Transaction tx, List<ResolvedPerson> speaking, Source source, CancellationToken ct)
    {
        await Profiles(source).RunAsync(tx, speaking, ct);
        await Identities(source).RunAsync(tx, [.. speaking.SelectMany(p => p.Statement!.Identities.Select(i => new IdentityRow(p.SubjectId, i)))], ct);
    }

    private static bool IsAnonymous(ResolvedPerson person) => person.Claim.Kind == IdentityKind.AnonymousId || string.IsNullOrWhiteSpace(person.Claim.Value);

    private static readonly BulkInsert<ResolvedPerson> Links = new("customers_links",
        new("subject_id", typeof(Guid), p => p.SubjectId),
        new("customer_id", typeof(Guid), p => p.SubjectId))
    { OnConflict = "on conflict do nothing" };

    private static BulkInsert<ResolvedPerson> Subjects(Source source) => new("customers_subjects",
        new("subject_id", typeof(Guid), p => p.SubjectId),
        new("first_seen_at", typeof(DateTimeOffset), _ => source.SeenAt),
        new("anonymous", typeof(bool), p => IsAnonymous(p)),
        new("import_id", typeof(Guid), _ => source.ImportId))
    { OnConflict = "on conflict do nothing" };

    private static BulkInsert<ResolvedPerson> EmptySummaries(Source source) => new("customers_summaries",
        new("subject_id", typeof(Guid), p => p.SubjectId),
        new("anonymous", typeof(bool), p => IsAnonymous(p)),
        new("first_seen_at", typeof(DateTimeOffset), _ => source.SeenAt),
        new("country", typeof(string), p => p.Statement?.Country),
        new("orders", typeof(long), _ => 0L),
        new("items", typeof(long), _ => 0L),
        new("revenue_minor", typeof(long), _ => 0L),
        new("cancelled_minor", typeof(long), _ => 0L),
        new("recency", typeof(long), _ => 0L))
    { OnConflict = "on conflict do nothing" };

    private static BulkInsert<ResolvedPerson> Profiles(Source source) => new("customers_profiles",
        new("subject_id", typeof(Guid), p => p.SubjectId),
        new("import_id", typeof(Guid), _ => source.ImportId),
        new("said_at", typeof(DateTimeOffset), _ => source.SeenAt),
        new("name", typeof(byte[]), p => p.Statement!.Name?.Envelope),
        new("email", typeof(byte[]), p => p.Statement!.Email?.Envelope),
        new("phone", typeof(byte[]), p => p.Statement!.Phone?.Envelope),
        new("country", typeof(string), p => p.Statement!.Country),
        new("locale", typeof(string), p => p.Statement!.Locale))
    { OnConflict = "on conflict do nothing" };

    private static BulkInsert<IdentityRow> Identities(Source source) => new("customers_identities",
        new("subject_id", typeof(Guid), i => i.SubjectId),
        new("identity_id", typeof(Guid), _ => Id.New()),
        new("kind", typeof(IdentityKind), i => i.Identity.Kind),
        new("value", typeof(byte[]), i => i.Identity.Value.Envelope),
        new("verified", typeof(bool), _ => false),
        new("import_id", typeof(Guid), _ => source.ImportId));

    private sealed record Source(Guid ImportId, DateTimeOffset SeenAt)
    {
        public string Name => ImportId == Guid.Empty ? "live" : "import";
    }

    private sealed record IdentityRow(Guid SubjectId, SealedIdentity Identity);
}
