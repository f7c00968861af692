using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Segments.Contract;

namespace Wellmet.Segments.Lifecycles;

/// <summary>Has everybody scored now instead of within the day.</summary>
public sealed class AskForScores(Database database, CurrentActor actor, TimeProvider time)
{
    public Task RunAsync(CancellationToken ct)
    {
        actor.Demand(SegmentsPermissions.Edit);
        return database.WriteAsync(tx => tx.ExecuteAsync("update segments_scorings set asked_at = @now where id = 1", new { now = time.GetUtcNow() }, ct), ct);
    }
}
