using System.Globalization;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Downloads;
using Wellmet.Platform.Storage;
using Wellmet.Segments.Contract;

namespace Wellmet.Segments.Definitions;

/// <summary>The members of a segment as CSV, without those whose data may not be handed out; how many these are stands at the end.</summary>
public sealed class ExportMembers(Database database, ListMembers list, CsvDownload download, CurrentActor actor, AuditLog audit)
{
    public async Task RunAsync(Guid segmentId, Stream output, CancellationToken ct)
    {
        actor.Demand(SegmentsPermissions.Read);
        actor.Demand(CustomersPermissions.Export);
        await database.WriteAsync(tx => audit.RecordAsync(tx, "segment.exported", $"segment:{segmentId}", null, ct), ct);
        await download.WriteGatedAsync(output, new CsvList<ListMembers.Member>(
            ["customer_id", "name", "entered_at"], m => [m.CustomerId, m.Label, m.EnteredAt.ToString("O", CultureInfo.InvariantCulture)],
            async (after, limit) =>
            {
                var page = await list.RunAsync(segmentId, after, null, limit, ct);
                return (page.Members, page.Next);
            }), m => m.CustomerId, ct);
    }
}
