using Wellmet.Platform;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Vault;
using Wellmet.Privacy.Contract;

namespace Wellmet.Privacy.Consents;

/// <summary>The part of a proof that is personal: sealed under the key of the subject.</summary>
/// <param name="Address">The e-mail address or phone number that the consent is for.</param>
/// <param name="Place">Address of the page, or the place, where it was said.</param>
/// <param name="Network">The network it came from, cut short; see <see cref="Platform.Access.ClientNetwork"/>.</param>
/// <param name="Evidence">Where further evidence lies, e.g. the number of a form or a recording.</param>
/// <param name="Note">What whoever recorded it wrote.</param>
public sealed record ConsentProof(
    [property: Pii("contact address")] string? Address = null,
    [property: Pii("place of the consent")] string? Place = null,
    [property: Pii("network address, cut short")] string? Network = null,
    [property: Pii("browser")] string? UserAgent = null,
    [property: Pii("evidence of the consent")] string? Evidence = null,
    [property: Pii("note")] string? Note = null)
{
    public static readonly ConsentProof None = new();
}

/// <summary>What a person said, as it is to be recorded.</summary>
/// <param name="SubjectId">Any subject of the customer; it is recorded with all of them.</param>
public sealed record NewConsent(Guid SubjectId, Purpose Purpose, Channel Channel, ConsentDecision Decision, DateTimeOffset OccurredAt, ConsentSource Source)
{
    public const int LongestWording = 4000, LongestText = 500, LongestCode = 60, LongestPlace = 2000;

    public Guid ConsentId { get; init; } = Id.New();

    /// <summary>How it was said: <c>checkbox</c>, <c>spoken</c>, <c>gpc</c>…</summary>
    public string? Method { get; init; }

    /// <summary>The very words that were shown.</summary>
    public string? Wording { get; init; }
    public string? WordingVersion { get; init; }

    /// <summary>BCP 47 tag.</summary>
    public string? Language { get; init; }
    public ConsentProof Proof { get; init; } = ConsentProof.None;

    /// <summary>Refuses what cannot be a record of consent.</summary>
    /// <exception cref="ProblemException">
    /// <c>consent_purpose_invalid</c>, <c>consent_channel_missing</c>, <c>consent_address_missing</c>, <c>consent_address_unexpected</c>, <c>consent_proof_missing</c>,
    /// <c>consent_time_invalid</c>, <c>consent_text_long</c>.
    /// </exception>
    public void Demand(DateTimeOffset now)
    {
        Demand(Purpose is Purpose.Marketing or Purpose.Measurement or Purpose.Personalisation or Purpose.Export, "consent_purpose_invalid",
            "Consent is for marketing, measurement, personalisation or export.");
        Demand(Proof.Address is null || AddressTokens.KindOf(Channel) is not null, "consent_address_unexpected", "Only e-mail, SMS and phone have an address.");
        Demand(OccurredAt <= now + TimeSpan.FromMinutes(5) && OccurredAt.Year >= 1995, "consent_time_invalid", "This cannot have been said in the future, nor before 1995.");
        if (Decision is not (ConsentDecision.Withdrawn or ConsentDecision.Lifted))
        {
            Demand(Channel != Channel.Any || Purpose is Purpose.Personalisation or Purpose.Export, "consent_channel_missing", "Say for which channel the consent is.");
            if (Proof.Address is null && AddressTokens.KindOf(Channel) is not null)
            {
                throw AddressMissing();
            }
            Demand(Wording is not null || Proof.Evidence is not null || Proof.Note is not null, "consent_proof_missing",
                "A consent needs a proof: the wording that was shown, a reference to the evidence, or a note.");
        }
        DemandLengths();
    }

    internal static ProblemException AddressMissing() => new("consent_address_missing", "A consent to e-mail, SMS or calls is for an address: say for which.");

    private void DemandLengths()
    {
        (string? Text, int Most)[] texts =
        [
            (Wording, LongestWording), (WordingVersion, LongestCode), (Language, LongestCode), (Method, LongestCode), (Proof.Place, LongestPlace),
            (Proof.UserAgent, LongestText), (Proof.Evidence, LongestText), (Proof.Note, LongestText),
        ];
        foreach (var (text, most) in texts)
        {
            if (text?.Length > most)
            {
                throw new ProblemException("consent_text_long", "A text has {0} characters; at most {1} are kept here.", 400, text.Length, most);
            }
        }
    }

    private static void Demand(bool holds, string code, string message)
    {
        if (!holds)
        {
            throw new ProblemException(code, message);
        }
    }
}
