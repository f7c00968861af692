using System.Globalization;
using Wellmet.Commerce.Contract;
using Wellmet.Insights.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;

namespace Wellmet.Insights.Home;

/// <summary>What a product brought in a period, from orders of known customers.</summary>
/// <param name="Label">Null where the catalogue no longer has it.</param>
/// <param name="Orders">Orders with the product.</param>
public sealed record ProductSales(Guid ProductId, ProductLabel? Label, long Orders, long Quantity, Money Revenue);

/// <summary>The products with the most revenue.</summary>
public sealed class TopProducts(Database database, ICatalog catalog, CurrentActor actor)
{
    public async Task<IReadOnlyList<ProductSales>> RunAsync(SalesScope scope, int limit, CancellationToken ct)
    {
        actor.Demand(InsightsPermissions.Read);
        var rows = await database.ReadAsync(s => s.QueryAsync($"""
            select product_id, sum(orders), sum(quantity), sum(amount_minor) from (
              select product_id, orders, quantity, amount_minor from insights_monthly_products
              where month between @firstMonth and @lastMonth and {SalesScope.Shop}
              union all
              select product_id, orders, quantity, amount_minor from insights_daily_products
              where (day between @from and @headTo or day between @tailFrom and @to) and {SalesScope.Shop}) sold
            group by product_id order by 4 desc, product_id limit @limit
            """, Parameters(scope, limit), r => (Id: r.Guid(0), Orders: r.Long(1), Quantity: r.Long(2), Revenue: new Money(r.Long(3), scope.Currency)), ct), ct);
        var labels = await catalog.LabelsAsync([.. rows.Select(r => r.Id)], ct);
        return [.. rows.Select(r => new ProductSales(r.Id, labels.GetValueOrDefault(r.Id), r.Orders, r.Quantity, r.Revenue))];
    }

    /// <summary>Whole months, and the days before and after them.</summary>
    private static object Parameters(SalesScope scope, int limit)
    {
        var (from, to) = (scope.Range.From, scope.Range.To);
        var months = scope.Range.WholeMonths();
        return new
        {
            from, to, scope.Currency, scope.Without, every = scope.Storefront is null, storefront = scope.Storefront ?? Guid.Empty, limit,
            firstMonth = Month(months?.From) ?? "none", lastMonth = Month(months?.To) ?? "",
            headTo = months?.From.AddDays(-1) ?? to, tailFrom = months?.To.AddDays(1) ?? to,
        };
    }

    private static string? Month(DateOnly? day) => day?.ToString("yyyy-MM", CultureInfo.InvariantCulture);
}
