using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Wellmet.Commerce.Contract;
using Wellmet.Commerce.Orders;
using Wellmet.Commerce.Shipments;
using Wellmet.Commerce.Storefronts;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Commerce.ShipmentFiles;

/// <summary>A line of a report: so many of a product in a parcel.</summary>
internal sealed record ShipmentLine(long LineNumber, string Order, string Parcel, string Sku, long Quantity, DateTimeOffset SentAt, string? Carrier, string? Tracking, DateTimeOffset? PromisedAt);

/// <summary>An order to which a parcel is added.</summary>
internal sealed record ShippedOrder(OrderKey Key, string Number);

/// <summary>Reads a report of shipments.</summary>
internal sealed class ShipmentsImport(ImportRun run, Storefront storefront, Database database, KeyStore keys) : IImportReader
{
    private const int LongestCode = 100, LongestDetail = 60;
    private readonly TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById(storefront.TimeZone);

    public void Skip(IReadOnlyList<ImportLine> lines)
    {
        // Parcels are known by their numbers: what was taken is found again.
    }

    public async Task<IImportBatch> PrepareAsync(IReadOnlyList<ImportLine> lines, CancellationToken ct)
    {
        var batch = new ShipmentsBatch(run.ImportId);
        var read = lines.Select(line => Read(line, batch)).OfType<ShipmentLine>().ToList();
        var orders = await OrdersAsync([.. read.Select(l => l.Order).Distinct()], ct);
        foreach (var unknown in read.Where(l => !orders.ContainsKey(l.Order)))
        {
            batch.Remarks.Add(new ImportRemark(unknown.LineNumber, RemarkKind.Rejected, "order_not_known", unknown.Order));
        }
        read.RemoveAll(l => !orders.ContainsKey(l.Order));
        var opened = await keys.KeysAsync(orders.Values.Select(o => o.Key.SubjectId), create: false, ct);
        foreach (var parcel in read.GroupBy(l => (l.Order, l.Parcel)))
        {
            batch.Parcels.Add(ParcelOf(orders[parcel.Key.Order], parcel.Key.Parcel, [.. parcel], opened));
        }
        batch.Count("parcel", read.Count);
        batch.Count("rejected", lines.Count - read.Count);
        return batch;
    }

    public Task CompleteAsync(CancellationToken ct) => Task.CompletedTask;

    private ShipmentLine? Read(ImportLine line, ShipmentsBatch batch)
    {
        string order = line[ShipmentColumns.Order], parcel = line[ShipmentColumns.Shipment], sku = line[ShipmentColumns.Sku];
        if (order.Length is 0 or > LongestCode || parcel.Length is 0 or > LongestCode)
        {
            return Reject("order_number_missing", order);
        }
        if (sku.Length is 0 or > LongestCode)
        {
            return Reject("product_code_missing", sku);
        }
        if (run.Format.Number(line[ShipmentColumns.Quantity]) is not { } quantity || quantity <= 0 || quantity > int.MaxValue || quantity != decimal.Truncate(quantity))
        {
            return Reject("quantity_not_a_number", line[ShipmentColumns.Quantity]);
        }
        return run.Format.Time(line[ShipmentColumns.SentAt], zone) is not { } sentAt ? Reject("date_not_read", line[ShipmentColumns.SentAt])
            : new ShipmentLine(line.Number, order, parcel, sku, (long)quantity, sentAt, Short(line[ShipmentColumns.Carrier]), Short(line[ShipmentColumns.Tracking]), run.Format.Time(line[ShipmentColumns.PromisedAt], zone));

        ShipmentLine? Reject(string reason, string detail)
        {
            batch.Remarks.Add(new ImportRemark(line.Number, RemarkKind.Rejected, reason, detail.Length > LongestDetail ? detail[..LongestDetail] + "…" : detail));
            return null;
        }
    }

