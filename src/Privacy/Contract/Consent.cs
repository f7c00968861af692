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
public sealed record ImportedConsent(Guid SubjectId, bool Accepts, DateTimeOffset SaidAt)
{
    /// <summary>What the file says of how it was said; null where it says nothing.</summary>
    public ConsentEvidence? Evidence { get; init; }

    /// <summary>Mail to the address came back for good: it is refused for this address, whatever the person wants.</summary>
    public bool Undeliverable { get; init; }
}

/// <summary>How a consent was come by, as an e-mail tool noted it. On its way only: personal data in it is kept sealed, as the proof of the consent (<c>ConsentProof</c>).</summary>
/// <param name="Address">The e-mail address that it is for.</param>
/// <param name="OptInAt">When the form was sent.</param>
/// <param name="OptInIp">From where; cut short before it is kept.</param>
/// <param name="ConfirmedAt">When the link in the confirming letter was opened (double opt-in).</param>
public sealed record ConsentEvidence(string Address, DateTimeOffset? OptInAt, string? OptInIp, DateTimeOffset? ConfirmedAt, string? ConfirmedIp);

/// <summary>A consent to advertising by e-mail that another program took, with what proves it. On its way only: personal data in it is kept sealed, as <c>ConsentProof</c>.</summary>
/// <param name="Wording">The very words that were shown; this or <paramref name="Evidence"/> is needed.</param>
/// <param name="Evidence">Where the proof lies, such as the number of a form.</param>
/// <param name="Ip">Cut short before it is kept.</param>
public sealed record ProvedConsent(Guid SubjectId, string Address, DateTimeOffset GivenAt, string? Wording, string? Evidence, string? Ip);

/// <summary>What other modules may ask of Privacy.</summary>
public interface IConsents
{
    /// <summary>
    /// Keeps what an import says, in its transaction. It never raises a consent: a refusal counts as a withdrawal at that time, an acceptance is kept as a
    /// claim that the gate does not accept. Taking the import back takes both back.
    /// </summary>
    Task KeepImportedAsync(Transaction tx, IReadOnlyCollection<ImportedConsent> said, Guid importId, CancellationToken ct);

    /// <summary>Likewise, where there may be evidence: it is sealed before the transaction that runs what is returned.</summary>
    Task<Func<Transaction, CancellationToken, Task>> PrepareImportedAsync(IReadOnlyCollection<ImportedConsent> said, Guid importId, CancellationToken ct);

    /// <summary>Prepares a consent that counts, for the transaction that runs what is returned; the same again changes nothing.</summary>
    /// <param name="newcomer">The subject gets its row in that transaction only.</param>
    /// <exception cref="Platform.ProblemException"><c>consent_proof_missing</c>, <c>consent_time_invalid</c>, <c>consent_text_long</c>, <c>consent_address_missing</c>.</exception>
    Task<Func<Transaction, CancellationToken, Task>> PrepareGivenAsync(ProvedConsent said, bool newcomer, CancellationToken ct);

    /// <summary>The path of the page where a consent is confirmed (double opt-in), for the message that carries it.</summary>
    Task<string> ConfirmationLinkAsync(Guid confirmationId, CancellationToken ct);
}
