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
    /// <summary>A sale is in one of them.</summary>
    private static readonly string[] Tables = ["insights_waiting", "insights_sales"];

    private static readonly BulkInsert<Sale> Waiting = new("insights_waiting", [.. Sale.Written, new("products", typeof(Json), s => s.Products)]);

    public IReadOnlyList<Type> Accepts => 
    [
        typeof(OrderPlaced), typeof(OrderExtended), typeof(OrderCancelled), typeof(SalesRetracted), typeof(ImportUndone), typeof(CustomerMerged), typeof(CustomerUnmerged), typeof(CustomerErased),
    ];

    public async Task ReceiveAsync(IReadOnlyList<Delivery> deliveries, Transaction tx, CancellationToken ct)
    {
        var days = new ShopDays(await storefronts.AllAsync(ct));
        var sales = deliveries.Select(d => Sale.Of(d, days)).OfType<Sale>().ToList();
        await Waiting.RunAsync(tx, sales, ct);
        await TakeOverCountriesAsync(tx, sales.FindAll(s => s.Kind == SaleKind.Extension), ct);
        foreach (var retracted in deliveries.Select(d => d.Event).OfType<SalesRetracted>())
        {
            // They leave with the import that is taken back.
            foreach (var table in Tables)
            {
                await tx.ExecuteAsync($"update {table} set import_id = @ImportId where subject_id = @SubjectId and seq in @Seqs",
                    new { retracted.ImportId, retracted.SubjectId, retracted.Seqs }, ct);
            }
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
            await tx.ExecuteAsync($"""
                update insights_waiting set country = coalesce(({string.Join(" union all ", Tables.Select(t => $"""
                  select o.country from {t} o where o.subject_id = @SubjectId and o.order_id = @OrderId and o.kind = 'order'
                  """))} limit 1), '')
                where subject_id = @SubjectId and seq = @Seq
                """, new { extension.SubjectId, extension.OrderId, extension.Seq }, ct);
        }
    }
}
