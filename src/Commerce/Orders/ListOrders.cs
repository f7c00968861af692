using System.Globalization;
using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Orders;

/// <summary>One line of the list.</summary>
/// <param name="Customer">Null for somebody unknown.</param>
public sealed record OrderRow(
    Guid OrderId, Guid SubjectId, string Number, DateTimeOffset PlacedAt, string? Country, OrderKind Kind, OrderState State, long Items, Money Revenue, CustomerLabel? Customer)
{
    public Guid StorefrontId { get; init; }
    public ToldBy ToldBy { get; init; }
}

/// <summary>Lists orders, newest first, filtered, page by page by key.</summary>
public sealed class ListOrders(Database database, ICustomers customers, IStorefronts storefronts, CurrentActor actor)
{
    /// <summary>Of more than so many only this is said.</summary>
    public const int MostCounted = 100_000;

    private static readonly (string, string) Key = ("placed_at", "order_id");

    /// <summary>Which orders.</summary>
    /// <param name="Adjustments">Corrections of the books instead of sales.</param>
    /// <param name="Product">Only orders with this product.</param>
    public sealed record Request(SalesQuery Sales, OrderState? State = null, bool Adjustments = false, Guid? Product = null);

    /// <summary>A page of the list.</summary>
    /// <param name="Previous">Cursor of the page before; null on the first.</param>
    /// <param name="Next">Cursor of the page after; null on the last.</param>
    /// <param name="Total">How many there are; one more than <see cref="MostCounted"/> where there are more.</param>
    public sealed record Page(IReadOnlyList<OrderRow> Rows, string? Previous, string? Next, long Total);

    /// <exception cref="ProblemException"><c>cursor_unknown</c>.</exception>
    public async Task<Page> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(CommercePermissions.ReadOrders);
        var paging = new KeyPaging(request.Sales.After, request.Sales.Before, request.Sales.Limit);
        var where = new SalesConditions(request.Sales, "order_id", await storefronts.AllAsync(ct),
            request.Sales.Number is null && request.Product is null ? await storefronts.LeftOutAsync(ct) : null);
        where.Add(request.Adjustments ? OrderKind.Adjustment : OrderKind.Sale, "kind", "kind = @kind");
        where.Add(request.State, "state", "state = @state");
        where.Add(request.Product, "product",
            "exists (select 1 from commerce_order_lines l where l.subject_id = commerce_orders.subject_id and l.order_id = commerce_orders.order_id and l.product_id = @product and l.kind = 'product')");
        var (found, total) = await database.ReadAsync(async s => (
            await s.QueryAsync($"""
                select order_id, subject_id, number, placed_at, country, kind, state, items, revenue_minor, currency, anonymous, storefront_id, told_by from commerce_orders
                where {where.Sql} {paging.Condition(Key, descending: true)} {paging.Order(Key, descending: true)} limit @limit
                """, where.With(paging), r => (Anonymous: r.Bool(10), Row: Order(r)), ct),
            await s.CountAsync($"select count(*) from (select 1 from commerce_orders where {where.Sql} limit {MostCounted + 1}) counted", where.Parameters, ct)), ct);
        var (rows, previous, next) = paging.Cut(found, r => new Cursor(Clock.ToMicroseconds(r.Row.PlacedAt).ToString(CultureInfo.InvariantCulture), r.Row.OrderId));
        var labels = await customers.LabelsAsync([.. rows.Where(r => !r.Anonymous).Select(r => r.Row.SubjectId).Distinct()], ct);
        return new Page(rows.ConvertAll(r => r.Row with { Customer = labels.GetValueOrDefault(r.Row.SubjectId) }), previous, next, total);
    }

    private static OrderRow Order(Row r) => new(
        r.Guid(0), r.Guid(1), r.Text(2), r.Time(3), r.TextOrNull(4), r.Enum<OrderKind>(5), r.Enum<OrderState>(6), r.Long(7), new Money(r.Long(8), r.Text(9)), null) 
    {
        StorefrontId = r.Guid(11),
        ToldBy = r.Enum<ToldBy>(12),
    };
}
