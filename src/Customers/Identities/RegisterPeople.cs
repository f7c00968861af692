using Wellmet.Customers.Contract;
using Wellmet.Customers.Traits;
using Wellmet.Platform;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Identities;

/// <summary>Writes the rows of people in the caller's transaction. See <see cref="ICustomers.RegisterAsync"/>.</summary>
internal sealed class RegisterPeople
{
    /// <param name="people">A person may come more than once; a subject without a row gets one.</param>
    /// <returns>Those who were erased: nothing is to be written of them any more.</returns>
    public async Task<IReadOnlySet<Guid>> RunAsync(Transaction tx, IReadOnlyCollection<SeenPerson> people, Guid? importId, CancellationToken ct)
    {
        var subjects = people.GroupBy(p => p.Person.SubjectId).Select(Newcomer.Of).ToList();
        var rows = await tx.QueryAsync("select subject_id, first_seen_at, erased_at from customers_subjects where subject_id in @ids",
            new { ids = subjects.Select(p => p.SubjectId) }, r => (Subject: r.Guid(0), At: r.Time(1), Erased: !r.IsNull(2)), ct);
        var known = rows.ToDictionary(r => r.Subject, r => r.At);
        var erased = rows.Where(r => r.Erased).Select(r => r.Subject).ToHashSet();
        var import = importId ?? Guid.Empty;
        var added = await WriteSubjectsAsync(tx, subjects.FindAll(p => !known.ContainsKey(p.SubjectId)), import, ct);
        var speaking = await SilentAsync(tx, subjects.FindAll(p => p.Statement is not null && !erased.Contains(p.SubjectId)), import, ct);
        speaking = [.. await Profiles(import).AddedAsync(tx, [.. speaking.OrderBy(p => p.SubjectId)], ct)];
        await Identities(import).RunAsync(tx, [.. speaking.SelectMany(p => p.Statement!.Identities.Select(i => new IdentityRow(p.SubjectId, i)))], ct);
        var earlier = importId is null ? subjects.FindAll(p => known.TryGetValue(p.SubjectId, out var at) ? p.SeenAt < at : !added.Contains(p.SubjectId)) : [];
        await SeenEarlierAsync(tx, earlier, ct);
        // Their keys, claims and tokens were made ready outside this transaction: an edit in between made them anew without what is written
        // only now, an erasure destroyed them, and so they follow once more.
        await SubjectVault.MarkAsync(tx, [.. speaking.Select(p => p.SubjectId).Where(s => !added.Contains(s)), .. erased], ct);
        // What a source says can change a known customer's country.
        await Summaries.RefreshAsync(tx, [.. speaking.Concat(earlier).Select(p => p.SubjectId).Where(s => !added.Contains(s))], ct);
        return erased;
    }

    /// <summary>Those of whom this source has not spoken yet: a transaction that came between may have been the first to.</summary>
    private static async Task<List<Newcomer>> SilentAsync(Transaction tx, List<Newcomer> speaking, Guid import, CancellationToken ct)
    {
        var spoken = (await tx.QueryAsync("select subject_id from customers_profiles where import_id = @import and subject_id in @ids",
            new { import, ids = speaking.Select(p => p.SubjectId) }, r => r.Guid(0), ct)).ToHashSet();
        return speaking.FindAll(p => !spoken.Contains(p.SubjectId));
    }

    /// <summary>Answers whom it added; the others were added meanwhile by another transaction, which told of them.</summary>
    private static async Task<HashSet<Guid>> WriteSubjectsAsync(Transaction tx, List<Newcomer> fresh, Guid import, CancellationToken ct)
    {
        fresh = [.. await Subjects(import).AddedAsync(tx, [.. fresh.OrderBy(p => p.SubjectId)], ct)];
        await Links.RunAsync(tx, fresh, ct);
        await EmptySummaries.RunAsync(tx, fresh, ct);
        foreach (var person in fresh)
        {
            if (import == Guid.Empty)
            {
                tx.Append(new CustomerAppeared(person.SubjectId, person.SeenAt, "live", person.Anonymous) { Traits = ToldTraits.Of(person.Statement) });
            }
            else
            {
                tx.AppendHistory(new CustomerAppeared(person.SubjectId, person.SeenAt, "import", person.Anonymous) { Traits = ToldTraits.Of(person.Statement) }, import);
            }
        }
        return [.. fresh.Select(p => p.SubjectId)];
    }

