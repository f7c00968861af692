using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Experiments;
using Wellmet.Platform.Storage;
using Wellmet.Science.Evaluation;

namespace Wellmet.Recommendations.Experiments;

/// <summary>What a variant does beside what is hoped for.</summary>
/// <param name="Coverage">Share of the products that are sold which were seen at least once, in [0, 1].</param>
/// <param name="Concentration">Share of all that was seen which fell on the ten products seen most, in [0, 1].</param>
/// <param name="Returned">Share of the pieces bought since that were cancelled or came back; null where nothing was bought.</param>
public sealed record VariantSide(double Coverage, double Concentration, double? Returned);

/// <summary>An experiment on a placement and what came of it.</summary>
/// <param name="Placement">Where it runs.</param>
/// <param name="Currency">Of its revenue.</param>
/// <param name="Sides">By variant.</param>
/// <param name="IsPart">More customers take part than are looked at for what came back.</param>
public sealed record PlacementResults(string Placement, string? Currency, ExperimentResults Results, IReadOnlyList<VariantSide> Sides, bool IsPart)
{
    /// <summary>Of a mixed list: what was ordered of what each variant gave; else null.</summary>
    public MixedSales? Mixed { get; init; }
}

/// <summary>Reads an experiment on a placement. Figures that guard the shop are worked out when they are asked for, of those who may be measured now.</summary>
public sealed class ReadPlacementExperiment(ReadExperiment read, IExperiments experiments, ICatalog catalog, IStorefronts storefronts, IOrders orders, Participants participants, Database database, MixedOrders mixedOrders)
{
    private const int MostUnits = 10_000, Head = 10;

    /// <exception cref="ProblemException"><c>experiment_unknown</c> (404).</exception>
    public async Task<PlacementResults> RunAsync(Guid id, CancellationToken ct)
    {
        var results = await read.RunAsync(id, ct);
        var plan = results.Experiment.Plan;
        if (!plan.Area.StartsWith(PlacementVariants.AreaPrefix, StringComparison.Ordinal))
        {
            throw new ProblemException("experiment_unknown", "There is no such experiment.", 404);
        }
        var units = await experiments.UnitsAsync(id, MostUnits + 1, ct);
        var uses = await UsesAsync(id, plan.Variants.Count, ct);
        var currency = await storefronts.CurrencyAsync(ct);
        var mixed = results.Choices is null ? null : await mixedOrders.RunAsync(results.Experiment, [.. units.Take(MostUnits)], currency, ct);
        var pieces = mixed is null ? await PiecesAsync([.. units.Take(MostUnits)], results.Experiment.StoppedAt, plan.Variants.Count, ct) : [.. mixed.Sales.Select(s => (s.Bought, s.Kept))];
        return new PlacementResults(plan.Area[PlacementVariants.AreaPrefix.Length..], currency, results,
            [.. uses.Zip(pieces, (use, p) => new VariantSide(use.Coverage, use.HeadShare((double)Head / Math.Max(Head, use.ItemCount)), p.Bought == 0 ? null : 1 - (p.Kept / (double)p.Bought)))], units.Count > MostUnits) { Mixed = mixed };
    }

    private async Task<CatalogueUse[]> UsesAsync(Guid id, int variants, CancellationToken ct)
    {
        var seen = await database.ReadAsync(s => s.QueryAsync("select product_id, variant, shown from recommendations_tried where experiment_id = @id", new { id },
            r => (Product: r.Guid(0), Variant: r.Int(1), Shown: r.Long(2)), ct), ct);
        var products = seen.Select(s => s.Product).Union((await catalog.AllAsync(ct)).Where(p => p.Active).Select(p => p.ProductId)).Select((product, item) => (product, item)).ToDictionary(p => p.product, p => p.item);
        CatalogueUse[] uses = [.. Enumerable.Range(0, variants).Select(_ => new CatalogueUse(products.Count))];
        foreach (var (product, variant, shown) in seen.Where(s => s.Variant < variants))
        {
            uses[variant].Add(products[product], shown);
        }
        return uses;
    }

    /// <summary>What those who take part bought since they were first shown their variant, and kept of it, by variant.</summary>
    private async Task<(long Bought, long Kept)[]> PiecesAsync(IReadOnlyList<ExperimentUnit> units, DateTimeOffset? until, int variants, CancellationToken ct)
    {
        var sums = new (long Bought, long Kept)[variants];
        await foreach (var page in participants.PagesAsync(units, ct))
        {
            // A person who is several units goes on as the first one.
            var unitOf = page.Where(p => p.May).SelectMany(p => p.Subjects, (person, subject) => (person, subject)).ToDictionary(p => p.subject, p => p.person.Units[0]);
            foreach (var bought in await orders.BoughtByAsync([.. unitOf.Keys], ct))
            {
                var unit = unitOf[bought.SubjectId];
                if (bought.PlacedAt >= unit.FirstSeenAt && (until is null || bought.PlacedAt <= until) && unit.Variant < variants)
                {
                    sums[unit.Variant] = (sums[unit.Variant].Bought + bought.Quantity, sums[unit.Variant].Kept + bought.Kept);
                }
            }
        }
        return sums;
    }
}
