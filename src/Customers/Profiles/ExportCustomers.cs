using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Downloads;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Profiles;

/// <summary>The list as it is shown, as CSV, without those whose data may not be handed out; how many these are, and where it was cut, stands at the end. Masked like the list.</summary>
public sealed class ExportCustomers(Database database, ListCustomers list, CsvDownload download, CurrentActor actor, AuditLog audit)
{
    /// <param name="Columns">Keys of the chosen columns; the usual ones where empty.</param>
    public sealed record Request(ListCustomers.Request List, IReadOnlyCollection<string> Columns)
    {
        /// <summary>Rows of the list after which the file is cut.</summary>
        public int MostRows { get; init; } = 100_000;
    }

    /// <summary>Writes the whole list to the stream, a page at a time.</summary>
    public async Task RunAsync(Request request, Stream output, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Export);
        await database.WriteAsync(tx => audit.RecordAsync(tx, "customers.exported", "customers", null, ct), ct);
        var columns = CustomerColumns.Chosen(request.Columns);
        await download.WriteGatedAsync(output, new CsvList<CustomerRow>([.. columns.Select(c => c.Title)], row => columns.Select(c => c.Value(row)), async (after, limit) =>
        {
            var page = await list.RunAsync(request.List with { After = after, Before = null, Limit = limit }, ct);
            return (page.Rows, page.Next);
        }) { MostRows = request.MostRows, PageSize = ListCustomers.MostRows }, row => row.CustomerId, ct);
    }
}
