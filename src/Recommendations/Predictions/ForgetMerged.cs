using Wellmet.Customers.Contract;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;

namespace Wellmet.Recommendations.Predictions;

/// <summary>Whoever is somebody else now, by a merge or its undoing, is foretold nothing until the next run: what was, was of other purchases.</summary>
internal sealed class ForgetMerged : IReceiver
{
    public IReadOnlyList<Type> Accepts => [typeof(CustomerMerged), typeof(CustomerUnmerged)];

    public Task ReceiveAsync(IReadOnlyList<Delivery> deliveries, Transaction tx, CancellationToken ct) => tx.ExecuteAsync(
        "delete from recommendations_predictions where subject_id in @subjects", new { subjects = deliveries.SelectMany(d => PartsOf(d.Event)).Distinct() }, ct);

    private static Guid[] PartsOf(ILogEvent told) => told switch
    {
        CustomerMerged m => [m.SubjectId, m.KeptId],
        CustomerUnmerged u => [u.SubjectId, u.KeptId],
        _ => [],
    };
}
