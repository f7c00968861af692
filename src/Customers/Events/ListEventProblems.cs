using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Keys;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Events;

/// <summary>A kind of problem with a key's events.</summary>
/// <param name="Key">Name of the key; null for one that is gone.</param>
/// <param name="MessageId">Of the latest such event; null where it had none.</param>
public sealed record EventProblemItem(
    string? Key, string Name, string Problem, string Property, bool Refused, long Times, DateTimeOffset FirstAt, DateTimeOffset LastAt, string? MessageId);

/// <summary>What was wrong with events in the last 30 days, the latest first.</summary>
public sealed class ListEventProblems(Database database, AccessKeyNames keys, CurrentActor actor)
{
    private const int Most = 500;

    public async Task<IReadOnlyList<EventProblemItem>> RunAsync(CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.ReadEvents);
        var names = await keys.AllAsync(ct);
        return await database.ReadAsync(s => s.QueryAsync("""
            select source_id, name, problem, property, refused, seen, first_at, last_at, message_id from customers_event_problems order by last_at desc, source_id, name limit @Most
            """, new { Most }, r => new EventProblemItem(
                names.GetValueOrDefault(r.Guid(0)), r.Text(1), r.Text(2), r.Text(3), r.Bool(4), r.Long(5), r.Time(6), r.Time(7), r.TextOrNull(8)), ct), ct);
    }
}
