using Wellmet.Customers.Contract;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Contract;
using Wellmet.Privacy.Rules;

namespace Wellmet.Privacy.Consents;

/// <summary>
/// Before people are erased: keeps what they refuse for each of their addresses that is known then, wherever the refusal came from (an import, a browser's
/// signal) and however late the address. Push and letters have no address here, and end with the person.
/// </summary>
[Uses(Purpose.Service, "keeps a withdrawal for the addresses of the person")]
public sealed class KeepRefusals(ICustomers customers, AddressTokens tokens, TimeProvider time)
{
    private static readonly Purpose[] Refusable = [Purpose.Marketing, Purpose.Measurement, Purpose.Personalisation, Purpose.Export];

    /// <summary>Reads the addresses as they were before the transaction, which may have taken them away already.</summary>
    public async Task RunAsync(IReadOnlyCollection<Guid> subjects, Transaction tx, CancellationToken ct)
    {
        foreach (var customer in (await customers.ContactsAsync(subjects, ct)).Values.DistinctBy(c => c.CustomerId))
        {
            var addresses = AddressTokens.Addressed.SelectMany(c => (AddressTokens.KindOf(c) == IdentityKind.Email ? customer.Emails : customer.Phones).Select(a => (Channel: c, Address: a))).ToList();
            var hashes = await tokens.OfAsync(addresses.Select(a => (a.Channel, (string?)a.Address)), ct);
            var refused = new List<Suppression>();
            foreach (var use in from purpose in Refusable from channel in addresses.Select(a => a.Channel).Distinct() select new DataUse(purpose, channel))
            {
                var facts = await ConsentFact.ReadAsync(tx, use, customer.Subjects, ct);
                refused.AddRange(addresses.Where(a => a.Channel == use.Channel).Select(a => Refused(use, customer.CustomerId, facts, hashes[(a.Channel, a.Address)])).OfType<Suppression>());
            }
            await ConsentLedger.WriteAsync(tx, new PreparedConsents([], [.. refused.OrderBy(r => r.Token, StringComparer.Ordinal)]), ct);
        }
    }

    /// <summary>Null where the address could be written to if nobody had to consent.</summary>
    private Suppression? Refused(DataUse use, Guid customerId, List<ConsentFact> facts, string token)
    {
        var open = new PurposeRule(RuleBook.Everywhere, use.Purpose, use.Channel, LegalBasis.OptOut);
        return ConsentState.Decide(open, use, customerId, facts, token, null, time.GetUtcNow()).Allowed ? null
            : new Suppression(token, use.Purpose, use.Channel, facts.Where(f => f.Decision == ConsentDecision.Withdrawn && (f.Token is null || f.Token == token)).Max(f => f.At));
    }
}
