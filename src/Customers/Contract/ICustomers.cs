using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Customers.Contract;

/// <summary>The kinds of identifier by which a subject is known.</summary>
public enum IdentityKind
{
    ExternalId,
    Email,
    Phone,
    AnonymousId,

    /// <summary>A device, or a number of the shop's own kind; the value begins with the kind and a colon, e.g. <c>loyalty_card:4711</c>.</summary>
    Custom,
}

/// <summary>Whom a source speaks of: one identifier, and what it says about the person.</summary>
/// <param name="Value">As the source wrote it; normalised here. Null or empty for somebody unknown, who becomes an anonymous subject.</param>
public sealed record PersonClaim(IdentityKind Kind, string? Value, PersonDetails Details)
{
    /// <summary>
    /// The subject that stands already for what the source speaks of (the customer of an order that another file brought); null for the first
    /// source. Somebody unknown is this subject then, and an erased one stays nobody, whatever the source says.
    /// </summary>
    public Guid? StandingId { get; init; }

    /// <summary>Whether the source says that they want advertising; null where it says nothing. Never a consent, see Privacy's <c>IConsents</c>.</summary>
    public bool? AcceptsMarketing { get; init; }

    /// <summary>Longest identifier, name, e-mail address or phone number, in characters: the caller turns away longer ones with their line.</summary>
    public const int MaxLength = 320;
}

/// <summary>What a source says about a person; null where it says nothing.</summary>
/// <param name="Country">ISO 3166 alpha-2 code, or the source's own word where it has none.</param>
/// <param name="Locale">BCP 47 tag, e.g. <c>de-DE</c>.</param>
public sealed record PersonDetails(string? Name = null, string? Email = null, string? Phone = null, string? Country = null, string? Locale = null);

/// <summary>The subject behind a claim.</summary>
/// <param name="IsNew">True where no row stands for it yet: <see cref="ICustomers.RegisterAsync"/> writes it.</param>
/// <param name="Statement">What this source says, ready to be written; null where it was written before.</param>
public sealed record ResolvedPerson(Guid SubjectId, bool IsNew, PersonClaim Claim, PersonStatement? Statement);

/// <summary>A person in a batch, and when the batch says that they were there (UTC); the earliest time counts.</summary>
public sealed record SeenPerson(ResolvedPerson Person, DateTimeOffset SeenAt);

/// <summary>What a source says about a subject, sealed under the subject's key outside the transaction that will write it.</summary>
/// <param name="Country">In clear, without control characters.</param>
public sealed record PersonStatement(
    IReadOnlyList<SealedIdentity> Identities, Sealed<string>? Name, Sealed<string>? Email, Sealed<string>? Phone, string? Country, string? Locale);

/// <summary>An identifier as it is kept.</summary>
public sealed record SealedIdentity(IdentityKind Kind, Sealed<string> Value);

/// <summary>How a customer is shown in a line.</summary>
/// <param name="Label">Name, else e-mail, else external id, else 'Anonymous' (English, translated on display).</param>
public sealed record CustomerLabel(Guid CustomerId, string Label, string? Country);

/// <summary>How a customer can be reached, with all of their subjects.</summary>
/// <param name="Emails">Every e-mail address that any source names, normalised.</param>
/// <param name="Phones">Likewise.</param>
public sealed record CustomerContacts(Guid CustomerId, IReadOnlyList<Guid> Subjects, IReadOnlyList<string> Emails, IReadOnlyList<string> Phones);

/// <summary>What other modules may ask of Customers.</summary>
public interface ICustomers
{
    /// <summary>
    /// Finds or claims the subject of each person, in the order given. Claims become durable in the key store before any row is written, so
    /// the same identifier can never get two subjects; a crash in between leaves a claim that the next call takes up.
    /// </summary>
    /// <exception cref="Platform.ProblemException"><c>personal_data_too_long</c>: see <see cref="PersonClaim.MaxLength"/>.</exception>
    Task<IReadOnlyList<ResolvedPerson>> ResolveAsync(IReadOnlyList<PersonClaim> people, Guid? importId, CancellationToken ct);

    /// <summary>
    /// Writes the rows of new subjects and what the source says of known ones, inside the caller's transaction, and tells
    /// <see cref="CustomerAppeared"/>. Give it everybody whom the batch names: an undo then knows who is named elsewhere, too.
    /// </summary>
    Task RegisterAsync(Transaction tx, IReadOnlyCollection<SeenPerson> people, Guid? importId, CancellationToken ct);

    /// <summary>
    /// Takes back what an import said of people: subjects that only it named go, with their claims, search tokens and keys; of the others only
    /// its own statements. A bounded number at each call; true when nothing is left. Not to be run while any import runs.
    /// </summary>
    Task<bool> UndoImportAsync(Guid importId, CancellationToken ct);

    /// <summary>
    /// Whom each text means: the id of a customer or of one of their subjects, else the shop's own number, an e-mail address or a phone number. Nobody is created, and nothing personal is opened. Several
    /// customers where an address is said of several; who is unknown or erased is missing.
    /// </summary>
    /// <returns>Subjects by text.</returns>
    Task<ILookup<string, Guid>> FindAsync(IReadOnlyCollection<string> texts, CancellationToken ct);

    /// <summary>Subjects that an import brought, in order, after one of them.</summary>
    Task<IReadOnlyList<Guid>> SubjectsOfImportAsync(Guid importId, Guid after, int limit, CancellationToken ct);

    /// <summary>The customer of each subject: itself, unless it was merged.</summary>
    Task<IReadOnlyDictionary<Guid, Guid>> CustomersOfAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct);

    /// <summary>Likewise, as the caller's session sees it; a transaction asks so instead of opening a second connection.</summary>
    Task<IReadOnlyDictionary<Guid, Guid>> CustomersOfAsync(Session session, IReadOnlyCollection<Guid> subjects, CancellationToken ct);

    /// <summary>All subjects of a customer; the customer's own id is one of them.</summary>
    Task<IReadOnlyList<Guid>> SubjectsOfAsync(Guid customerId, CancellationToken ct);

    /// <summary>The subjects of many customers, in one lookup.</summary>
    Task<ILookup<Guid, Guid>> SubjectsOfAsync(IReadOnlyCollection<Guid> customers, CancellationToken ct);

    /// <summary>Likewise, as the caller's session sees it.</summary>
    Task<ILookup<Guid, Guid>> SubjectsOfAsync(Session session, IReadOnlyCollection<Guid> customers, CancellationToken ct);

    /// <summary>Labels for a page of subjects, opened in one batch; masked where the actor may not see personal data.</summary>
    Task<IReadOnlyDictionary<Guid, CustomerLabel>> LabelsAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct);

    /// <summary>The country of the customer of each subject, as the weightiest source words it; those of whom none is known are missing. The rows are not opened.</summary>
    Task<IReadOnlyDictionary<Guid, string>> CountriesAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct);

    /// <summary>
    /// The contacts of the customer of each subject, opened: for sending, and for keeping a withdrawal for the address. Those who do not exist or were erased are missing.
    /// </summary>
    Task<IReadOnlyDictionary<Guid, CustomerContacts>> ContactsAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct);

    /// <summary>An identifier as it is compared (e-mail in lower case, phone number as digits); null where nothing is left.</summary>
    /// <exception cref="Platform.ProblemException"><c>personal_data_too_long</c>.</exception>
    string? Normalise(IdentityKind kind, string? value);
}
