using System.Globalization;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Idempotency;
using Wellmet.Segments.Contract;
using Wellmet.Segments.Members;

namespace Wellmet.Segments.Lists;

/// <summary>Puts customers on a list by hand or by a program, and takes them off it. It holds at once.</summary>
public sealed class ChangeList(IdempotentRequest once, TellList tell, ICustomers customers, AuditLog audit, CurrentActor actor, FillLists fill)
{
    /// <summary>Most customers of one change.</summary>
    public const int Most = 1_000;

    /// <param name="Changed">Customers who were put on it, or taken off.</param>
    /// <param name="Unknown">Ids of nobody, or of somebody who was erased.</param>
    public sealed record Result(IReadOnlyList<Guid> Changed, IReadOnlyList<Guid> Unknown);

    /// <param name="people">Ids of customers, or of any of their subjects.</param>
    /// <param name="source">See <see cref="Histories.FactKinds.Source"/>.</param>
    /// <exception cref="ProblemException"><c>list_members_many</c>, <c>list_missing</c> (404), <c>list_archived</c> (409).</exception>
    public async Task<Result> RunAsync(Guid listId, IReadOnlyCollection<Guid> people, bool on, string source, CancellationToken ct)
    {
        actor.Demand(SegmentsPermissions.Edit);
        actor.Demand(CustomersPermissions.Read);
        if (people.Count is 0 or > Most)
        {
            throw new ProblemException("list_members_many", "Name 1 to {0} customers.", 400, Most);
        }
        var known = await customers.FindAsync([.. people.Select(p => p.ToString())], ct);
        var subjects = people.Distinct().ToLookup(p => known.Contains(p.ToString()));
        var result = await once.OnceAsync(async tx =>
        {
            var told = await tell.RunAsync(tx, listId, [.. subjects[true]], new ListSaying(on, source, TellList.NameOf(actor)), ct);
            if (told.Count > 0)
            {
                await audit.RecordAsync(tx, on ? "segment.members_added" : "segment.members_removed", $"segment:{listId}", reason: null, ct, told.Count.ToString(CultureInfo.InvariantCulture));
            }
            return new Result(told, [.. subjects[false]]);
        }, ct);
        fill.Changed();
        return result;
    }
}
