using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Purposes;
using Wellmet.Privacy.Contract;
using Wellmet.Privacy.Rules;

namespace Wellmet.Privacy.Consents;

/// <summary>Whether a channel is open for a purpose.</summary>
/// <param name="Address">Null for a channel without addresses, and for whoever may not see personal data.</param>
public sealed record ChannelState(Purpose Purpose, Channel Channel, string? Address, PurposeDecision Decision);

/// <summary>What a customer said, with the proof, and what follows from it.</summary>
/// <param name="Country">ISO 3166 alpha-2 code of where the customer lives, by whose rules the states were decided; null where it is not known, and everywhere's hold.</param>
public sealed record CustomerConsents(Guid CustomerId, string? Country, IReadOnlyList<ChannelState> Channels, IReadOnlyList<ConsentRecord> Records);

/// <summary>Reads all that one customer said about the use of their data.</summary>
public sealed class ReadConsents(ICustomers customers, ConsentHistory history, IPurposeGate gate, CurrentActor actor)
{
    /// <exception cref="Platform.ProblemException"><c>customer_unknown</c> (404).</exception>
    public async Task<CustomerConsents> RunAsync(Guid subjectId, CancellationToken ct)
    {
        actor.Demand(PrivacyPermissions.Read);
        var personal = actor.May(CustomersPermissions.ReadPersonal);
        var contacts = (await customers.ContactsAsync([subjectId], ct)).GetValueOrDefault(subjectId)
            ?? throw new Platform.ProblemException("customer_unknown", "This customer does not exist, or was erased.", 404);
        var country = CountryCode.Of((await customers.CountriesAsync([subjectId], ct)).GetValueOrDefault(subjectId));
        var channels = new List<ChannelState>();
        foreach (var (purpose, channel) in from p in new[] { Purpose.Marketing, Purpose.Measurement } from c in Enum.GetValues<Channel>() where IsUsed(p, c) select (p, c))
        {
            var recipients = RecipientsOf(contacts, channel);
            var answer = await gate.AskAsync(new DataUse(purpose, channel, country), recipients, ct);
            channels.AddRange(recipients.Select(r => new ChannelState(purpose, channel, personal ? r.Address : null, answer[r])));
        }
        var records = await history.ReadAsync(contacts.Subjects, ct);
        return new CustomerConsents(contacts.CustomerId, country, channels, personal ? records : [.. records.Select(r => r with { Proof = ConsentProof.None })]);
    }

    /// <summary>What is measured is messages and pages; the web carries no advertising of ours.</summary>
    internal static bool IsUsed(Purpose purpose, Channel channel) => channel switch
    {
        Channel.Any => false,
        Channel.Post or Channel.Phone => purpose == Purpose.Marketing,
        Channel.Web => purpose == Purpose.Measurement,
        _ => true,
    };

    private static IReadOnlyCollection<Recipient> RecipientsOf(CustomerContacts contacts, Channel channel) => AddressTokens.KindOf(channel) switch
    {
        IdentityKind.Email => [.. contacts.Emails.Select(a => new Recipient(contacts.CustomerId, a))],
        IdentityKind.Phone => [.. contacts.Phones.Select(a => new Recipient(contacts.CustomerId, a))],
        _ => [new Recipient(contacts.CustomerId)],
    };
}
