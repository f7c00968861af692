using Wellmet.Customers.Contract;
using Wellmet.Customers.Traits;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Identities;

/// <summary>Writes a merge: the link that holds, the line in the merge log, and the news of it.</summary>
internal static class CustomerMerge
{
    public static async Task WriteAsync(Transaction tx, MergeEntry entry, CancellationToken ct)
    {
        await tx.ExecuteAsync("""
            insert into customers_merges (subject_id, merge_id, kept_id, reason, actor, merged_at)
            values (@SubjectId, @MergeId, @KeptId, @Reason, @Actor, @At)
            """, entry, ct);
        await entry.WriteAsync(tx, ct);
        await CustomerTree.RelinkAsync(tx, entry.SubjectId, entry.KeptId, ct);
        await Summaries.RefreshAsync(tx, [entry.SubjectId, entry.KeptId], ct);
        tx.Append(new CustomerMerged(entry.SubjectId, entry.At, entry.MergeId, entry.KeptId));
    }
}
