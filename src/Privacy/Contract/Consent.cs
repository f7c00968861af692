using Wellmet.Platform.Storage;

namespace Wellmet.Privacy.Contract;

/// <summary>What a person said about a use of their data.</summary>
public enum ConsentDecision
{
    Given,

    /// <summary>At a purchase they were offered to refuse and did not: enough for own customers where the market's rules allow it (soft opt-in).</summary>
    NotRefused,
    Withdrawn,

    /// <summary>They are asked to confirm; counts for nothing until they do.</summary>
    Asked,

    /// <summary>A file says that they consented, without proof; counts for nothing.</summary>
    Claimed,

    /// <summary>They took an objection back: it ends there, and so does the address's, where no consent is needed; it gives no consent, and none that the objection ended comes back.</summary>
    Lifted,
}

/// <summary>Where the record of a consent comes from.</summary>
public enum ConsentSource
{
    Form,
    Checkout,
    DoubleOptIn,
    Api,
    Staff,
    Import,

    /// <summary>A browser's own signal: Global Privacy Control, or the choices of the shop's banner.</summary>
    Signal,
}

/// <summary>A file's word about whether somebody wants advertising by e-mail.</summary>
/// <param name="SaidAt">When the file says that it was so.</param>
public sealed record ImportedConsent(Guid SubjectId, bool Accepts, DateTimeOffset SaidAt);

/// <summary>What other modules may ask of Privacy.</summary>
public interface IConsents
{
    /// <summary>
    /// Keeps what an import says, in its transaction. It never raises a consent: a refusal counts as a withdrawal at that time, an acceptance is kept as a
    /// claim that the gate does not accept. Taking the import back takes both back.
    /// </summary>
    Task KeepImportedAsync(Transaction tx, IReadOnlyCollection<ImportedConsent> said, Guid importId, CancellationToken ct);

    /// <summary>The path of the page where a consent is confirmed (double opt-in), for the message that carries it.</summary>
    Task<string> ConfirmationLinkAsync(Guid confirmationId, CancellationToken ct);
}
