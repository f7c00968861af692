using System.Globalization;
using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Catalog;

/// <summary>What the list can be sorted by.</summary>
public enum ProductSort
{
    Name,
    Sku,
    Price,
}

/// <summary>One line of the list.</summary>
/// <param name="Price">As the shop tells it, else of the latest line that sold it.</param>
/// <param name="Stock">Pieces; null where it is not told.</param>
public sealed record ProductRow(
    Guid ProductId, string Sku, string Name, ProductType Type, string? Kind, string? Category, Money? Price, bool Active, string? Brand, string? Seller, long? Stock, DateOnly? AvailableSince,
    ProductLinks Links, ProductSales Sales);

/// <summary>What was sold of a product, cancellations not subtracted.</summary>
public sealed record ProductSales(long Orders, long Units, long RevenueMinor, DateTimeOffset? LastSoldAt)
{
    public static readonly ProductSales None = new(0, 0, 0, null);
}

/// <summary>Lists products, searched, filtered and sorted, page by page by key.</summary>
public sealed class ListProducts(Database database, CurrentActor actor)
{
    private const int LongestQuery = 100;

    /// <summary>Which products.</summary>
    /// <param name="Query">Part of the name or beginning of the code.</param>
    /// <param name="After">The cursor of an earlier page's end.</param>
    /// <param name="Before">The cursor of a later page's beginning.</param>
    public sealed record Request(
        string? Query = null, ProductType? Type = null, Guid? CategoryId = null, ProductSort Sort = ProductSort.Name, string? After = null, string? Before = null, int Limit = 50);

    /// <summary>A page of the list.</summary>
    /// <param name="Previous">Cursor of the page before; null on the first.</param>
    /// <param name="Next">Cursor of the page after; null on the last.</param>
    public sealed record Page(IReadOnlyList<ProductRow> Rows, string? Previous, string? Next);

    /// <exception cref="ProblemException"><c>cursor_unknown</c>.</exception>
    public async Task<Page> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(CommercePermissions.ReadProducts);
        var (column, descending) = request.Sort switch
        {
            ProductSort.Sku => ("p.sku", false),
            ProductSort.Price => ("coalesce(p.listed_price, p.unit_price, -1)", true),
            _ => ("p.name", false),
        };
        var key = (column, "p.product_id");
        var query = request.Query?.Trim() is { Length: > 0 and <= LongestQuery } text ? Pattern(text) : null;
        var paging = new KeyPaging(request.After, request.Before, request.Limit);
        object at = request.Sort == ProductSort.Price ? paging.At?.Number ?? 0L : paging.At?.Text ?? "";
        return await database.ReadAsync(async session =>
        {
            var found = await session.QueryAsync($"""
                select p.product_id, p.sku, p.name, p.type, p.kind, c.name, coalesce(p.listed_price, p.unit_price), p.currency, p.active, p.brand, p.seller, p.stock,
                  p.available_since, p.image_url, p.page_url
                from commerce_products p left join commerce_categories c on c.category_id = p.category_id
                where (@anyQuery or lower(p.name) like @query escape '!' or lower(p.sku) like @query escape '!')
                  and (@anyType or p.type = @type) and (@anyCategory or p.category_id = @category)
                  {paging.Condition(key, descending)} {paging.Order(key, descending)} limit @limit
                """, new
            {
                anyQuery = query is null, query = query ?? "", anyType = request.Type is null, type = request.Type ?? ProductType.Durable,
                anyCategory = request.CategoryId is null, category = request.CategoryId ?? Guid.Empty, at, id = paging.At?.Id ?? Guid.Empty, limit = paging.Rows,
            }, r => (Row: Product(r), UnitPrice: r.LongOrNull(6) ?? -1), ct);
            var (rows, previous, next) = paging.Cut(found, r => CursorOf(request.Sort, r.Row, r.UnitPrice));
            var sales = await ProductFigures.OfAsync(session, rows.ConvertAll(r => r.Row.ProductId), ct);
            return new Page(rows.ConvertAll(r => r.Row with { Sales = sales.GetValueOrDefault(r.Row.ProductId, ProductSales.None) }), previous, next);
        }, ct);
    }

    private static Cursor CursorOf(ProductSort sort, ProductRow row, long unitPrice) => new(sort switch
    {
        ProductSort.Sku => row.Sku,
        ProductSort.Price => unitPrice.ToString(CultureInfo.InvariantCulture),
        _ => row.Name,
    }, row.ProductId);

    private static ProductRow Product(Row r)
    {
        var currency = r.Text(7);
        var price = UnitPrice.Minor(r.LongOrNull(6), currency) is { } minor ? new Money(minor, currency) : (Money?)null;
        return new ProductRow(r.Guid(0), r.Text(1), r.Text(2), r.Enum<ProductType>(3), r.TextOrNull(4), r.TextOrNull(5), price, r.Bool(8), r.TextOrNull(9), r.TextOrNull(10), r.LongOrNull(11),
            r.IsNull(12) ? null : r.Day(12), new ProductLinks(r.Guid(0), r.TextOrNull(13), r.TextOrNull(14)), ProductSales.None);
    }

    private static string Pattern(string text) =>
        "%" + text.ToLowerInvariant().Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal).Replace("\0", "", StringComparison.Ordinal) + "%";
}
