using Wellmet.Customers.Contract;
using Wellmet.Customers.Traits;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Identities;

/// <summary>Takes one merge back, whatever was merged since: exactly what it joined is cut off again.</summary>
public sealed class UnmergeCustomer(Database database, CurrentActor actor, AuditLog audit, TimeProvider time)
{
    /// <param name="SubjectId">The subject that led the merged customer.</param>
    public sealed record Request(Guid SubjectId, Guid MergeId);

    /// <exception cref="ProblemException"><c>merge_unknown</c>: no such merge is in force.</exception>
    public Task RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Edit);
        return database.WriteAsync(async tx =>
        {
            var customers = await CustomerLinks.LockAsync(tx, [request.SubjectId], ct);
            var merge = await tx.FirstAsync(
                "delete from customers_merges where subject_id = @SubjectId and merge_id = @MergeId returning kept_id, reason", request,
                r => new { KeptId = r.Guid(0), Reason = r.Text(1) }, ct)
                ?? throw new ProblemException("merge_unknown", "This merge is not in force any more.", 404);
            var entry = new MergeEntry(request.SubjectId, request.MergeId, merge.KeptId, "unmerged", merge.Reason, actor.Value.Name, time.GetUtcNow());
            await entry.WriteAsync(tx, ct);
            await CustomerTree.RelinkAsync(tx, request.SubjectId, request.SubjectId, ct);
            await Summaries.RefreshAsync(tx, [request.SubjectId, .. customers], ct);
            await audit.RecordAsync(tx, "customer.unmerged", $"customer:{request.SubjectId}", null, ct, $"from {merge.KeptId}");
            tx.Append(new CustomerUnmerged(request.SubjectId, entry.At, request.MergeId, merge.KeptId));
        }, ct);
    }
}
