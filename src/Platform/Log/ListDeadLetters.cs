using Wellmet.Platform.Access;

namespace Wellmet.Platform.Log;

/// <summary>What receivers refused for good, newest first.</summary>
public sealed class ListDeadLetters(Parking parking, CurrentActor actor)
{
    /// <summary>More than these are not shown: the oldest come when the newer ones are gone.</summary>
    public const int Most = 200;

    /// <summary>At most <see cref="Most"/>.</summary>
    public Task<List<DeadLetter>> RunAsync(CancellationToken ct)
    {
        actor.Demand(AccessPermissions.RepairLog);
        return parking.DeadLettersAsync(Most, ct);
    }
}
