using Wellmet.Customers.Contract;
using Wellmet.Demo.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Identities;

/// <summary>Why two customers are taken for one person. A code, so that no personal data gets into the merge log.</summary>
public enum MergeReason
{
    SameEmail,
    SamePhone,
    SameNameAndAddress,

    /// <summary>A device, or a number of the shop's own kind, such as that of a loyalty card.</summary>
    SameNumber,
    CustomerSaidSo,

    /// <summary>The visitor signed in to the shop, as its server says.</summary>
    SignedIn,

    /// <summary>The program found them alike, and a person agreed, or the shop lets it merge by itself.</summary>
    Proposed,
    Other,
}

/// <summary>Makes two customers one: only links change, so that it can be taken back exactly.</summary>
public sealed class MergeCustomers(Database database, IDemoShop demo, CurrentActor actor, AuditLog audit, TimeProvider time)
{
    /// <param name="KeptId">Any subject of the customer that stays.</param>
    /// <param name="MergedId">Any subject of the customer that joins it.</param>
    public sealed record Request(Guid KeptId, Guid MergedId, MergeReason Reason);

    /// <summary>The merge, by which it can be taken back.</summary>
    /// <param name="SubjectId">The customer that joined.</param>
    public sealed record Answer(Guid SubjectId, Guid MergeId);

    /// <exception cref="ProblemException"><c>customer_unknown</c>, <c>customer_same</c>, <c>customer_demo</c>.</exception>
    public async Task<Answer> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Edit);
        var mergeId = Id.New();
        var demoId = (await demo.FindAsync(ct))?.DemoId;
        return await database.WriteAsync(async tx =>
        {
            await CustomerLinks.LockAsync(tx, [request.KeptId, request.MergedId], ct);
            await DemandKnownAsync(tx, [request.KeptId, request.MergedId], ct);
            await DemandAlikeAsync(tx, [request.KeptId, request.MergedId], demoId, ct);
            var customers = await CustomerLinks.CustomersOfAsync(tx, [request.KeptId, request.MergedId], ct);
            Guid kept = customers[request.KeptId], merged = customers[request.MergedId];
            if (kept == merged)
            {
                throw new ProblemException("customer_same", "Both are the same customer already.", 409);
            }
            var entry = new MergeEntry(merged, mergeId, kept, "merged", EnumText.Of(request.Reason), actor.Value.Name, time.GetUtcNow());
            await CustomerMerge.WriteAsync(tx, entry, ct);
            await audit.RecordAsync(tx, "customer.merged", $"customer:{merged}", null, ct, $"into {kept}, {entry.Reason}");
            return new Answer(merged, mergeId);
        }, ct);
    }

    /// <summary>The demo shop goes one day, and must take nobody of the shop's own with it.</summary>
    private static async Task DemandAlikeAsync(Transaction tx, Guid[] ids, Guid? demoId, CancellationToken ct)
    {
        if (demoId is { } demo && await tx.CountAsync("select count(*) from customers_subjects where subject_id in @ids and import_id = @demo", new { ids, demo }, ct) == 1)
        {
            throw new ProblemException("customer_demo", "One of the two belongs to the demo shop: it cannot be merged with a customer of yours.", 409);
        }
    }

    private static async Task DemandKnownAsync(Transaction tx, Guid[] ids, CancellationToken ct)
    {
        var living = await tx.CountAsync("select count(*) from customers_subjects where subject_id in @ids and erased_at is null", new { ids }, ct);
        if (living < ids.Distinct().Count())
        {
            throw new ProblemException("customer_unknown", "This customer does not exist, or was erased.", 404);
        }
    }
}

/// <summary>One line of the merge log.</summary>
internal sealed record MergeEntry(Guid SubjectId, Guid MergeId, Guid KeptId, string Action, string Reason, string Actor, DateTimeOffset At)
{
    public Guid EntryId { get; } = Id.New();

    public Task WriteAsync(Transaction tx, CancellationToken ct) => tx.ExecuteAsync("""
        insert into customers_merge_log (subject_id, entry_id, merge_id, kept_id, action, reason, actor, at)
        values (@SubjectId, @EntryId, @MergeId, @KeptId, @Action, @Reason, @Actor, @At)
        """, this, ct);
}
