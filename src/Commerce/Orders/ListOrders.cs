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
    Guid OrderId, Guid SubjectId, string Number, DateTimeOffset PlacedAt, string? Country, OrderKind Kind, OrderState State, long Items, Money Revenue, CustomerLabel? Customer);

/// <summary>Lists orders, newest first, filtered, page by page by key.</summary>
public sealed class ListOrders(Database database, ICustomers customers, CurrentActor actor)
{
    /// <param name="Number">The whole number.</param>
    /// <param name="From">Placed on or after this day (UTC).</param>
    /// <param name="To">Placed on or before this day (UTC).</param>
    public sealed record Request(
        string? Number = null, OrderState? State = null, string? Country = null, DateOnly? From = null, DateOnly? To = null, bool Adjustments = false,
        string? After = null, int Limit = 50)
    {
        /// <summary>True for orders behind which nobody is known, false for the others, null for all.</summary>
        public bool? Anonymous { get; init; }

        /// <summary>Only orders with this product.</summary>
        public Guid? Product { get; init; }
        public Guid? Storefront { get; init; }
    }

    /// <summary>Some orders.</summary>
    /// <param name="Next">Where the next page begins; null on the last.</param>
    public sealed record Page(IReadOnlyList<OrderRow> Rows, string? Next);

    /// <exception cref="ProblemException"><c>cursor_unknown</c>.</exception>
    public async Task<Page> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(CommercePermissions.ReadOrders);
        var rows = await database.ReadAsync(s => s.QueryAsync(Sql(request), Parameters(request), r => (Anonymous: r.Bool(10), Row: Order(r)), ct), ct);
        var more = rows.Count > request.Limit;
        if (more)
        {
            rows.RemoveAt(rows.Count - 1);
        }
        var labels = await customers.LabelsAsync([.. rows.Where(r => !r.Anonymous).Select(r => r.Row.SubjectId).Distinct()], ct);
        var next = more ? new Cursor(Clock.ToMicroseconds(rows[^1].Row.PlacedAt).ToString(CultureInfo.InvariantCulture), rows[^1].Row.OrderId).ToString() : null;
        return new Page(rows.ConvertAll(r => r.Row with { Customer = labels.GetValueOrDefault(r.Row.SubjectId) }), next);
    }

    private static string Sql(Request request) => $"""
        select order_id, subject_id, number, placed_at, country, kind, state, items, revenue_minor, currency, anonymous from commerce_orders
        where placed_at >= @from and placed_at < @to and kind = @kind
          {(string.IsNullOrWhiteSpace(request.Number) ? "" : "and order_id in (select document_id from commerce_order_numbers where number = @number)")}
          {(request.State is null ? "" : "and state = @state")} {(string.IsNullOrWhiteSpace(request.Country) ? "" : "and country = @country")}
          {(request.Anonymous is null ? "" : "and anonymous = @anonymous")} {(request.Storefront is null ? "" : "and storefront_id = @storefront")}
          {(request.Product is null ? "" : "and exists (select 1 from commerce_order_lines l where l.subject_id = commerce_orders.subject_id and l.order_id = commerce_orders.order_id and l.product_id = @product)")}
          {(request.After is null ? "" : "and (placed_at, order_id) < (@at, @id)")}
        order by placed_at desc, order_id desc limit @limit
        """;

    private static object Parameters(Request request)
    {
        var cursor = Cursor.Parse(request.After);
        return new
        {
            from = new DateTimeOffset(request.From ?? new DateOnly(1900, 1, 1), default, TimeSpan.Zero),
            to = new DateTimeOffset(request.To ?? new DateOnly(2200, 1, 1), default, TimeSpan.Zero).AddDays(1),
            kind = request.Adjustments ? OrderKind.Adjustment : OrderKind.Sale,
            number = request.Number?.Trim().Replace("\0", "", StringComparison.Ordinal) ?? "", state = request.State ?? OrderState.Placed,
            country = request.Country?.Trim().Replace("\0", "", StringComparison.Ordinal) ?? "",
            at = cursor is null ? DateTimeOffset.UnixEpoch : Clock.FromMicroseconds(cursor.Number), id = cursor?.Id ?? Guid.Empty,
            anonymous = request.Anonymous ?? false, product = request.Product ?? Guid.Empty, storefront = request.Storefront ?? Guid.Empty, limit = request.Limit + 1,
        };
    }

    private static OrderRow Order(Row r) => new(
        r.Guid(0), r.Guid(1), r.Text(2), r.Time(3), r.TextOrNull(4), r.Enum<OrderKind>(5), r.Enum<OrderState>(6), r.Long(7), new Money(r.Long(8), r.Text(9)), null);
}
