using Wellmet.Customers.Contract;
using Wellmet.Platform.Storage;
using Wellmet.Segments.Contract;

namespace Wellmet.Segments.Members;

/// <summary>Answers other modules.</summary>
internal sealed class SegmentMembers(Database database, ICustomers customers) : ISegments
{
    public async Task<IReadOnlyList<SegmentLabel>> AllAsync(CancellationToken ct) => await database.ReadAsync(s => s.QueryAsync("""
        select s.segment_id, s.name, (select count(*) from segments_members m where m.segment_id = s.segment_id) from segments_segments s where s.state <> 'archived' order by lower(s.name)
        """, null, r => new SegmentLabel(r.Guid(0), r.Text(1), r.Long(2)), ct), ct);

    public async Task<IReadOnlySet<Guid>> OfAsync(Guid subject, CancellationToken ct)
    {
        var customer = (await customers.CustomersOfAsync([subject], ct)).GetValueOrDefault(subject, subject);
        return (await database.ReadAsync(s => s.QueryAsync("select segment_id from segments_members where subject_id = @customer", new { customer }, r => r.Guid(0), ct), ct)).ToHashSet();
    }

    public async Task<IReadOnlyList<Guid>> MembersAsync(Guid segmentId, Guid after, int limit, CancellationToken ct) => await database.ReadAsync(s => s.QueryAsync(
        "select subject_id from segments_members where segment_id = @segmentId and subject_id > @after order by subject_id limit @limit", new { segmentId, after, limit }, r => r.Guid(0), ct), ct);
}
