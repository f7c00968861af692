using Wellmet.Insights.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;

namespace Wellmet.Insights.Home;

/// <summary>What went to a country in a period, from orders of known customers.</summary>
/// <param name="Country">ISO code or the source's own word; empty where none is known.</param>
public sealed record CountrySales(string Country, long Orders, Money Revenue);

/// <summary>The countries with the most revenue.</summary>
public sealed class TopCountries(Database database, CurrentActor actor)
{
    public Task<List<CountrySales>> RunAsync(SalesScope scope, int limit, CancellationToken ct)
    {
        actor.Demand(InsightsPermissions.Read);
        return database.ReadAsync(s => s.QueryAsync($"""
            select country, sum(orders), sum(revenue_minor) from insights_daily_countries where {SalesScope.Where}
            group by country order by 3 desc, country limit @limit
            """, scope.With(limit), r => new CountrySales(r.Text(0), r.Long(1), new Money(r.Long(2), scope.Currency)), ct), ct);
    }
}
