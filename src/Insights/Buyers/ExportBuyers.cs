using System.Globalization;
using Wellmet.Customers.Contract;
using Wellmet.Insights.Contract;
using Wellmet.Insights.Home;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Downloads;
using Wellmet.Platform.Storage;

namespace Wellmet.Insights.Buyers;

/// <summary>
/// The list as CSV, without those whose data may not be handed out; how many these are, and where it was cut, stands at the end. Without names: whoever
/// may take them along does that from the list of customers; but whose each line is can be found out.
/// </summary>
public sealed class ExportBuyers(Database database, ListBuyers list, CsvDownload download, CurrentActor actor, AuditLog audit)
{
    private const int PageSize = 2000;

    /// <param name="Scope">Null where there is no sale yet.</param>
    public sealed record Request(SalesScope? Scope, BuyerKind Kind)
    {
        /// <summary>Rows of the list after which the file is cut.</summary>
        public int MostRows { get; init; } = 100_000;
    }

    /// <summary>Writes the whole list to the stream, a page at a time.</summary>
    public async Task RunAsync(Request request, Stream output, CancellationToken ct)
    {
        actor.Demand(InsightsPermissions.Read);
        actor.Demand(CustomersPermissions.Read);
        await database.WriteAsync(tx => audit.RecordAsync(tx, "buyers.exported", "buyers", null, ct), ct);
        await download.WriteGatedAsync(output, new CsvList<Buyer>(
            ["customer_id", "orders", "currency", "revenue", "first_order", "last_order"],
            b => [b.CustomerId, b.Orders, b.Revenue.Currency, b.Revenue, Day(b.FirstOrder), Day(b.LastOrder)],
            (after, limit) => PageAsync(request, after, limit, ct)) { MostRows = request.MostRows, PageSize = PageSize }, b => b.CustomerId, ct);
    }

    private async Task<(IReadOnlyList<Buyer>, string?)> PageAsync(Request request, string? after, int limit, CancellationToken ct)
    {
        if (request.Scope is not { } scope)
        {
            return ([], null);
        }
        var page = await list.RunAsync(new(scope, request.Kind, after, Limit: limit), ct);
        return (page.Rows, page.Next);
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
