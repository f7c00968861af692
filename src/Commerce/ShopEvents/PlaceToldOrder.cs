using Wellmet.Commerce.Catalog;
using Wellmet.Commerce.Contract;
using Wellmet.Commerce.Imports;
using Wellmet.Commerce.Orders;
using Wellmet.Platform;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;
using ProductRow = Wellmet.Commerce.Imports.ProductRow;

namespace Wellmet.Commerce.ShopEvents;

/// <summary>
/// Makes an order of an event, once for each number of a storefront. The shop's server is believed: what it tells takes the place of what a page
/// told, and its updates that of what it told before. A page is taken at its word only while nobody else has told the order.
/// </summary>
internal sealed class PlaceToldOrder(Database database, LogReader log, TimeProvider time)
{
    /// <returns>Whether the order is new.</returns>
    public async Task<bool> RunAsync(Transaction tx, ToldEvent told, CancellationToken ct)
    {
        var document = ToldOrder.Read(told.Event, told.Number, told.Storefront);
        document.DocumentId = Id.New();
        if (await NumberAsync(tx, document, told, ct))
        {
            await WriteAsync(tx, document, told, ct);
            return true;
        }
        if (await StandingOrder.FindAsync(tx, told.Storefront.StorefrontId, told.Number, ct) is { } standing && Replaces(told, standing))
        {
            await ReplaceAsync(tx, standing, told, ct);
        }
        return false;
    }

    private static bool Replaces(ToldEvent told, StandingOrder standing) =>
        told.IsOfShop && (standing.ToldBy == ToldBy.Page || (standing.ToldBy == ToldBy.Shop && told.Event.Name == "Order Updated"));

    /// <summary>False where the number is taken. On PostgreSQL this waits for somebody else who is about to take it.</summary>
    private static async Task<bool> NumberAsync(Transaction tx, SalesDocument document, ToldEvent told, CancellationToken ct) => await tx.ExecuteAsync("""
        insert into commerce_order_numbers (storefront_id, number, document, subject_id, document_id)
        values (@StorefrontId, @Number, 'order', @SubjectId, @DocumentId) on conflict do nothing
        """, new { told.Storefront.StorefrontId, document.Number, document.SubjectId, document.DocumentId }, ct) > 0;

    private async Task ReplaceAsync(Transaction tx, StandingOrder standing, ToldEvent told, CancellationToken ct)
    {
        var source = told.Event with { OccurredAt = standing.PlacedAt };
        // It was told before: that it is told differently fires nothing again.
        told = told with { Delivery = told.Delivery with { Live = false } };
        await standing.RetractAsync(tx, log, time.GetUtcNow(), ct);
        if (!await standing.IsHandledAsync(tx, ct))
        {
            await standing.DeleteAsync(tx, told.Storefront.StorefrontId, told.Number, ct);
            var anew = ToldOrder.Read(source, told.Number, told.Storefront);
            anew.DocumentId = standing.Key.OrderId;
            await NumberAsync(tx, anew, told, ct);
            await WriteAsync(tx, anew, told, ct);
            return;
        }
        var document = ToldOrder.Read(source with { SubjectId = standing.Key.SubjectId }, told.Number, told.Storefront);
        document.DocumentId = standing.Key.OrderId;
        var kept = await standing.LinesAsync(tx, ct);
        document.Lines.RemoveAll(l => kept.Contains(l.Key));
        await tx.ExecuteAsync("update commerce_orders set told_by = 'shop' where subject_id = @SubjectId and order_id = @OrderId", new { standing.Key.SubjectId, standing.Key.OrderId }, ct);
        await WriteLinesAsync(tx, document, told, ct);
        await OrderFigures.RefreshAsync(tx, [standing.Key], ct);
    }

    private async Task WriteAsync(Transaction tx, SalesDocument document, ToldEvent told, CancellationToken ct)
    {
        await SalesTables.Orders.RunAsync(tx, [new DocumentRow(document, told.Storefront.StorefrontId, null, told.IsOfShop ? ToldBy.Shop : ToldBy.Page)], ct);
        await WriteLinesAsync(tx, document, told, ct);
    }

    private async Task WriteLinesAsync(Transaction tx, SalesDocument document, ToldEvent told, CancellationToken ct)
    {
        var products = await ProductsAsync(tx, document, told.IsOfShop, ct);
        await SalesTables.OrderLines.RunAsync(tx, document.Lines.ConvertAll(l =>
            new LineRow(document, l, l.Kind == LineKind.Charge ? null : products.IdOf(l.Sku), products.NameOnLine(l), null, null)), ct);
        if (told.IsOfShop)
        {
            await ProductPrices.RefreshAsync(tx, [.. document.Products(products).Select(p => p.ProductId)], ct);
        }
        if (document.Sells)
        {
            told.Tell(tx, new OrderPlaced(document.SubjectId, document.PlacedAt, document.DocumentId, document.Number, told.Storefront.StorefrontId, document.Currency,
                document.AmountMinor, document.Items, document.Country, document.Anonymous, document.Products(products)));
        }
    }

    /// <summary>A page makes no products: what it names and nobody knows is a line without one.</summary>
    private async Task<ProductCache> ProductsAsync(Transaction tx, SalesDocument document, bool mayMake, CancellationToken ct)
    {
        var products = new ProductCache(database);
        var made = await products.LoadAsync(tx, document.Lines, ct);
        if (!mayMake)
        {
            products.Forget(made);
            return products;
        }
        var rows = made.ConvertAll(p => new ProductRow(p, InferredType.Of(p.Name), time.GetUtcNow(), null));
        if (await SalesTables.ToldProducts.RunAsync(tx, rows, ct) < made.Count)
        {
            products.Forget(made);
            await products.LoadAsync(tx, document.Lines, ct);
        }
        return products;
    }
}
