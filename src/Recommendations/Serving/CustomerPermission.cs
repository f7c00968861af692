using Wellmet.Customers.Contract;
using Wellmet.Platform.Purposes;

namespace Wellmet.Recommendations.Serving;

/// <summary>Whether a customer's purchases may be used to choose products for them.</summary>
public sealed class CustomerPermission(ICustomers customers, IPurposeGate gate)
{
    /// <summary>All subjects of the customer to whom this id belongs; null where one of them is refused.</summary>
    public async Task<IReadOnlyList<Guid>?> SubjectsAsync(Guid id, CancellationToken ct)
    {
        var customer = (await customers.CustomersOfAsync([id], ct)).GetValueOrDefault(id, id);
        var subjects = await customers.SubjectsOfAsync(customer, ct);
        var decisions = await gate.AskAsync(new DataUse(Purpose.Personalisation), subjects, ct);
        return subjects.All(s => decisions[s].Allowed) ? subjects : null;
    }
}
