using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Orders;

/// <summary>Answers other modules' questions about orders.</summary>
internal sealed class OrderBook(Database database, ICustomers customers, IImports imports, IStorefronts storefronts) : IOrders
{
    /// <summary>Reads the orders, not the lines: each order knows how many lines of which class it has.</summary>
    public async Task<SalesTotals> TotalsAsync(CancellationToken ct)
    {
        var leftOut = await storefronts.LeftOutAsync(ct) ?? Guid.Empty;
        var currency = await database.ReadAsync(s => s.FirstAsync(
            "select currency from commerce_orders where kind = 'sale' and storefront_id <> @leftOut group by currency order by count(*) desc, currency limit 1",
            new { leftOut }, r => r.Text(0), ct), ct) ?? "";
        var perCustomer = await OrdersPerCustomerAsync(currency, leftOut, ct);
        var (revenue, lines) = await database.ReadAsync(async s => (
            await s.CountAsync("select sum(revenue_minor) from commerce_orders where kind = 'sale' and not anonymous and currency = @currency and storefront_id <> @leftOut",
                new { currency, leftOut }, ct),
            await LinesAsync(s, leftOut, ct)), ct);
        lines["rejected"] = await imports.RejectedLinesAsync([CatalogueFiles.ProductsTarget.Name, CustomerFiles.CustomersTarget.Name, ShipmentFiles.AmazonShipmentsTarget.Name], ct);
        return new SalesTotals(perCustomer.Count, perCustomer.Values.Sum(), revenue, currency, perCustomer.Values.Count(orders => orders > 1), lines);
    }

    public async Task<IReadOnlyList<Guid>> BuyersAsync(Guid after, int limit, CancellationToken ct)
    {
        var leftOut = await storefronts.LeftOutAsync(ct) ?? Guid.Empty;
        return await database.ReadAsync(s => s.QueryAsync("""
            select distinct subject_id from commerce_orders where subject_id > @after and kind = 'sale' and not anonymous and storefront_id <> @leftOut order by subject_id limit @limit
            """, new { after, leftOut, limit }, r => r.Guid(0), ct), ct);
    }

    public async Task<IReadOnlyList<BoughtProduct>> BoughtByAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct) =>
        await database.ReadAsync(s => s.QueryAsync("""
            select l.order_id, l.product_id, l.placed_at, l.quantity,
              coalesce((select sum(c.quantity) from commerce_cancellation_lines c
                where c.subject_id = l.subject_id and c.order_id = l.order_id and c.product_id = l.product_id), 0),
              coalesce(b.back, 0), l.subject_id, l.amount_minor, o.currency, o.anonymous, coalesce(b.unwanted, 0), b.unwanted_at
            from (
              select subject_id, order_id, product_id, min(sku) as sku, min(placed_at) as placed_at, sum(quantity) as quantity, sum(amount_minor) as amount_minor from commerce_order_lines
              where subject_id in @subjects and kind = 'product' and product_id is not null group by subject_id, order_id, product_id) l
            join commerce_orders o on o.subject_id = l.subject_id and o.order_id = l.order_id
            left join (
              select r.subject_id, r.order_id, rl.sku, sum(rl.quantity) as back, sum(case when r.reason in @faults then 0 else rl.quantity end) as unwanted,
                max(case when r.reason in @faults then null else r.returned_at end) as unwanted_at
              from commerce_returns r join commerce_return_lines rl on rl.subject_id = r.subject_id and rl.return_id = r.return_id
              where r.subject_id in @subjects group by r.subject_id, r.order_id, rl.sku) b on b.subject_id = l.subject_id and b.order_id = l.order_id and b.sku = l.sku
            order by l.placed_at, l.order_id, l.product_id
            """, new { subjects, faults = ItemsReturned.Faults }, Bought, ct), ct);

    private static BoughtProduct Bought(Row r)
    {
        var (quantity, kept) = (r.Long(3), Math.Max(0, r.Long(3) - r.Long(4) - r.Long(5)));
        return new BoughtProduct(r.Guid(0), r.Guid(1), r.Time(2), kept)
        {
            SubjectId = r.Guid(6), Quantity = quantity, KeptMinor = quantity <= 0 ? 0 : (long)Math.Round(r.Long(7) * (double)kept / quantity), Currency = r.Text(8), Anonymous = r.Bool(9), Unwanted = r.Long(10), UnwantedAt = r.TimeOrNull(11),
        };
    }

    /// <summary>Subjects that were merged count as the one customer they are.</summary>
    private async Task<Dictionary<Guid, long>> OrdersPerCustomerAsync(string currency, Guid leftOut, CancellationToken ct)
    {
        var perSubject = await database.ReadAsync(s => s.QueryAsync(
            "select subject_id, count(*) from commerce_orders where kind = 'sale' and not anonymous and currency = @currency and storefront_id <> @leftOut group by subject_id",
            new { currency, leftOut }, r => (Subject: r.Guid(0), Orders: r.Long(1)), ct), ct);
        var links = await customers.CustomersOfAsync(perSubject.ConvertAll(p => p.Subject), ct);
        return perSubject.GroupBy(p => links.GetValueOrDefault(p.Subject, p.Subject)).ToDictionary(g => g.Key, g => g.Sum(p => p.Orders));
    }

    private static async Task<Dictionary<string, long>> LinesAsync(Session session, Guid leftOut, CancellationToken ct)
    {
        var ordered = await session.FirstAsync("""
            select coalesce(sum(case when anonymous then 0 else lines end), 0), coalesce(sum(case when anonymous then lines else 0 end), 0), coalesce(sum(adjustments), 0)
            from commerce_orders where storefront_id <> @leftOut
            """, new { leftOut }, r => (Customer: r.Long(0), Anonymous: r.Long(1), Adjustment: r.Long(2)), ct);
        return new Dictionary<string, long>
        {
            ["customer"] = ordered.Customer,
            ["anonymous"] = ordered.Anonymous,
            ["cancelled"] = await session.CountAsync("select sum(lines) from commerce_cancellations where storefront_id <> @leftOut", new { leftOut }, ct),
            ["adjustment"] = ordered.Adjustment,
        };
    }
}
