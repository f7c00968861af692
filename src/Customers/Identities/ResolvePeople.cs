using Wellmet.Customers.Contract;
using Wellmet.Customers.Joining;
using Wellmet.Platform;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Customers.Identities;

/// <summary>Finds or claims the subject of each person; a value that identifies nobody names somebody unknown. See <see cref="ICustomers.ResolveAsync"/>.</summary>
internal sealed class ResolvePeople(Database database, IdentifierClaims claims, SealStatements seal, CurrentJoinRules rules)
{
    public async Task<IReadOnlyList<ResolvedPerson>> RunAsync(IReadOnlyList<PersonClaim> people, Guid? importId, CancellationToken ct)
    {
        var blocked = (await rules.ReadAsync(ct)).Blocked;
        people = [.. people.Select(p => IdentityText.Normalise(p.Kind, p.Value) is { } value && blocked.IsNobody(p.Kind, value) ? p with { Value = null } : p)];
        var erased = await ErasedAsync([.. people.Select(p => p.StandingId).OfType<Guid>().Distinct()], ct);
        var identifiers = people.Select(p => IsErased(p) ? null : IdentityText.IdentifierOf(p)).ToList();
        var owners = await OwnersAsync([.. identifiers.OfType<Identifier>().Distinct()], importId, ct);
        var subjects = people.Select((person, i) => identifiers[i] is { } identifier ? owners[identifier] : person.StandingId ?? Id.New()).ToList();
        var known = await KnownAsync([.. owners.Values, .. people.Select(p => p.StandingId).OfType<Guid>()], importId, ct);
        var silent = subjects.Select((subject, i) => new Said(subject, identifiers[i], people[i].Details, Stands: subject == people[i].StandingId))
            .Where(s => !erased.Contains(s.SubjectId) && (!known.TryGetValue(s.SubjectId, out var spoken) || !spoken))
            .DistinctBy(s => s.SubjectId).ToList();
        var statements = await seal.RunAsync(silent, importId, blocked, ct);
        return [.. people.Select((person, i) => new ResolvedPerson(
            subjects[i], !known.ContainsKey(subjects[i]), person, statements.GetValueOrDefault(subjects[i])))];

        bool IsErased(PersonClaim person) => person.StandingId is { } standing && erased.Contains(standing);
    }

    private async Task<HashSet<Guid>> ErasedAsync(List<Guid> standing, CancellationToken ct) => standing.Count == 0 ? [] :
        [.. await database.ReadAsync(s => s.QueryAsync("select subject_id from customers_subjects where subject_id in @standing and erased_at is not null",
            new { standing }, r => r.Guid(0), ct), ct)];

    /// <summary>Reads first: in most batches everybody is known, and a write would wait for the disk.</summary>
    private async Task<IReadOnlyDictionary<Identifier, Guid>> OwnersAsync(List<Identifier> identifiers, Guid? importId, CancellationToken ct)
    {
        var owners = await claims.OwnersAsync(identifiers, ct);
        var free = identifiers.Where(i => !owners.ContainsKey(i)).Select(i => new Claim(i, Id.New(), importId)).ToList();
        return free.Count == 0 ? owners : owners.Concat(await claims.ClaimAsync(free, ct)).ToDictionary();
    }

    /// <summary>Of the subjects those that have rows, and whether this source has already said something about them.</summary>
    private Task<Dictionary<Guid, bool>> KnownAsync(IEnumerable<Guid> subjects, Guid? importId, CancellationToken ct) => database.ReadAsync(async s =>
        (await s.QueryAsync("""
            select s.subject_id, case when p.subject_id is null then 0 else 1 end
            from customers_subjects s left join customers_profiles p on p.subject_id = s.subject_id and p.import_id = @import
            where s.subject_id in @subjects
            """, new { import = importId ?? Guid.Empty, subjects = subjects.Distinct() }, r => (Subject: r.Guid(0), Spoken: r.Long(1) == 1), ct))
        .ToDictionary(r => r.Subject, r => r.Spoken), ct);
}