    /// <summary>Events come late and out of order; the profile must end as if they had come in order. An import's times stay with the import.</summary>
    private static Task SeenEarlierAsync(Transaction tx, List<Newcomer> earlier, CancellationToken ct) =>
        Subjects(Guid.Empty, "on conflict (subject_id) do update set first_seen_at = excluded.first_seen_at where excluded.first_seen_at < customers_subjects.first_seen_at")
            .RunAsync(tx, [.. earlier.OrderBy(p => p.SubjectId)], ct);

    private static readonly BulkInsert<Newcomer> Links = new("customers_links",
        new("subject_id", typeof(Guid), p => p.SubjectId),
        new("customer_id", typeof(Guid), p => p.SubjectId))
    { OnConflict = "on conflict do nothing" };

    private static BulkInsert<Newcomer> Subjects(Guid import, string onConflict = "on conflict do nothing") => new("customers_subjects",
        new("subject_id", typeof(Guid), p => p.SubjectId),
        new("first_seen_at", typeof(DateTimeOffset), p => p.SeenAt),
        new("anonymous", typeof(bool), p => p.Anonymous),
        new("import_id", typeof(Guid), _ => import))
    { OnConflict = onConflict };

    private static readonly BulkInsert<Newcomer> EmptySummaries = new("customers_summaries",
        new("subject_id", typeof(Guid), p => p.SubjectId),
        new("anonymous", typeof(bool), p => p.Anonymous),
        new("first_seen_at", typeof(DateTimeOffset), p => p.SeenAt),
        new("country", typeof(string), p => p.Statement?.Country),
        new("orders", typeof(long), _ => 0L),
        new("items", typeof(long), _ => 0L),
        new("revenue_minor", typeof(long), _ => 0L),
        new("cancelled_minor", typeof(long), _ => 0L),
        new("recency", typeof(long), _ => 0L))
    { OnConflict = "on conflict do nothing" };

    private static BulkInsert<Newcomer> Profiles(Guid import) => new("customers_profiles",
        new("subject_id", typeof(Guid), p => p.SubjectId),
        new("import_id", typeof(Guid), _ => import),
        new("said_at", typeof(DateTimeOffset), p => p.SeenAt),
        new("name", typeof(byte[]), p => p.Statement!.Name?.Envelope),
        new("email", typeof(byte[]), p => p.Statement!.Email?.Envelope),
        new("phone", typeof(byte[]), p => p.Statement!.Phone?.Envelope),
        new("country", typeof(string), p => p.Statement!.Country),
        new("locale", typeof(string), p => p.Statement!.Locale))
    { OnConflict = "on conflict do nothing" };

    private static BulkInsert<IdentityRow> Identities(Guid import) => new("customers_identities",
        new("subject_id", typeof(Guid), i => i.SubjectId),
        new("identity_id", typeof(Guid), _ => Id.New()),
        new("kind", typeof(IdentityKind), i => i.Identity.Kind),
        new("value", typeof(byte[]), i => i.Identity.Value.Envelope),
        new("verified", typeof(bool), _ => false),
        new("import_id", typeof(Guid), _ => import));

    /// <summary>One subject of the batch: what was said of it, and the earliest time at which it was seen.</summary>
    private sealed record Newcomer(Guid SubjectId, DateTimeOffset SeenAt, bool Anonymous, PersonStatement? Statement)
    {
        public static Newcomer Of(IGrouping<Guid, SeenPerson> seen)
        {
            var (claim, speaking) = (seen.First().Person.Claim, seen.FirstOrDefault(p => p.Person.Statement is not null));
            return new Newcomer(seen.Key, seen.Min(p => p.SeenAt), claim.Kind == IdentityKind.AnonymousId || string.IsNullOrWhiteSpace(claim.Value), speaking?.Person.Statement);
        }
    }

    private sealed record IdentityRow(Guid SubjectId, SealedIdentity Identity);
}
