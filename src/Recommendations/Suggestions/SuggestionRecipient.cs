using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Purposes;
using Wellmet.Recommendations.Serving;

namespace Wellmet.Recommendations.Suggestions;

/// <summary>A customer who may be written to.</summary>
/// <param name="Emails">Those of their addresses that may be: consent is given for an address.</param>
public sealed record Addressee(Guid CustomerId, IReadOnlyList<string> Emails);

/// <summary>Whether a list may go to a customer by e-mail: it advertises, and it is chosen from what they bought. Asked each time, so that a withdrawal holds at once.</summary>
public sealed class SuggestionRecipient(ICustomers customers, CustomerPermission permission, IPurposeGate gate)
{
    /// <summary>The customer to whom this subject belongs, with the addresses that may be written to: at least one.</summary>
    /// <exception cref="ProblemException">
    /// <c>customer_unknown</c> (404), <c>personalisation_refused</c>, <c>address_missing</c>, <c>consent_missing</c>, <c>consent_withdrawn</c>, <c>sending_objected</c>, <c>sending_forbidden</c> (409).
    /// </exception>
    internal async Task<Addressee> DemandAsync(Guid id, CancellationToken ct)
    {
        var known = (await customers.ContactsAsync([id], ct)).GetValueOrDefault(id) ?? throw new ProblemException("customer_unknown", "This customer does not exist, or was erased.", 404);
        if (await permission.SubjectsAsync(known.CustomerId, ct) is null)
        {
            throw new ProblemException("personalisation_refused", "This customer does not want their purchases to be used to choose products for them. Nothing can be picked out.", 409);
        }
        if (known.Emails.Count == 0)
        {
            throw new ProblemException("address_missing", "No e-mail address of this customer is known.", 409);
        }
        var addresses = known.Emails.Select(e => new Recipient(known.CustomerId, e)).ToList();
        var may = await gate.AskAsync(new DataUse(Purpose.Marketing, Channel.Email), addresses, ct);
        string[] open = [.. addresses.Where(a => may[a].Allowed).Select(a => a.Address!)];
        return open.Length > 0 ? new Addressee(known.CustomerId, open) : throw Refused(may[addresses[0]].Basis);
    }

    private static ProblemException Refused(string basis) => basis switch
    {
        "consent_missing" => new ProblemException("consent_missing", "This customer may not be sent advertising by e-mail: it needs consent, and none was given.", 409),
        "withdrawn" => new ProblemException("consent_withdrawn", "This customer may not be sent advertising by e-mail: they withdrew their consent.", 409),
        "forbidden" => new ProblemException("sending_forbidden", "This customer may not be sent advertising by e-mail: the rules of their market do not allow it.", 409),
        _ => new ProblemException("sending_objected", "This customer may not be sent advertising by e-mail: they objected.", 409),
    };
}
