using Wellmet.Customers.Contract;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;

namespace Wellmet.Privacy.Consents;

/// <summary>Parts the records of an erased person from the addresses they were for; what is refused for an address stands by itself (see <see cref="KeepRefusals"/>).</summary>
internal sealed class ErasedReceiver : IReceiver
{
    public IReadOnlyList<Type> Accepts => [typeof(CustomerErased)];

    public Task ReceiveAsync(IReadOnlyList<Delivery> deliveries, Transaction tx, CancellationToken ct) => tx.ExecuteAsync(
        "update privacy_consents set address_token = null where subject_id in @subjects and address_token is not null", new { subjects = deliveries.Select(d => d.SubjectId).Distinct() }, ct);
}
