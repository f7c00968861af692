using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Segments.Contract;
using Wellmet.Segments.Definitions;

namespace Wellmet.Segments.Lists;

/// <summary>Keeps those who belong to a segment now as a list: they stay on it whatever the segment's rule says of them later.</summary>
public sealed class CopySegment(Database database, SaveSegment save, CurrentActor actor)
{
    /// <returns>The list; its members come page by page, see <see cref="FillLists"/>.</returns>
    /// <exception cref="ProblemException"><c>segment_missing</c> (404), and what keeps a list from being made.</exception>
    public async Task<Guid> RunAsync(Guid segmentId, string name, string description, CancellationToken ct)
    {
        actor.Demand(SegmentsPermissions.Edit);
        if (await database.ReadAsync(s => s.CountAsync("select count(*) from segments_segments where segment_id = @segmentId and state <> 'archived'", new { segmentId }, ct), ct) == 0)
        {
            throw SaveSegment.Missing();
        }
        return await save.RunAsync(null, SegmentDraft.List(name, description), ct, (tx, listId) => tx.ExecuteAsync("""
            insert into segments_waiting (subject_id, segment_id, listed, source, told_by) select subject_id, @listId, @listed, @source, @by from segments_members where segment_id = @segmentId
            """, new { listId, segmentId, listed = true, source = "copy:" + segmentId, by = TellList.NameOf(actor) }, ct));
    }
}
