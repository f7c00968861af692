using Wellmet.Platform.Storage;
using Wellmet.Science.Statistics;

namespace Wellmet.Platform.Experiments;

/// <summary>What a day added to the sums over a variant's units.</summary>
internal sealed record DayCounts(Guid ExperimentId, DateOnly Day, int Variant)
{
    public long Units { get; init; }
    public long Exposures { get; init; }
    public long Clicked { get; init; }
    public long Converted { get; init; }
    public long RevenueMinor { get; init; }
    public double RevenueSquares { get; init; }
    public double Covariate { get; init; }
    public double CovariateSquares { get; init; }
    public double Products { get; init; }

    /// <summary>Of an interleaved experiment: units that choose more from this variant than from the other.</summary>
    public long Wins { get; init; }

    private static readonly BulkInsert<DayCounts> Added = new("experiment_days",
        new("experiment_id", typeof(Guid), d => d.ExperimentId),
        new("day", typeof(DateOnly), d => d.Day),
        new("variant", typeof(int), d => d.Variant),
        new("units", typeof(long), d => d.Units),
        new("exposures", typeof(long), d => d.Exposures),
        new("clicked", typeof(long), d => d.Clicked),
        new("converted", typeof(long), d => d.Converted),
        new("revenue_minor", typeof(long), d => d.RevenueMinor),
        new("revenue_squares", typeof(double), d => d.RevenueSquares),
        new("covariate", typeof(double), d => d.Covariate),
        new("covariate_squares", typeof(double), d => d.CovariateSquares),
        new("products", typeof(double), d => d.Products),
        new("wins", typeof(long), d => d.Wins))
    {
        OnConflict = "on conflict (experiment_id, day, variant) do update set " + string.Join(", ",
            new[] { "units", "exposures", "clicked", "converted", "revenue_minor", "revenue_squares", "covariate", "covariate_squares", "products", "wins" }.Select(c => $"{c} = experiment_days.{c} + excluded.{c}")),
    };

    /// <summary>Outcome and covariate over units; the outcome is the revenue.</summary>
    public PairedMoments Revenue => new(new SampleMoments(Units, RevenueMinor, RevenueSquares), new SampleMoments(Units, Covariate, CovariateSquares), Products);

    /// <summary>How many units did it.</summary>
    public long Successes(ExperimentMetric metric) => metric == ExperimentMetric.Clicks ? Clicked : Converted;

    /// <summary>Both together, under the day of this one.</summary>
    public DayCounts Plus(DayCounts other) => this with
    {
        Units = Units + other.Units, Exposures = Exposures + other.Exposures, Clicked = Clicked + other.Clicked, Converted = Converted + other.Converted,
        RevenueMinor = RevenueMinor + other.RevenueMinor, RevenueSquares = RevenueSquares + other.RevenueSquares,
        Covariate = Covariate + other.Covariate, CovariateSquares = CovariateSquares + other.CovariateSquares, Products = Products + other.Products,
        Wins = Wins + other.Wins,
    };

    /// <summary>Adds to what stands. In one order everywhere, so that two transactions do not wait for each other.</summary>
    public static Task AddAsync(Transaction tx, IEnumerable<DayCounts> changes, CancellationToken ct) => Added.RunAsync(tx,
        [.. changes.GroupBy(c => (c.ExperimentId, c.Day, c.Variant)).Select(g => g.Aggregate((a, b) => a.Plus(b))).OrderBy(c => (c.ExperimentId, c.Day, c.Variant))], ct);

    public static Task<List<DayCounts>> ReadAsync(Session session, Guid experimentId, CancellationToken ct) => session.QueryAsync("""
        select experiment_id, day, variant, units, exposures, clicked, converted, revenue_minor, revenue_squares, covariate, covariate_squares, products, wins
        from experiment_days where experiment_id = @experimentId order by day, variant
        """, new { experimentId }, r => new DayCounts(r.Guid(0), r.Day(1), r.Int(2))
    {
        Units = r.Long(3), Exposures = r.Long(4), Clicked = r.Long(5), Converted = r.Long(6), RevenueMinor = r.Long(7),
        RevenueSquares = r.Double(8), Covariate = r.Double(9), CovariateSquares = r.Double(10), Products = r.Double(11), Wins = r.Long(12),
    }, ct);
}
