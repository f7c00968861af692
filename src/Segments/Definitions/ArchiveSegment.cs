using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;
using Wellmet.Segments.Contract;
using Wellmet.Segments.Members;

namespace Wellmet.Segments.Definitions;

/// <summary>
/// Takes a segment out of force, and puts it back. Who belonged, and when, stays known; brought back, everybody is asked anew. Whoever names an archived segment in a rule finds nobody there, so one that is
/// named is archived only by somebody who knows.
/// </summary>
public sealed class ArchiveSegment(Database database, AuditLog audit, CurrentActor actor, TimeProvider time)
{
    /// <param name="evenNamed">Whether to archive it although rules of others name it.</param>
    /// <exception cref="ProblemException"><c>segment_missing</c> (404), <c>segment_named</c> (409): by which others.</exception>
    public async Task RunAsync(Guid segmentId, bool archived, CancellationToken ct, bool evenNamed = false)
    {
        actor.Demand(SegmentsPermissions.Edit);
        await database.WriteAsync(async tx =>
        {
            await SegmentBook.ChangedAsync(tx, ct);
            if (archived && !evenNamed && await SaveSegment.DependentsAsync(tx, segmentId, ct) is { Count: > 0 } named)
            {
                throw new ProblemException("segment_named", "The rules of these segments name it: {0}. Archived, nobody is in it, and who belongs to them changes.", 409, string.Join(", ", named.Select(n => n.Name)));
            }
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
