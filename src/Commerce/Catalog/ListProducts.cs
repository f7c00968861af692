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
/// <param name="Price">Of the latest line that sold it.</param>
public sealed record ProductRow(
    Guid ProductId, string Sku, string Name, ProductType Type, string? Kind, string? Category, Money? Price, bool Active, ProductSales Sales);

/// <summary>What was sold of a product, cancellations not subtracted.</summary>
public sealed record ProductSales(long Orders, long Units, long RevenueMinor, DateTimeOffset? LastSoldAt)
{
    public static readonly ProductSales None = new(0, 0, 0, null);
}

/// <summary>Lists products, searched, filtered and sorted, page by page by key.</summary>
public sealed class ListProducts(Database database, CurrentActor actor)
{
    private const int LongestQuery = 100;

    /// <param name="Query">Part of the name or beginning of the code.</param>
    /// <param name="After">The cursor of an earlier page's end.</param>
    public sealed record Request(string? Query = null, ProductType? Type = null, Guid? CategoryId = null, ProductSort Sort = ProductSort.Name, string? After = null, int Limit = 50);

    /// <summary>Some products.</summary>
    /// <param name="Next">Where the next page begins; null on the last.</param>
    public sealed record Page(IReadOnlyList<ProductRow> Rows, string? Next);

    /// <exception cref="ProblemException"><c>cursor_unknown</c>.</exception>
    public async Task<Page> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(CommercePermissions.ReadProducts);
        var (key, direction) = request.Sort switch
        {
            ProductSort.Sku => ("p.sku", "asc"),
            ProductSort.Price => ("coalesce(p.unit_price, -1)", "desc"),
            _ => ("p.name", "asc"),
        };
        var query = request.Query?.Trim() is { Length: > 0 and <= LongestQuery } text ? Pattern(text) : null;
        var cursor = Cursor.Parse(request.After);
        object value = request.Sort == ProductSort.Price ? cursor?.Number ?? 0L : cursor?.Text ?? "";
        return await database.ReadAsync(async session =>
        {
            var rows = await session.QueryAsync($"""
                select p.product_id, p.sku, p.name, p.type, p.kind, c.name, p.unit_price, p.currency, p.active
                from commerce_products p left join commerce_categories c on c.category_id = p.category_id
                where (@anyQuery or lower(p.name) like @query escape '!' or lower(p.sku) like @query escape '!')
                  and (@anyType or p.type = @type) and (@anyCategory or p.category_id = @category)
                  and (@first or ({key}, p.product_id) {(direction == "asc" ? ">" : "<")} (@value, @id))
                order by {key} {direction}, p.product_id {direction} limit @limit
                """, new
            {
                anyQuery = query is null, query = query ?? "", anyType = request.Type is null, type = request.Type ?? ProductType.Durable,
                anyCategory = request.CategoryId is null, category = request.CategoryId ?? Guid.Empty,
                first = cursor is null, value, id = cursor?.Id ?? Guid.Empty, limit = request.Limit + 1,
            }, r => (Row: Product(r), UnitPrice: r.LongOrNull(6) ?? -1), ct);
            var more = rows.Count > request.Limit;
            var shown = more ? rows.GetRange(0, request.Limit) : rows;
            var sales = await ProductFigures.OfAsync(session, shown.ConvertAll(r => r.Row.ProductId), ct);
            var next = more ? new Cursor(request.Sort switch
            {
                ProductSort.Sku => shown[^1].Row.Sku,
                ProductSort.Price => shown[^1].UnitPrice.ToString(CultureInfo.InvariantCulture),
                _ => shown[^1].Row.Name,
            }, shown[^1].Row.ProductId).ToString() : null;
            return new Page(shown.ConvertAll(r => r.Row with { Sales = sales.GetValueOrDefault(r.Row.ProductId, ProductSales.None) }), next);
        }, ct);
    }

    private static ProductRow Product(Row r)
    {
        var currency = r.Text(7);
        var price = UnitPrice.Minor(r.LongOrNull(6), currency) is { } minor ? new Money(minor, currency) : (Money?)null;
        return new ProductRow(r.Guid(0), r.Text(1), r.Text(2), r.Enum<ProductType>(3), r.TextOrNull(4), r.TextOrNull(5), price, r.Bool(8), ProductSales.None);
    }

    private static string Pattern(string text) =>
        "%" + text.ToLowerInvariant().Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal).Replace("\0", "", StringComparison.Ordinal) + "%";
}
