using System.Globalization;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Segments.Contract;

namespace Wellmet.Segments.Definitions;

/// <summary>Lists who belongs to a segment, the latest who came first, page by page by key.</summary>
public sealed class ListMembers(Database database, ICustomers customers, CurrentActor actor)
{
    /// <summary>Most rows of a page.</summary>
    public const int MostRows = 500;

    /// <param name="Label">Masked for those who may not see personal data.</param>
    public sealed record Member(Guid CustomerId, string Label, DateTimeOffset EnteredAt);

    /// <param name="Previous">Cursors of the pages around; null where there is none.</param>
    public sealed record Page(IReadOnlyList<Member> Members, string? Previous, string? Next);

    /// <exception cref="Platform.ProblemException"><c>cursor_unknown</c>.</exception>
    public async Task<Page> RunAsync(Guid segmentId, string? after, string? before, int limit, CancellationToken ct)
    {
        actor.Demand(SegmentsPermissions.Read);
        actor.Demand(CustomersPermissions.Read);
        var paging = new KeyPaging(after, before, Math.Clamp(limit, 1, MostRows));
        var key = ("entered_at", "subject_id");
        var rows = await database.ReadAsync(s => s.QueryAsync($"""
            select subject_id, entered_at from segments_members where segment_id = @segmentId {paging.Condition(key, descending: true)} {paging.Order(key, descending: true)} limit @Rows
            """, new { segmentId, at = paging.At?.Time ?? DateTimeOffset.UnixEpoch, id = paging.At?.Id ?? Guid.Empty, paging.Rows }, r => (Id: r.Guid(0), At: r.Time(1)), ct), ct);
        var (shown, previous, next) = paging.Cut(rows, r => new Cursor(Clock.ToMicroseconds(r.At).ToString(CultureInfo.InvariantCulture), r.Id));
        var labels = await customers.LabelsAsync([.. shown.Select(r => r.Id)], ct);
        return new Page([.. shown.Select(r => new Member(r.Id, labels.TryGetValue(r.Id, out var label) ? label.Label : "", r.At))], previous, next);
    }

    /// <summary>The segments of a customer, by name, and since when.</summary>
    public async Task<IReadOnlyList<(Guid SegmentId, string Name, DateTimeOffset EnteredAt)>> OfCustomerAsync(Guid subject, CancellationToken ct)
    {
        actor.Demand(SegmentsPermissions.Read);
        var customer = (await customers.CustomersOfAsync([subject], ct)).GetValueOrDefault(subject, subject);
        return await database.ReadAsync(s => s.QueryAsync("""
            select s.segment_id, s.name, m.entered_at from segments_members m join segments_segments s on s.segment_id = m.segment_id where m.subject_id = @customer order by lower(s.name)
            """, new { customer }, r => (r.Guid(0), r.Text(1), r.Time(2)), ct), ct);
    }

    /// <summary>How many belonged at the end of each day, earliest first; at most 365.</summary>
    public async Task<IReadOnlyList<(DateOnly Day, long Size)>> SizesAsync(Guid segmentId, CancellationToken ct)
    {
        actor.Demand(SegmentsPermissions.Read);
        return [.. (await database.ReadAsync(s => s.QueryAsync("select day, size from segments_sizes where segment_id = @segmentId order by day desc limit 365", new { segmentId }, r => (r.Day(0), r.Long(1)), ct), ct)).AsEnumerable().Reverse()];
    }
}
