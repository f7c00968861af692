using System.ComponentModel;
using System.Net;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Purposes;
using Wellmet.Privacy.Contract;

namespace Wellmet.Privacy.Consents;

/// <summary>The body of <c>POST /v1/consents</c>.</summary>
internal sealed record ConsentsBody([property: Description("1 to 100 records; all are kept, or none.")] IReadOnlyList<ConsentBody> Consents);

/// <summary>One record, as it is sent.</summary>
internal sealed record ConsentBody(
    [property: Description("`marketing` (may send), `measurement` (may measure), `personalisation` or `export`.")] Purpose Purpose,
    [property: Description("`given`; `not_refused` at a purchase (soft opt-in); `withdrawn`; `asked` begins a double opt-in, and counts when the person confirms.")] ConsentDecision Decision,
    [property: Description("Whom it is about: exactly one of `customer_id`, `user_id`, `email` and `phone`.")] Guid? CustomerId = null,
    [property: Description("Your shop's own id of the person.")] string? UserId = null,
    string? Email = null,
    string? Phone = null,
    [property: Description("Needed for `marketing` and `measurement` unless withdrawn; `any` withdraws from all.")] Channel Channel = Channel.Any,
    [property: Description("The e-mail address or phone number that it is for; `email` or `phone` where it is not said. A withdrawal without one is for all.")] string? Address = null,
    [property: Description("When it was said; now where it is not said.")] DateTimeOffset? OccurredAt = null,
    [property: Description("`form`, `checkout` or `api`.")] ConsentSource Source = ConsentSource.Api,
    [property: Description("How it was said: `checkbox`, `button`, `spoken` …")] string? Method = null,
    [property: Description("The very words that were shown: they are the proof. A consent needs them or `evidence`.")] string? Wording = null,
    string? WordingVersion = null,
    [property: Description("BCP 47 tag of the wording.")] string? Language = null,
    [property: Description("Address of the page.")] string? Place = null,
    [property: Description("The person's network address; cut short at once.")] string? Ip = null,
    string? UserAgent = null,
    [property: Description("Where further evidence lies, such as the number of a form.")] string? Evidence = null)
{
    /// <exception cref="ProblemException"><c>consent_person_unclear</c>, <c>consent_field_invalid</c>.</exception>
    public (PersonReference Person, NewConsent Said) Read(DateTimeOffset now)
    {
        Demand(Decision is not (ConsentDecision.Claimed or ConsentDecision.Lifted), "decision");
        Demand(Source is ConsentSource.Form or ConsentSource.Checkout or ConsentSource.Api, "source");
        var person = new PersonReference(CustomerId, UserId, Email, Phone);
        person.Demand();
        return (person, new NewConsent(Guid.Empty, Purpose, Channel, Decision, OccurredAt ?? now, Source)
        {
            Method = Method,
            Wording = Wording,
            WordingVersion = WordingVersion,
            Language = Language,
            Proof = new ConsentProof(AddressOf(), Place, Network(), UserAgent, Evidence),
        });
    }

    /// <summary>Whoever is named by their address means that address, where it fits the channel.</summary>
    private string? AddressOf() => Address ?? (AddressTokens.KindOf(Channel) switch
    {
        IdentityKind.Email => Email,
        IdentityKind.Phone => Phone,
        _ => null,
    });

    private string? Network()
    {
        IPAddress? address = null;
        Demand(Ip is null || IPAddress.TryParse(Ip, out address), "ip");
        return address is null ? null : ClientNetwork.Of(address);
    }

    private static void Demand(bool holds, string field)
    {
        if (!holds)
        {
            throw new ProblemException("consent_field_invalid", "The field {0} is missing or has no valid value.", 400, field) { Parameter = field };
        }
    }
}

/// <summary>The answer of <c>POST /v1/consents</c>, in the order of the request.</summary>
internal sealed record ConsentsAnswer(IReadOnlyList<ConsentsAnswer.Item> Consents)
{
    internal sealed record Item(
        Guid ConsentId, Guid CustomerId,
        [property: Description("Always `accepted`: all records of a request are, or none.")] string Status,
        [property: Description("The page where the person confirms a double opt-in, for your message; works for 14 days, once.")] Uri? ConfirmationUrl);
}

/// <summary>The answer of <c>GET /v1/customers/{id}/consents</c>.</summary>
internal sealed record CustomerConsentsAnswer(
    Guid CustomerId,
    [property: Description("By whose rules `channels` were decided; null for those of everywhere.")] string? Country,
    [property: Description("What is allowed now.")] IReadOnlyList<CustomerConsentsAnswer.State> Channels,
    [property: Description("All that was ever said, newest first.")] IReadOnlyList<CustomerConsentsAnswer.Item> Consents)
{
    internal sealed record State(
        Purpose Purpose, Channel Channel,
        [property: Description("Personal: null without the scope `customers.read_personal`.")] string? Address,
        bool Allowed,
        [property: Description("The legal basis, or why it is not allowed: `consent`, `soft_opt_in`, `withdrawn`, `consent_missing` …")] string Basis);

    /// <summary>A record with its proof. The personal part is null without the scope <c>customers.read_personal</c>.</summary>
    internal sealed record Item(
        Guid ConsentId, Purpose Purpose, Channel Channel, ConsentDecision Decision, DateTimeOffset OccurredAt, DateTimeOffset RecordedAt, ConsentSource Source, string? Method,
        string? Wording, string? WordingVersion, string? Language, string? Address, string? Place, string? Network, string? UserAgent, string? Evidence, string? Note);

    public static CustomerConsentsAnswer Of(CustomerConsents read) => new(read.CustomerId, read.Country,
        [.. read.Channels.Select(c => new State(c.Purpose, c.Channel, c.Address, c.Decision.Allowed, c.Decision.Basis))],
        [.. read.Records.Select(r => new Item(r.ConsentId, r.Purpose, r.Channel, r.Decision, r.OccurredAt, r.RecordedAt, r.Source,
            r.Method, r.Wording, r.WordingVersion, r.Language, r.Proof.Address, r.Proof.Place, r.Proof.Network, r.Proof.UserAgent, r.Proof.Evidence, r.Proof.Note))]);
}
