using System.Globalization;
using Wellmet.Customers.Contract;
using Wellmet.Insights.Contract;
using Wellmet.Insights.Home;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;

namespace Wellmet.Insights.Buyers;

/// <summary>Which of a period's customers.</summary>
public enum BuyerKind
{
    All,

    /// <summary>With two orders or more in the period.</summary>
    Repeat,

    /// <summary>Whose first order of all is in the period.</summary>
    New,

    /// <summary>Who had ordered before.</summary>
    Returning,
}

/// <summary>A customer of a period.</summary>
/// <param name="Orders">In the period, as is <paramref name="Revenue"/>.</param>
/// <param name="FirstOrder">Of all, not only of the period.</param>
public sealed record Buyer(Guid CustomerId, CustomerLabel? Label, long Orders, Money Revenue, DateOnly FirstOrder, DateOnly LastOrder);

/// <summary>The customers behind a figure of the home page, those with the most revenue first, page by page by key.</summary>
public sealed class ListBuyers(Database database, ICustomers customers, CurrentActor actor)
{
    private static readonly (string, string) Key = ("revenue", "customer_id");

    /// <summary>Which customers.</summary>
    /// <param name="After">The cursor of an earlier page's end.</param>
    /// <param name="Before">The cursor of a later page's beginning.</param>
    /// <param name="Limit">Rows of a page.</param>
    public sealed record Request(SalesScope Scope, BuyerKind Kind, string? After = null, string? Before = null, int Limit = 50);

    /// <summary>A page of the list.</summary>
    /// <param name="Previous">Cursor of the page before; null on the first.</param>
    /// <param name="Next">Cursor of the page after; null on the last.</param>
    /// <param name="Total">How many there are in all.</param>
    public sealed record Page(IReadOnlyList<Buyer> Rows, string? Previous, string? Next, long Total);

    /// <exception cref="ProblemException"><c>cursor_unknown</c>.</exception>
    public async Task<Page> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(InsightsPermissions.Read);
        actor.Demand(CustomersPermissions.Read);
        var paging = new KeyPaging(request.After, request.Before, request.Limit);
        var parameters = Parameters(request.Scope, paging);
        var (found, total) = await database.ReadAsync(async s => (
            await s.QueryAsync($"{Chosen(request.Kind)} select * from chosen where 1 = 1 {paging.Condition(Key, descending: true)} {paging.Order(Key, descending: true)} limit @limit",
                parameters, r => new Buyer(r.Guid(0), null, r.Long(1), new Money(r.Long(2), request.Scope.Currency), r.Day(4), r.Day(3)), ct),
            await s.CountAsync($"{Chosen(request.Kind)} select count(*) from chosen", parameters, ct)), ct);
        var (rows, previous, next) = paging.Cut(found, b => new Cursor(b.Revenue.Minor.ToString(CultureInfo.InvariantCulture), b.CustomerId));
        var labels = await customers.LabelsAsync([.. rows.Select(r => r.CustomerId)], ct);
        return new Page(rows.ConvertAll(r => r with { Label = labels.GetValueOrDefault(r.CustomerId) }), previous, next, total);
    }

    /// <summary>Counted as in <see cref="ReadFigures"/>; a customer is new where the first order of all is one of the scope.</summary>
    private static string Chosen(BuyerKind kind) => $"""
        with bought as (
          select customer_id, sum(case when kind = 'order' then 1 else 0 end) as orders, sum(amount_minor) as revenue,
            max(case when kind = 'order' then day end) as last_day
          from insights_sales where {SalesScope.Where} and kind in ('order', 'extension') and not anonymous group by customer_id),
        chosen as (
          select b.customer_id, b.orders, b.revenue, b.last_day, {SalesScope.OfFirstOrder("e.day")} as first_day
          from bought b where b.orders > 0 and {kind switch
          {
              BuyerKind.Repeat => "b.orders > 1",
              BuyerKind.New => $"{SalesScope.OfFirstOrder($"case when {SalesScope.Where} then 1 else 0 end")} = 1",
              BuyerKind.Returning => SalesScope.OrderedBefore("@From"),
              _ => "1 = 1",
          }})
        """;

    private static object Parameters(SalesScope scope, KeyPaging paging) => new
    {
        scope.Range.From, scope.Range.To, scope.Currency, scope.Without, every = scope.Storefront is null, storefront = scope.Storefront ?? Guid.Empty,
        at = paging.At?.Number ?? 0, id = paging.At?.Id ?? Guid.Empty, limit = paging.Rows,
    };
}
