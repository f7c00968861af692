using Wellmet.Customers.Contract;
using Wellmet.Customers.Traits;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Identities;

/// <summary>Writes a merge and its end: the link that holds, the line in the merge log, and the news of it.</summary>
internal static class CustomerMerge
{
    /// <param name="entry">Whom it follows need not lead a customer: a browser follows its account, whomever that follows.</param>
    public static async Task WriteAsync(Transaction tx, MergeEntry entry, CancellationToken ct)
    {
        await tx.ExecuteAsync("""
            insert into customers_merges (subject_id, merge_id, kept_id, reason, actor, merged_at)
            values (@SubjectId, @MergeId, @KeptId, @Reason, @Actor, @At)
            """, entry, ct);
        await entry.WriteAsync(tx, ct);
        await CustomerTree.RelinkAsync(tx, entry.SubjectId, (await CustomerLinks.CustomersOfAsync(tx, [entry.KeptId], ct))[entry.KeptId], ct);
        await Summaries.RefreshAsync(tx, [entry.SubjectId, entry.KeptId], ct);
        tx.Append(new CustomerMerged(entry.SubjectId, entry.At, entry.MergeId, entry.KeptId));
    }

    /// <summary>Ends one merge: exactly what it joined is cut off again. Answers whom the subject followed; null where it is not in force.</summary>
    public static async Task<Guid?> TakeBackAsync(Transaction tx, Guid subject, Guid mergeId, string actor, DateTimeOffset now, CancellationToken ct)
    {
        var customers = await CustomerLinks.LockAsync(tx, [subject], ct);
        var merge = await tx.FirstAsync("delete from customers_merges where subject_id = @subject and merge_id = @mergeId returning kept_id, reason", new { subject, mergeId },
            r => new { KeptId = r.Guid(0), Reason = r.Text(1) }, ct);
        if (merge is null)
        {
            return null;
        }
        await new MergeEntry(subject, mergeId, merge.KeptId, "unmerged", merge.Reason, actor, now).WriteAsync(tx, ct);
        await CustomerTree.RelinkAsync(tx, subject, subject, ct);
        await Summaries.RefreshAsync(tx, [subject, .. customers], ct);
        tx.Append(new CustomerUnmerged(subject, now, mergeId, merge.KeptId));
        return merge.KeptId;
    }
}
