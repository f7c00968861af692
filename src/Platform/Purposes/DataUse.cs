namespace Wellmet.Platform.Purposes;

/// <summary>A use of personal data that somebody wants to make.</summary>
/// <param name="Channel">Where the use has one.</param>
/// <param name="Country">
/// ISO 3166 alpha-2 code of the country by whose rules all recipients are to be answered. Null, as it should be but for a reason: by the rules of each recipient's own country, as the
/// customer's profile words it (a code or the country's name); the rules of everywhere (<c>*</c>) for those of whom none is known, or none that has rules of its own. Those need not be the
/// strictest: they are what the owner set.
/// </param>
public sealed record DataUse(Purpose Purpose, Channel Channel = Channel.Any, string? Country = null);

/// <summary>Whose data is used.</summary>
/// <param name="Address">The e-mail address or phone number a message would go to, for channels that have one: consent is given for an address.</param>
public readonly record struct Recipient(Guid SubjectId, string? Address = null);

/// <summary>Whether one person's data may be used.</summary>
/// <param name="Allowed">Whether the use may go on.</param>
/// <param name="Basis">The legal basis or the refusal, as a stable code: <c>legitimate_interest</c>, <c>objected</c>…</param>
public sealed record PurposeDecision(bool Allowed, string Basis)
{
    /// <summary>For whoever is not in the answer.</summary>
    public static readonly PurposeDecision Unasked = new(false, "not_asked");
}

/// <summary>What the gate says about each of those it was asked about; nobody else is allowed.</summary>
public sealed class PurposeAnswer
{
    private readonly IReadOnlyDictionary<Recipient, PurposeDecision> decisions;

    internal PurposeAnswer(DataUse use, IReadOnlyDictionary<Recipient, PurposeDecision> decisions)
    {
        Use = use;
        this.decisions = decisions;
    }

    public DataUse Use { get; }

    public PurposeDecision this[Recipient recipient] => decisions.GetValueOrDefault(recipient, PurposeDecision.Unasked);

    public PurposeDecision this[Guid subject] => this[new Recipient(subject)];

    /// <summary>How many were refused, by the code of the refusal.</summary>
    public IReadOnlyDictionary<string, int> Refusals => decisions.Values.Where(d => !d.Allowed).CountBy(d => d.Basis).ToDictionary();

    /// <summary>The permission to use the data of all those who are allowed, to be shown where the data goes out.</summary>
    public PurposeGrant Grant() => new(Use, decisions.Where(d => d.Value.Allowed).Select(d => d.Key).ToHashSet());
}

/// <summary>The gate's permission. Only an answer of the gate makes one, so whoever holds one has asked.</summary>
public sealed class PurposeGrant
{
    private readonly IReadOnlySet<Recipient> recipients;

    internal PurposeGrant(DataUse use, IReadOnlySet<Recipient> recipients)
    {
        Use = use;
        this.recipients = recipients;
    }

    public DataUse Use { get; }

    /// <summary>Whether it permits this very use of this recipient's data, at the address that the gate was asked about.</summary>
    public bool Covers(DataUse use, Recipient recipient) => use == Use && recipients.Contains(recipient);
}
