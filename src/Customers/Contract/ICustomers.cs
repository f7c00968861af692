using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Contract;

/// <summary>The kinds of identifier by which a subject is known.</summary>
public enum IdentityKind
{
    ExternalId,
    Email,
    Phone,
    AnonymousId,
}

/// <summary>Whom a source speaks of: one identifier, and what it says about the person.</summary>
/// <param name="Value">As the source wrote it; normalised here. Null or empty for somebody unknown, who becomes an anonymous subject.</param>
public sealed record PersonClaim(IdentityKind Kind, string? Value, PersonDetails Details);

/// <summary>What a source says about a person; null where it says nothing.</summary>
/// <param name="Country">ISO 3166 alpha-2 code, or the source's own word where it has none.</param>
public sealed record PersonDetails(string? Name = null, string? Email = null, string? Phone = null, string? Country = null);

/// <summary>The subject behind a claim.</summary>
/// <param name="IsNew">True where no row stands for it yet: <see cref="ICustomers.RegisterAsync"/> writes it.</param>
public sealed record ResolvedPerson(Guid SubjectId, bool IsNew, PersonClaim Claim);

/// <summary>How a customer is shown in a line.</summary>
/// <param name="Label">Name, else e-mail, else external id, else 'Anonymous' (English, translated on display).</param>
public sealed record CustomerLabel(Guid CustomerId, string Label, string? Country);

/// <summary>What other modules may ask of Customers.</summary>
public interface ICustomers
{
    /// <summary>
    /// Finds or claims the subject of each person, in the order given. Claims become durable in the key store before any row is written, so
    /// the same identifier can never get two subjects; a crash in between leaves a claim that the next call takes up.
    /// </summary>
    Task<IReadOnlyList<ResolvedPerson>> ResolveAsync(IReadOnlyList<PersonClaim> people, Guid? importId, CancellationToken ct);

    /// <summary>Writes the rows of new subjects, inside the caller's transaction, and tells <see cref="CustomerAppeared"/>.</summary>
    Task RegisterAsync(Transaction tx, IReadOnlyCollection<ResolvedPerson> people, DateTimeOffset seenAt, Guid? importId, CancellationToken ct);

    /// <summary>The customer of each subject: itself, unless it was merged.</summary>
    Task<IReadOnlyDictionary<Guid, Guid>> CustomersOfAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct);

    /// <summary>All subjects of a customer; the customer's own id is one of them.</summary>
    Task<IReadOnlyList<Guid>> SubjectsOfAsync(Guid customerId, CancellationToken ct);

    /// <summary>Labels for a page of subjects, opened in one batch; masked where the actor may not see personal data.</summary>
    Task<IReadOnlyDictionary<Guid, CustomerLabel>> LabelsAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct);
}
