using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Catalog;

/// <summary>A product with what was sold of it.</summary>
/// <param name="AvailableSince">Null where the shop does not tell it.</param>
/// <param name="Latest">The latest orders that hold it.</param>
/// <param name="Categories">All that there are, to choose from.</param>
public sealed record ProductDetails(
    ProductLabel Product, TypeSource TypeSource, TypeSource KindSource, DateOnly? AvailableSince, ProductLinks Links, ProductSales Sales, ProductInterest Interest, IReadOnlyList<ProductOrder> Latest, IReadOnlyList<string> Categories);

/// <summary>An order of a product.</summary>
public sealed record ProductOrder(Guid OrderId, Guid SubjectId, string Number, DateTimeOffset PlacedAt, bool Anonymous, long Units, Money Amount);

/// <summary>What shoppers did with a product in the last days, as far as the shop tells it.</summary>
public sealed record ProductInterest(long Views, long Baskets, long Wishes);

/// <summary>One product, for its page.</summary>
public sealed class ReadProduct(Database database, ICatalog catalog, TimeProvider time, CurrentActor actor)
{
    /// <summary>Days over which interest is added up.</summary>
    public const int InterestDays = 30;

    private const int OrdersShown = 20, LinesRead = 200;

    /// <param name="idOrSku">The product's id, else its whole code.</param>
    /// <exception cref="ProblemException"><c>product_unknown</c>.</exception>
    public async Task<ProductDetails> RunAsync(string idOrSku, CancellationToken ct)
    {
        actor.Demand(CommercePermissions.ReadProducts);
        var id = Guid.TryParseExact(idOrSku, "D", out var given) ? given : Guid.Empty;
        var found = await database.ReadAsync(s => s.FirstAsync(
            "select product_id from commerce_products where product_id = @id or sku = @sku order by case when product_id = @id then 0 else 1 end limit 1",
            new { id, sku = idOrSku.Replace("\0", "", StringComparison.Ordinal) }, r => (Guid?)r.Guid(0), ct), ct);
        return await RunAsync(found ?? throw Unknown(), ct);
    }

    /// <exception cref="ProblemException"><c>product_unknown</c>.</exception>
    public async Task<ProductDetails> RunAsync(Guid productId, CancellationToken ct)
    {
        actor.Demand(CommercePermissions.ReadProducts);
        var product = (await catalog.LabelsAsync([productId], ct)).GetValueOrDefault(productId) ?? throw Unknown();
        var links = (await catalog.LinksAsync([productId], ct)).GetValueOrDefault(productId) ?? throw Unknown();
        return await database.ReadAsync(async session =>
        {
            var stated = await session.FirstAsync("select type_source, kind_source, available_since from commerce_products where product_id = @productId", new { productId },
                r => (Type: r.Enum<TypeSource>(0), Kind: r.Enum<TypeSource>(1), Since: r.IsNull(2) ? (DateOnly?)null : r.Day(2)), ct);
            var sales = (await ProductFigures.OfAsync(session, [productId], ct)).GetValueOrDefault(productId, ProductSales.None);
            var categories = await session.QueryAsync("select name from commerce_categories order by name", null, r => r.Text(0), ct);
            return new ProductDetails(product, stated.Type, stated.Kind, stated.Since, links, sales, await InterestAsync(session, productId, ct), await LatestAsync(session, productId, ct), categories);
        }, ct);
    }

    private async Task<ProductInterest> InterestAsync(Session session, Guid productId, CancellationToken ct) => await session.FirstAsync("""
        select coalesce(sum(views), 0), coalesce(sum(baskets), 0), coalesce(sum(wishes), 0) from commerce_daily_interest where product_id = @productId and day > @from
        """, new { productId, from = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(-InterestDays) }, r => new ProductInterest(r.Long(0), r.Long(1), r.Long(2)), ct)
        ?? new ProductInterest(0, 0, 0);

    /// <summary>An order may hold the product on several lines.</summary>
    private static async Task<List<ProductOrder>> LatestAsync(Session session, Guid productId, CancellationToken ct)
    {
        var lines = await session.QueryAsync($"""
            select l.order_id, l.subject_id, o.number, l.placed_at, o.anonymous, l.quantity, l.amount_minor, o.currency
            from (select * from commerce_order_lines where product_id = @productId and kind = 'product' order by placed_at desc limit {LinesRead}) l
            join commerce_orders o on o.subject_id = l.subject_id and o.order_id = l.order_id order by l.placed_at desc
            """, new { productId }, r => new ProductOrder(r.Guid(0), r.Guid(1), r.Text(2), r.Time(3), r.Bool(4), r.Long(5), new Money(r.Long(6), r.Text(7))), ct);
        return [.. lines.GroupBy(l => l.OrderId).Take(OrdersShown)
            .Select(g => g.First() with { Units = g.Sum(l => l.Units), Amount = new Money(g.Sum(l => l.Amount.Minor), g.First().Amount.Currency) })];
    }

    internal static ProblemException Unknown() => new("product_unknown", "There is no such product.", 404);
}
