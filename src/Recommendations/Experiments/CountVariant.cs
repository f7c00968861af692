using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Experiments;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Effects;

namespace Wellmet.Recommendations.Experiments;

/// <summary>
/// Counts who was shown a variant, and what they chose. A page says in which experiment its list stood: who was served before it began, or by another one, is not counted.
/// </summary>
public sealed class CountVariant(
    PlacementVariants variants, IExperiments experiments, ShownCounter counter, ICustomers customers, IOrders orders, IStorefronts storefronts, Database database, TimeProvider time)
{
    /// <summary>What somebody spent in this time before they were first shown a variant says much of what they will spend (CUPED).</summary>
    private static readonly TimeSpan Before = TimeSpan.FromDays(28);

    /// <param name="Who">Who is there; may be measured.</param>
    /// <param name="Shown">Products that were seen.</param>
    /// <param name="Chosen">The one that was opened; null for none.</param>
    public sealed record Request(Guid Experiment, string Placement, Guid Who, IReadOnlyCollection<Guid> Shown, Guid? Chosen);

    public async Task RunAsync(Request request, CancellationToken ct)
    {
        if (await variants.AssignAsync(request.Placement, request.Who, ct) is not { Counts: true } assigned || assigned.ExperimentId != request.Experiment)
        {
            return;
        }
        var now = time.GetUtcNow();
        var exposure = new Exposure(assigned, now);
        if (!experiments.WasExposed(exposure))
        {
            await experiments.RecordExposuresAsync([exposure with { Covariate = await SpentAsync(request.Who, now, ct) }], ct);
        }
        counter.Count(request.Experiment, assigned.Variant, request.Shown, request.Chosen);
        if (request.Chosen is { } product)
        {
            var click = new Outcome(assigned.UnitId, ExperimentMetric.Clicks, product, now, Area: PlacementVariants.AreaOf(request.Placement));
            await database.WriteAsync(tx => experiments.RecordOutcomesAsync(tx, [click], ct), ct);
        }
    }

    private async Task<double> SpentAsync(Guid who, DateTimeOffset now, CancellationToken ct)
    {
        var customer = (await customers.CustomersOfAsync([who], ct)).GetValueOrDefault(who, who);
        var currency = await storefronts.CurrencyAsync(ct);
        return (await orders.BoughtByAsync(await customers.SubjectsOfAsync(customer, ct), ct)).Where(b => b.PlacedAt > now - Before && b.Currency == currency).Sum(b => b.KeptMinor);
    }
}
