using Wellmet.Commerce.Orders;
using Wellmet.Commerce.Storefronts;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Commerce.ShipmentFiles;

/// <summary>
/// The flat-file report of shipments that Amazon fulfilled (Selling Partner API, tab-separated): one line for each product in a parcel. Parcels are added to orders that are known; import those first.
/// </summary>
internal sealed class AmazonShipmentsTarget(Database database, KeyStore keys, ImportStorefront storefronts) : IImportTarget
{
    public const string Name = "amazon-shipments";
    private const int Some = 500;

    public string Layout => Name;
    public string Title => "Amazon shipment report";
    public bool NeedsMapping => false;
    public bool? DayFirst => false;
    public IReadOnlyList<ImportField> Fields => ShipmentColumns.Fields;

    public string? GroupOf(ImportLine line) => line[ShipmentColumns.Shipment];

    public async Task<IImportReader> StartAsync(ImportRun run, CancellationToken ct) =>
        new ShipmentsImport(run, await storefronts.RunAsync(run.StorefrontId, "EUR", run.ImportId, ct), database, keys);

    public Task DemandUndoableAsync(Guid importId, CancellationToken ct) => Task.CompletedTask;

    public async Task<bool> UndoSomeAsync(Transaction tx, Guid importId, CancellationToken ct)
    {
        var gone = await tx.QueryAsync($"select subject_id, shipment_id, order_id from commerce_shipments where import_id = @importId limit {Some}", new { importId },
            r => (Subject: r.Guid(0), Shipment: r.Guid(1), Order: r.Guid(2)), ct);
        var chosen = new { subjects = gone.Select(g => g.Subject).Distinct(), shipments = gone.Select(g => g.Shipment) };
        foreach (var table in new[] { "commerce_shipment_lines", "commerce_shipments" })
        {
            await tx.ExecuteAsync($"delete from {table} where subject_id in @subjects and shipment_id in @shipments", chosen, ct);
        }
        await OrderFigures.RefreshStatesAsync(tx, [.. gone.Select(g => new OrderKey(g.Subject, g.Order))], ct);
        return gone.Count < Some;
    }
}

/// <summary>The columns of a report of shipments.</summary>
internal static class ShipmentColumns
{
    public const int Order = 0, Shipment = 1, Sku = 2, Quantity = 3, SentAt = 4, Carrier = 5, Tracking = 6, PromisedAt = 7;

    public static readonly IReadOnlyList<ImportField> Fields =
    [
        new("amazon-order-id", "Order number", true, ImportFieldKind.Text, ["orderid"]),
        new("shipment-id", "Parcel", true, ImportFieldKind.Text, ["shipmentid"]),
        new("sku", "Product code", true, ImportFieldKind.Text, ["sku", "sellersku"]),
        new("quantity-shipped", "Quantity", true, ImportFieldKind.Number, ["quantityshipped"]),
        new("shipment-date", "Date", true, ImportFieldKind.Time, ["shipmentdate"]),
        new("carrier", "Carrier", false, ImportFieldKind.Text, ["carrier"]),
        new("tracking-number", "Tracking number", false, ImportFieldKind.Text, ["trackingnumber"]),
        new("estimated-arrival-date", "Promised for", false, ImportFieldKind.Time, ["estimatedarrivaldate"]),
    ];
}
