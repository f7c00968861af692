using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Keys;

namespace Wellmet.Customers.Events;

/// <summary>The latest calls of shops, as the nodes took or refused them.</summary>
public sealed class WatchEvents(EventWatch watch, AccessKeyNames keys, CurrentActor actor)
{
    /// <param name="Calls">The newest first.</param>
    /// <param name="Keys">Names of the keys under which they came.</param>
    public sealed record Answer(IReadOnlyList<WatchedCall> Calls, IReadOnlyDictionary<Guid, string> Keys);

    public async Task<Answer> RunAsync(CallResult? only, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.ReadEvents);
        return new Answer([.. watch.Latest().Where(c => only is null || c.Result == only)], await keys.AllAsync(ct));
    }
}

/// <summary>What became of a call, in short.</summary>
public enum CallResult
{
    Accepted,

    /// <summary>Kept, though it breaks the specification.</summary>
    Doubtful,
    Duplicate,
    Refused,
}