    private Task<Dictionary<string, ShippedOrder>> OrdersAsync(IReadOnlyCollection<string> numbers, CancellationToken ct) => database.ReadAsync(async s => (await s.QueryAsync("""
        select n.number, o.subject_id, o.order_id from commerce_order_numbers n join commerce_orders o on o.subject_id = n.subject_id and o.order_id = n.document_id
        where n.storefront_id = @StorefrontId and n.document = 'order' and n.number in @numbers
        """, new { storefront.StorefrontId, numbers }, r => new ShippedOrder(new OrderKey(r.Guid(1), r.Guid(2)), r.Text(0)), ct)).ToDictionary(o => o.Number), ct);

    private FileParcel ParcelOf(ShippedOrder order, string number, IReadOnlyList<ShipmentLine> lines, SubjectKeys opened)
    {
        var subject = order.Key.SubjectId;
        // Of somebody who was erased, or was never known, no tracking number is kept.
        var tracking = opened.Has(subject) ? opened.SealOrNull(subject, ShipmentRow.TrackingColumn, lines[0].Tracking) : null;
        var id = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{AmazonShipmentsTarget.Name}|{storefront.StorefrontId:N}|{order.Number}|{number}")).AsSpan(0, 16), bigEndian: true);
        return new FileParcel(order, new(id, lines[0].Carrier, tracking, lines[0].PromisedAt, lines[0].SentAt, [.. lines.GroupBy(l => l.Sku).Select(g => new ItemQuantity(g.Key, g.Sum(l => l.Quantity)))]));
    }

    private static string? Short(string cell) => cell.Length is 0 or > LongestCode ? null : cell;
}

/// <summary>A parcel of a file.</summary>
internal sealed record FileParcel(ShippedOrder Order, RecordShipment.Parcel Parcel);

/// <summary>Parcels that are ready to be written.</summary>
internal sealed class ShipmentsBatch(Guid importId) : IImportBatch
{
    private readonly Dictionary<string, long> counts = [];

    public List<ImportRemark> Remarks { get; } = [];
    public List<FileParcel> Parcels { get; } = [];

    IReadOnlyList<ImportRemark> IImportBatch.Remarks => Remarks;
    public IReadOnlyDictionary<string, long> Counts => counts;

    public void Count(string name, long lines) => CollectionsMarshal.GetValueRefOrAddDefault(counts, name, out _) += lines;

    /// <summary>A parcel that stands is left as it is; one of this file, of which more lines come later, gets them.</summary>
    public async Task WriteAsync(Transaction tx, CancellationToken ct)
    {
        foreach (var (order, parcel) in Parcels)
        {
            var subject = order.Key.SubjectId;
            var added = await tx.ExecuteAsync("""
                insert into commerce_shipments (subject_id, shipment_id, order_id, carrier, tracking, promised_at, shipped_at, import_id)
                values (@subject, @ShipmentId, @OrderId, @Carrier, @Tracking, @PromisedAt, @SentAt, @importId) on conflict do nothing
                """, new { subject, parcel.ShipmentId, order.Key.OrderId, parcel.Carrier, parcel.Tracking, parcel.PromisedAt, parcel.SentAt, importId }, ct) > 0;
            foreach (var item in parcel.Items)
            {
                await tx.ExecuteAsync("""
                    insert into commerce_shipment_lines (subject_id, shipment_id, sku, quantity)
                    select @subject, @ShipmentId, @Sku, @Quantity where exists (select 1 from commerce_shipments where subject_id = @subject and shipment_id = @ShipmentId and import_id = @importId) on conflict do nothing
                    """, new { subject, parcel.ShipmentId, item.Sku, item.Quantity, importId }, ct);
            }
            if (added)
            {
                tx.AppendHistory(new ShipmentSent(subject, parcel.SentAt, order.Key.OrderId, parcel.ShipmentId, order.Number, parcel.PromisedAt), importId);
            }
        }
        await OrderFigures.RefreshStatesAsync(tx, [.. Parcels.Select(p => p.Order.Key)], ct);
    }
}
