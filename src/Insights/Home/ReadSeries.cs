using Wellmet.Insights.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;

namespace Wellmet.Insights.Home;

/// <summary>The figures of one day, week or month.</summary>
/// <param name="ReturningCustomers">Distinct customers of these days who had ordered before them.</param>
public sealed record SeriesPoint(DayRange Days, long Orders, Money Revenue, long NewCustomers, long ReturningCustomers);

/// <summary>Cuts a period into days, weeks or months; one without a sale stands there with zeros.</summary>
public sealed class ReadSeries(Database database, CurrentActor actor)
{
    public Task<IReadOnlyList<SeriesPoint>> RunAsync(SalesScope scope, Granularity by, CancellationToken ct)
    {
        actor.Demand(InsightsPermissions.Read);
        return database.ReadAsync<IReadOnlyList<SeriesPoint>>(async session =>
        {
            var start = StartOf(session, by);
            var sums = (await session.QueryAsync($"""
                select {start} as start, sum(orders), sum(revenue_minor), sum(new_customers) from insights_daily where {SalesScope.Where} group by 1
                """, scope.Parameters, r => (Start: r.Day(0), Orders: r.Long(1), Revenue: r.Long(2), New: r.Long(3)), ct)).ToDictionary(s => s.Start);
            var returning = (await session.QueryAsync($"""
                select start, count(*) from (select distinct {start} as start, customer_id {SalesScope.Buyers}) b
                where {SalesScope.OrderedBefore("case when b.start < @From then @From else b.start end")} group by start
                """, scope.Parameters, r => (Start: r.Day(0), Count: r.Long(1)), ct)).ToDictionary(c => c.Start, c => c.Count);
            return [.. scope.Range.Cut(by).Select(days =>
            {
                var of = sums.GetValueOrDefault(DayRange.StartOf(days.From, by));
                return new SeriesPoint(days, of.Orders, new Money(of.Revenue, scope.Currency), of.New,
                    returning.GetValueOrDefault(DayRange.StartOf(days.From, by)));
            })];
        }, ct);
    }

    /// <summary>First day of the day's week or month, as text; see <see cref="DayRange.StartOf"/>.</summary>
    private static string StartOf(Session session, Granularity by) => by switch
    {
        Granularity.Day => "day",
        Granularity.Week => session.Pick("date(day, 'weekday 0', '-6 days')", "to_char(date_trunc('week', day::date), 'YYYY-MM-DD')"),
        _ => "substr(day, 1, 7) || '-01'",
    };
}
