using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Idempotency;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Confirmations;
using Wellmet.Privacy.Contract;

namespace Wellmet.Privacy.Consents;

/// <summary>What became of one record.</summary>
/// <param name="ConfirmationId">The question that waits for the person's confirmation; null where nothing is to be confirmed.</param>
public sealed record RecordedConsent(Guid ConsentId, Guid CustomerId, Guid? ConfirmationId);

/// <summary>The answer to a batch, in its order.</summary>
public sealed record RecordedConsents(IReadOnlyList<RecordedConsent> Consents);

/// <summary>Takes what people said to a program of the shop: all records of a request, or none.</summary>
public sealed class RecordConsents(Database database, ICustomers customers, ConsentLedger ledger, IdempotentRequest request, CurrentActor actor)
{
    public const int Most = 100;

    /// <summary>Records and whose they are. The subject of each is found here; those of the records themselves are not looked at.</summary>
    public sealed record Request(IReadOnlyList<(PersonReference Person, NewConsent Said)> Consents);

    /// <exception cref="ProblemException"><c>consents_missing</c>, <c>consents_many</c>, <c>customer_unknown</c> (404), and those of <see cref="NewConsent.Demand(DateTimeOffset)"/>.</exception>
    public async Task<RecordedConsents> RunAsync(Request batch, CancellationToken ct)
    {
        actor.Demand(PrivacyPermissions.Write);
        if (batch.Consents.Count is 0 or > Most)
        {
            throw batch.Consents.Count == 0
                ? new ProblemException("consents_missing", "Send the records as an array named consents.")
                : new ProblemException("consents_many", "At most {0} records go into one request.", 400, Most);
        }
        var subjects = await FindAsync([.. batch.Consents.Select(c => c.Person)], [.. batch.Consents.Select(c => c.Said.OccurredAt)], ct);
        var said = batch.Consents.Select((c, i) => c.Said with { SubjectId = subjects[i] }).ToList();
        var prepared = await ledger.PrepareAsync(said, ct);
        return await request.OnceAsync(async tx =>
        {
            await ConsentLedger.WriteAsync(tx, prepared, ct);
            var answers = new List<RecordedConsent>();
            foreach (var one in said)
            {
                tx.Append(new ConsentRecorded(one.SubjectId, one.OccurredAt, one.ConsentId, one.Purpose, one.Channel, one.Decision, one.Source));
                answers.Add(new RecordedConsent(one.ConsentId, one.SubjectId,
                    one.Decision == ConsentDecision.Asked ? await Confirmation.AskAsync(tx, one, ct) : null));
            }
            return new RecordedConsents(answers);
        }, ct);
    }

    /// <summary>The subject of each person; somebody who was never seen before appears with what they say.</summary>
    private async Task<IReadOnlyList<Guid>> FindAsync(IReadOnlyList<PersonReference> people, IReadOnlyList<DateTimeOffset> at, CancellationToken ct)
    {
        var named = people.Select((p, i) => (Person: p, At: at[i])).Where(p => p.Person.CustomerId is null).ToList();
        var resolved = named.Count == 0 ? [] : await customers.ResolveAsync([.. named.Select(n => n.Person.ToClaim())], null, ct);
        if (resolved.Count > 0)
        {
            await database.WriteAsync(tx => customers.RegisterAsync(tx, [.. resolved.Select((p, i) => new SeenPerson(p, named[i].At))], null, ct), ct);
        }
        var next = 0;
        return [.. people.Select(p => p.CustomerId ?? resolved[next++].SubjectId)];
    }
}

/// <summary>Whom a record is about, by exactly one of these.</summary>
/// <param name="UserId">The shop's own id of the person.</param>
public sealed record PersonReference(Guid? CustomerId, string? UserId, string? Email, string? Phone)
{
    /// <exception cref="ProblemException"><c>consent_person_unclear</c>.</exception>
    public void Demand()
    {
        if (new[] { CustomerId?.ToString(), UserId, Email, Phone }.Count(v => !string.IsNullOrWhiteSpace(v)) != 1)
        {
            throw new ProblemException("consent_person_unclear", "Name the person by exactly one of customer_id, user_id, email and phone.");
        }
    }

    internal PersonClaim ToClaim() =>
        UserId is not null ? new PersonClaim(IdentityKind.ExternalId, UserId, new PersonDetails())
        : Email is not null ? new PersonClaim(IdentityKind.Email, Email, new PersonDetails())
        : new PersonClaim(IdentityKind.Phone, Phone, new PersonDetails());
}
