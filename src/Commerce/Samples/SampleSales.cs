using Wellmet.Commerce.Catalog;
using Wellmet.Commerce.Imports;
using Wellmet.Demo.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Samples;

/// <summary>Loads what the demo shop sells and sold: its storefront, products, orders, and what became of them.</summary>
internal sealed class SampleSales(Database database, ProductPrices prices, TimeProvider time) : IDemoPart
{
    internal const string Name = "Demo shop", Currency = "EUR";
    private List<SoldProduct>? products;

    public async Task BeginAsync(Transaction tx, Guid demoId, IReadOnlyList<DemoProduct> products, DateTimeOffset startsAt, CancellationToken ct)
    {
        if (await tx.CountAsync("select count(*) from commerce_storefronts where storefront_id = @demoId", new { demoId }, ct) > 0)
        {
            return;
        }
        var taken = await tx.CountAsync("select count(*) from commerce_storefronts where name = @Name", new { Name }, ct) > 0;
        await tx.ExecuteAsync("""
            insert into commerce_storefronts (storefront_id, name, currency, locale, time_zone, created_at, import_id, demo)
            values (@demoId, @name, @Currency, 'en-GB', 'Europe/Berlin', @now, @demoId, @demo)
            """, new { demoId, name = taken ? $"{Name} {demoId.ToString("N")[^4..]}" : Name, Currency, now = time.GetUtcNow(), demo = true }, ct);
        var categories = await CategoryNames.IdsAsync(tx, products.Select(p => p.Category), demoId, ct);
        await SalesTables.Products.RunAsync(tx, [.. products.Select(p => new Imports.ProductRow(new NewProduct(Id.New(), p.Sku, p.Name, Currency), InferredType.Of(p.Name), startsAt, demoId)
        {
            CategoryId = categories[p.Category], UnitPrice = p.PriceMinor * SoldProduct.PerMinor, Brand = p.Brand, Stock = p.Stock,
            AvailableSince = DateOnly.FromDateTime(startsAt.UtcDateTime),
        })], ct);
    }

    public Task<Func<Transaction, CancellationToken, Task>> PrepareAsync(DemoBatch batch, CancellationToken ct) =>
        Task.FromResult<Func<Transaction, CancellationToken, Task>>((tx, c) => WriteAsync(tx, batch, c));

    private async Task WriteAsync(Transaction tx, DemoBatch batch, CancellationToken ct)
    {
        var rows = new SampleRows(batch.DemoId, products ??= await ProductsAsync(tx, batch.DemoId, ct));
        foreach (var (subject, shopper) in batch.People)
        {
            foreach (var order in shopper.Orders)
            {
                rows.Add(subject, shopper.Country, order);
            }
        }
        await rows.WriteAsync(tx, ct);
        foreach (var happened in rows.Events)
        {
            tx.AppendHistory(happened, batch.DemoId);
        }
    }

    public async Task CompleteAsync(Guid demoId, CancellationToken ct)
    {
        var sold = await database.ReadAsync(s => s.QueryAsync("""
            select sku from commerce_products p where import_id = @demoId and exists (select 1 from commerce_order_lines l where l.product_id = p.product_id and l.kind = 'product')
            """, new { demoId }, r => r.Text(0), ct), ct);
        await prices.RunAsync(sold, ct);
    }

    /// <summary>In the order of the catalogue; an earlier process may have made them.</summary>
    private static Task<List<SoldProduct>> ProductsAsync(Transaction tx, Guid demoId, CancellationToken ct) => tx.QueryAsync(
        "select product_id, sku, unit_price from commerce_products where import_id = @demoId order by sku", new { demoId }, r => new SoldProduct(r.Guid(0), r.Text(1), r.Long(2)), ct);
}
