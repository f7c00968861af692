using System.Globalization;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Downloads;
using Wellmet.Platform.Storage;

namespace Wellmet.Recommendations.Prospects;

/// <summary>
/// The list as CSV, without those whose data may not be handed out; how many these are, and where it was cut, stands at the end. Without names: whoever may take them along does that from the list of
/// customers.
/// </summary>
public sealed class ExportProspects(Database database, ListProspects list, CsvDownload download, CurrentActor actor, AuditLog audit)
{
    /// <summary>Rows of the list after which the file is cut.</summary>
    private const int MostRows = 100_000;

    private const int PageSize = 1_000;

    public async Task RunAsync(ListProspects.Request request, Stream output, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Export);
        await database.WriteAsync(tx => audit.RecordAsync(tx, "prospects.exported", "recommendations", null, ct), ct);
        await download.WriteGatedAsync(output, new CsvList<Prospect>(
            ["customer_id", "chance", "next_type", "next_type_share", "due_sku", "due_at", "last_order_at"],
            p => [p.Prediction.CustomerId, Share(p.Prediction.Chance), p.Prediction.NextType, Share(p.Prediction.NextTypeShare), p.Due?.Sku,
                p.Due is null ? null : Day(p.Prediction.Due[0].Expected), Day(p.Prediction.LastOrderAt)],
            async (after, limit) =>
            {
                var page = await list.RunAsync(request with { After = after, Before = null, Limit = limit }, ct);
                return (page.Rows, page.Next);
            }) { MostRows = MostRows, PageSize = PageSize }, p => p.Prediction.CustomerId, ct);
    }

    private static string? Share(double? share) => share?.ToString("0.####", CultureInfo.InvariantCulture);

    private static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
