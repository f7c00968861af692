using System.Globalization;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Downloads;
using Wellmet.Platform.Storage;
using Wellmet.Segments.Contract;

namespace Wellmet.Segments.Definitions;

/// <summary>Somebody who belongs to a segment.</summary>
/// <param name="EnteredAt">Since when.</param>
public sealed record SegmentMember(Guid CustomerId, DateTimeOffset EnteredAt);

/// <summary>A segment that somebody belongs to, and since when.</summary>
public sealed record Belonging(Guid SegmentId, string Name, SegmentKind Kind, DateTimeOffset Since);

/// <summary>Who belongs to a segment, who entered last first, page by page by key; and a file of them.</summary>
public sealed class ListMembers(Database database, CsvDownload download, AuditLog audit, CurrentActor actor)
{
    private static readonly (string, string) Key = ("entered_at", "subject_id");

    /// <param name="Previous">Cursors of the pages around; null where there is none.</param>
    public sealed record Page(IReadOnlyList<SegmentMember> Rows, string? Previous, string? Next);

    /// <exception cref="ProblemException"><c>cursor_unknown</c>.</exception>
    public async Task<Page> RunAsync(Guid segmentId, string? after, string? before, int limit, CancellationToken ct)
    {
        actor.Demand(SegmentsPermissions.Read);
        actor.Demand(CustomersPermissions.Read);
        var paging = new KeyPaging(after, before, limit);
        var found = await database.ReadAsync(s => s.QueryAsync($"""
            select subject_id, entered_at from segments_members where segment_id = @segmentId {paging.Condition(Key, descending: true)} {paging.Order(Key, descending: true)} limit @limit
            """, new { segmentId, at = paging.At?.Time ?? DateTimeOffset.UnixEpoch, id = paging.At?.Id ?? Guid.Empty, limit = paging.Rows }, r => new SegmentMember(r.Guid(0), r.Time(1)), ct), ct);
        var (rows, previous, next) = paging.Cut(found, m => new Cursor(Clock.ToMicroseconds(m.EnteredAt).ToString(CultureInfo.InvariantCulture), m.CustomerId));
        return new Page(rows, previous, next);
    }

    /// <summary>Since when a customer belongs to which segments.</summary>
    public async Task<IReadOnlyList<Belonging>> OfAsync(Guid customerId, CancellationToken ct)
    {
        actor.Demand(SegmentsPermissions.Read);
        actor.Demand(CustomersPermissions.Read);
        return await database.ReadAsync(s => s.QueryAsync("""
            select s.segment_id, s.name, s.kind, m.entered_at from segments_members m join segments_segments s on s.segment_id = m.segment_id where m.subject_id = @customerId order by lower(s.name)
            """, new { customerId }, r => new Belonging(r.Guid(0), r.Text(1), r.Enum<SegmentKind>(2), r.Time(3)), ct), ct);
    }

    /// <summary>How many belonged at the end of each day, earliest first; of the last year.</summary>
    public async Task<IReadOnlyList<(DateOnly Day, long Size)>> SizesAsync(Guid segmentId, CancellationToken ct)
    {
        actor.Demand(SegmentsPermissions.Read);
        return [.. (await database.ReadAsync(s => s.QueryAsync("select day, size from segments_sizes where segment_id = @segmentId order by day desc limit 365", new { segmentId }, r => (Day: r.Day(0), Size: r.Long(1)), ct), ct)).OrderBy(d => d.Day)];
    }

    /// <summary>As CSV, without those whose data may not be handed out.</summary>
    public async Task ExportAsync(Guid segmentId, Stream output, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Export);
        await database.WriteAsync(tx => audit.RecordAsync(tx, "segment.exported", $"segment:{segmentId}", null, ct), ct);
        await download.WriteGatedAsync(output, new CsvList<SegmentMember>(["customer_id", "entered_at"],
            m => [m.CustomerId, m.EnteredAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)],
            async (after, limit) =>
            {
                var page = await RunAsync(segmentId, after, null, limit, ct);
                return (page.Rows, page.Next);
            }) { MostRows = 1_000_000, PageSize = 1_000 }, m => m.CustomerId, ct);
    }
}
