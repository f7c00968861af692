using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;
using Wellmet.Segments.Contract;
using Wellmet.Segments.Members;

namespace Wellmet.Segments.ComputedTraits;

/// <summary>Takes a computed trait out of the lists, unless a segment asks it, and puts it back.</summary>
public sealed class ArchiveComputedTrait(Database database, AuditLog audit, CurrentActor actor)
{
    /// <exception cref="ProblemException"><c>computed_trait_missing</c> (404), <c>computed_trait_in_use</c> (409) with the names of the segments.</exception>
    public async Task RunAsync(Guid traitId, bool archived, CancellationToken ct)
    {
        actor.Demand(SegmentsPermissions.Edit);
        await database.WriteAsync(async tx =>
        {
            // Whoever makes a segment that asks it waits here, or was seen.
            await SegmentBook.ChangedAsync(tx, ct);
            if (archived && await ListComputedTraits.UsesAsync(tx, ct) is var uses && uses[traitId].Select(u => u.Name).ToList() is { Count: > 0 } segments)
            {
                throw new ProblemException("computed_trait_in_use", "Segments ask it: {0}. Change or archive them first.", 409, string.Join(", ", segments));
            }
            if (await tx.ExecuteAsync("update segments_traits set archived = @archived where trait_id = @traitId and archived <> @archived", new { traitId, archived }, ct) == 0)
            {
                throw SaveComputedTrait.Missing();
            }
            await audit.RecordAsync(tx, archived ? "computed_trait.archived" : "computed_trait.restored", $"computed_trait:{traitId}", reason: null, ct);
        }, ct);
    }
}
