using System.Globalization;
using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Orders;

/// <summary>One line of the list.</summary>
/// <param name="OrderId">The order of which most of its lines were cancelled; null where none fits.</param>
/// <param name="Customer">Null for somebody unknown.</param>
public sealed record CancellationRow(
    Guid CancellationId, Guid SubjectId, string Number, DateTimeOffset PlacedAt, string? Country, long Items, Money Amount, Guid? OrderId, string? OrderNumber, CustomerLabel? Customer);

/// <summary>Lists cancellations, newest first, filtered, page by page by key.</summary>
public sealed class ListCancellations(Database database, ICustomers customers, IStorefronts storefronts, CurrentActor actor)
{
    private static readonly (string, string) Key = ("placed_at", "cancellation_id");

    /// <summary>A page of the list.</summary>
    /// <param name="Previous">Cursor of the page before; null on the first.</param>
    /// <param name="Next">Cursor of the page after; null on the last.</param>
    /// <param name="Total">How many there are; one more than <see cref="ListOrders.MostCounted"/> where there are more.</param>
    public sealed record Page(IReadOnlyList<CancellationRow> Rows, string? Previous, string? Next, long Total);

    /// <exception cref="ProblemException"><c>cursor_unknown</c>.</exception>
    public async Task<Page> RunAsync(SalesQuery query, CancellationToken ct)
    {
        actor.Demand(CommercePermissions.ReadOrders);
        var paging = new KeyPaging(query.After, query.Before, query.Limit);
        var where = new SalesConditions(query, "cancellation_id", await storefronts.AllAsync(ct), query.Number is null ? await storefronts.LeftOutAsync(ct) : null);
        var (found, total) = await database.ReadAsync(async s => (
            await s.QueryAsync($"""
                select c.*, o.number from (
                  select cancellation_id, subject_id, number, placed_at, country, items, amount_minor, currency, anonymous, (
                    select l.order_id from commerce_cancellation_lines l
                    where l.subject_id = commerce_cancellations.subject_id and l.cancellation_id = commerce_cancellations.cancellation_id and l.order_id is not null
                    group by l.order_id order by count(*) desc, l.order_id limit 1) as order_id
                  from commerce_cancellations where {where.Sql} {paging.Condition(Key, descending: true)} {paging.Order(Key, descending: true)} limit @limit) c
                left join commerce_orders o on o.subject_id = c.subject_id and o.order_id = c.order_id {paging.Order(("c.placed_at", "c.cancellation_id"), descending: true)}
                """, where.With(paging), r => (Anonymous: r.Bool(8), Row: Cancellation(r)), ct),
            await s.CountAsync($"select count(*) from (select 1 from commerce_cancellations where {where.Sql} limit {ListOrders.MostCounted + 1}) counted", where.Parameters, ct)), ct);
        var (rows, previous, next) = paging.Cut(found, r => new Cursor(Clock.ToMicroseconds(r.Row.PlacedAt).ToString(CultureInfo.InvariantCulture), r.Row.CancellationId));
        var labels = await customers.LabelsAsync([.. rows.Where(r => !r.Anonymous).Select(r => r.Row.SubjectId).Distinct()], ct);
        return new Page(rows.ConvertAll(r => r.Row with { Customer = labels.GetValueOrDefault(r.Row.SubjectId) }), previous, next, total);
    }

    private static CancellationRow Cancellation(Row r) => new(
        r.Guid(0), r.Guid(1), r.Text(2), r.Time(3), r.TextOrNull(4), r.Long(5), new Money(r.Long(6), r.Text(7)), r.GuidOrNull(9), r.TextOrNull(10), null);
}
