using Wellmet.Customers.Contract;
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
            var kept = await CustomerMerge.TakeBackAsync(tx, request.SubjectId, request.MergeId, actor.Value.Name, time.GetUtcNow(), ct)
                ?? throw new ProblemException("merge_unknown", "This merge is not in force any more.", 404);
            await audit.RecordAsync(tx, "customer.unmerged", $"customer:{request.SubjectId}", null, ct, $"from {kept}");
        }, ct);
    }
}
