using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Joining;

/// <summary>Staff know better than a rule: what was held back is joined, or a value that many use is one person's all the same. What staff decided stays, whatever is heard later.</summary>
public sealed class ReleaseHeld(Database database, CurrentJoinRules current, CurrentActor actor, AuditLog audit, TimeProvider time)
{
    /// <summary>Joins a browser, an address or a number to an account, and takes it from the one that it was joined to.</summary>
    /// <exception cref="ProblemException"><c>held_unknown</c>: nothing was held back, or it is joined already.</exception>
    public Task<MergeCustomers.Answer> JoinAsync(Guid subjectId, Guid userId, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Edit);
        return database.WriteAsync(async tx =>
        {
            var now = time.GetUtcNow();
            await CustomerLinks.LockAsync(tx, [subjectId, userId], ct);
            var held = (await Evidence.OfSubjectsAsync(tx, [subjectId], ct)).Find(e => e.UserId == userId && e.Held is not null) ?? throw Unknown();
            var living = await tx.CountAsync("select count(*) from customers_subjects where subject_id in @ids and erased_at is null", new { ids = new[] { subjectId, userId } }, ct);
            if (await tx.FirstAsync("select merge_id from customers_merges where subject_id = @subjectId", new { subjectId }, r => (Guid?)r.Guid(0), ct) is { } merge)
            {
                await CustomerMerge.TakeBackAsync(tx, subjectId, merge, actor.Value.Name, now, ct);
            }
            var customers = await CustomerLinks.CustomersOfAsync(tx, [subjectId, userId], ct);
            if (living < 2 || customers[subjectId] == customers[userId])
            {
                throw Unknown();
            }
            var entry = new MergeEntry(subjectId, Id.New(), userId, "merged", EnumText.Of(JoinSubjects.ReasonOf(held.Kind)), actor.Value.Name, now);
            await CustomerMerge.WriteAsync(tx, entry, ct);
            await held.HoldAsync(tx, null, ct);
            await audit.RecordAsync(tx, "customer.merged", $"customer:{subjectId}", null, ct, $"into {userId}, {entry.Reason}, held back: {EnumText.Of(held.Held!.Value)}");
            return new MergeCustomers.Answer(subjectId, entry.MergeId);
        }, ct);
    }

    /// <summary>What more than this goes with is nobody's own: it would be looked at with each event for ever.</summary>
    public const int MostAllowed = 1000;

    /// <summary>Many use it and it is one person's all the same: what it was kept from is decided anew.</summary>
    /// <exception cref="ProblemException"><c>held_unknown</c>, <c>shared_by_too_many</c> (409).</exception>
    public async Task AllowAsync(Guid subjectId, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Edit);
        var rules = (await current.ReadAsync(ct)).Rules;
        await database.WriteAsync(async tx =>
        {
            if (await Evidence.CountAsync(tx, subjectId, ct) > MostAllowed)
            {
                throw new ProblemException("shared_by_too_many", "More than {0} browsers, addresses or numbers go with it: that is no one person.", 409, MostAllowed);
            }
            if (await tx.ExecuteAsync("update customers_shared set allowed = @yes where subject_id = @subjectId and allowed = @no", new { yes = true, no = false, subjectId }, ct) == 0)
            {
                throw Unknown();
            }
            await JoinSubjects.DecideAsync(tx, [.. await Evidence.OfSubjectsAsync(tx, [subjectId], ct), .. await Evidence.OfUsersAsync(tx, [subjectId], ct)], rules, time.GetUtcNow(), ct);
            await audit.RecordAsync(tx, "customer.shared_value_allowed", $"customer:{subjectId}", null, ct);
        }, ct);
    }

    private static ProblemException Unknown() => new("held_unknown", "This was decided already, or its customers are others now.", 404);
}
