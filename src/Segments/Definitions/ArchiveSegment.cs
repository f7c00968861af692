using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;
using Wellmet.Segments.Contract;
using Wellmet.Segments.Members;

namespace Wellmet.Segments.Definitions;

/// <summary>Takes a segment out of force, and puts it back. Who belonged, and when, stays known; brought back, everybody is asked anew.</summary>
public sealed class ArchiveSegment(Database database, AuditLog audit, CurrentActor actor, TimeProvider time)
{
    /// <exception cref="ProblemException"><c>segment_missing</c> (404).</exception>
    public async Task RunAsync(Guid segmentId, bool archived, CancellationToken ct)
    {
        actor.Demand(SegmentsPermissions.Edit);
        await database.WriteAsync(async tx =>
        {
            await SegmentBook.ChangedAsync(tx, ct);
            if (await tx.ExecuteAsync($"update segments_segments set state = @state, fill = fill + 1 where segment_id = @segmentId and state {(archived ? "<>" : "=")} 'archived'",
                new { segmentId, state = archived ? SegmentState.Archived : SegmentState.Filling }, ct) == 0)
            {
                throw SaveSegment.Missing();
            }
            if (archived)
            {
                await tx.ExecuteAsync("""
                    insert into segments_stays (subject_id, segment_id, entered_at, left_at, why)
                    select subject_id, segment_id, entered_at, @now, 'rule' from segments_members where segment_id = @segmentId on conflict do nothing
                    """, new { segmentId, now = time.GetUtcNow() }, ct);
                await tx.ExecuteAsync("delete from segments_members where segment_id = @segmentId", new { segmentId }, ct);
            }
            await SaveSegment.FillDependentsAsync(tx, segmentId, ct);
            await audit.RecordAsync(tx, archived ? "segment.archived" : "segment.restored", $"segment:{segmentId}", reason: null, ct);
        }, ct);
    }
}
