using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Insights.Rollups;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;

namespace Wellmet.Insights.Sales;

/// <summary>
/// Takes sales from the log, as they are told. It only writes them down: counting follows in <c>CountSales</c>, so that neither an import
/// nor another node waits for the roll-ups, and the order in which events arrive does not matter.
/// </summary>
public sealed class SalesReceiver(IStorefronts storefronts, FollowMerges merges) : IReceiver
{
    private static readonly BulkInsert<Sale> Rows = new("insights_sales",
        new("subject_id", typeof(Guid), s => s.Delivery.SubjectId),
        new("seq", typeof(long), s => s.Delivery.Seq),
        new("kind", typeof(SaleKind), s => s.Kind),
        new("state", typeof(SaleState), _ => SaleState.Waiting),
        new("customer_id", typeof(Guid), s => s.Delivery.SubjectId),
        new("order_id", typeof(Guid), s => s.OrderId),
        new("storefront_id", typeof(Guid), s => s.StorefrontId),
        new("currency", typeof(string), s => s.Currency),
        new("day", typeof(DateOnly), s => s.Day),
        new("occurred_at", typeof(DateTimeOffset), s => s.Delivery.Event.OccurredAt),
        new("amount_minor", typeof(long), s => s.AmountMinor),
        new("items", typeof(long), s => s.Items),
        new("anonymous", typeof(bool), s => s.Anonymous),
        new("country", typeof(string), s => s.Country),
        new("import_id", typeof(Guid), s => s.Delivery.ImportId));

    private static readonly BulkInsert<Sale> Products = new("insights_sale_products",
        new("subject_id", typeof(Guid), s => s.Delivery.SubjectId),
        new("seq", typeof(long), s => s.Delivery.Seq),
        new("products", typeof(Json), s => s.Products));

    public IReadOnlyList<Type> Accepts => 
    [
        typeof(OrderPlaced), typeof(OrderExtended), typeof(OrderCancelled), typeof(SalesRetracted), typeof(ImportUndone), typeof(CustomerMerged), typeof(CustomerUnmerged), typeof(CustomerErased),
    ];

    public async Task ReceiveAsync(IReadOnlyList<Delivery> deliveries, Transaction tx, CancellationToken ct)
    {
        var days = new ShopDays(await storefronts.AllAsync(ct));
        var sales = deliveries.Select(d => Sale.Of(d, days)).OfType<Sale>().ToList();
        await Rows.RunAsync(tx, sales, ct);
        await Products.RunAsync(tx, sales.FindAll(s => s.Products is not null), ct);
        await TakeOverCountriesAsync(tx, sales.FindAll(s => s.Kind == SaleKind.Extension), ct);
        foreach (var retracted in deliveries.Select(d => d.Event).OfType<SalesRetracted>())
        {
            // They leave with the import that is taken back.
            await tx.ExecuteAsync("update insights_sales set import_id = @ImportId where subject_id = @SubjectId and seq in @Seqs",
                new { retracted.ImportId, retracted.SubjectId, retracted.Seqs }, ct);
        }
        var replaced = deliveries.Select(d => d.Event).OfType<SalesRetracted>().Select(r => r.ImportId).Where(i => i == SalesRetracted.Replaced);
        foreach (var importId in deliveries.Select(d => d.Event).OfType<ImportUndone>().Select(u => u.ImportId).Concat(replaced).Distinct())
        {
            await tx.ExecuteAsync("insert into insights_undone_imports (import_id) values (@importId) on conflict do nothing", new { importId }, ct);
        }
        await merges.RunAsync(tx, [.. deliveries.SelectMany(d => Merged(d.Event)).Distinct()], ct);
    }

    private static Guid[] Merged(ILogEvent told) => told switch
    {
        CustomerMerged m => [m.SubjectId, m.KeptId],
        CustomerUnmerged u => [u.SubjectId, u.KeptId],
        CustomerErased e => [e.SubjectId], // erasure parts the subjects of a customer
        _ => [],
    };

    /// <summary>More of an order goes where the order went. The log tells the order first.</summary>
    private static async Task TakeOverCountriesAsync(Transaction tx, List<Sale> extensions, CancellationToken ct)
    {
        foreach (var extension in extensions)
        {
            await tx.ExecuteAsync("""
                update insights_sales set country = coalesce((select o.country from insights_sales o
                  where o.subject_id = @SubjectId and o.order_id = @OrderId and o.kind = 'order'), '')
                where subject_id = @SubjectId and seq = @Seq
                """, new { extension.Delivery.SubjectId, extension.OrderId, extension.Delivery.Seq }, ct);
        }
    }
}
