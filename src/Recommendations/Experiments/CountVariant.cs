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
    PlacementVariants variants, IExperiments experiments, ShownCounter counter, ICustomers customers, IOrders orders, IStorefronts storefronts, GivenCodes codes, Database database, TimeProvider time)
{
    /// <summary>What somebody spent in this time before they were first shown a variant says much of what they will spend (CUPED).</summary>
    private static readonly TimeSpan Before = TimeSpan.FromDays(28);

    /// <param name="Who">Who is there; may be measured.</param>
    /// <param name="Shown">Products that were seen.</param>
    /// <param name="Chosen">The one that was opened; null for none.</param>
    public sealed record Request(Guid Experiment, string Placement, Guid Who, IReadOnlyCollection<Guid> Shown, Guid? Chosen)
    {
        /// <summary>Of a mixed list: what the answer said of who gave the products; see <see cref="Experiments.GivenCodes"/>.</summary>
        public IReadOnlyDictionary<Guid, string> GivenCodes { get; init; } = new Dictionary<Guid, string>();
    }

    public async Task RunAsync(Request request, CancellationToken ct)
    {
        if (await variants.AssignAsync(request.Placement, request.Who, ct) is not { Counts: true } assigned || assigned.ExperimentId != request.Experiment)
        {
            return;
        }
        var now = time.GetUtcNow();
        if (assigned.Mixed is { } mixed)
        {
            await CountMixedAsync(request, assigned, mixed, now, ct);
            return;
        }
        await ExposeAsync(new Exposure(assigned, now), request.Who, ct);
        counter.Count(request.Experiment, assigned.Variant, request.Shown, request.Chosen);
        await ChooseAsync(request, assigned, null, now, ct);
    }

    /// <summary>Each product counts for the variant that gave it to this person, which the page cannot say for itself. Who saw nothing of either is not counted.</summary>
    private async Task CountMixedAsync(Request request, AssignedVariant assigned, IReadOnlyList<Variant> mixed, DateTimeOffset now, CancellationToken ct)
    {
        var given = await codes.OpenAsync(assigned, ct);
        var shown = request.Shown.Select(p => (Product: p, By: By(p))).Where(p => p.By is not null).ToList();
        if (shown.Count > 0)
        {
            await ExposeAsync(new Exposure(assigned with { Variant = shown[0].By!.Value }, now), request.Who, ct);
        }
        for (var variant = 0; variant < mixed.Count; variant++)
        {
            counter.Count(request.Experiment, variant, shown.Where(p => p.By == variant).Select(p => p.Product), request.Chosen is { } chosen && By(chosen) == variant ? chosen : null);
        }
        await ChooseAsync(request, assigned, request.Chosen is { } product ? By(product) : null, now, ct);

        int? By(Guid product) => given.Read(product, request.GivenCodes.GetValueOrDefault(product));
    }

    private async Task ExposeAsync(Exposure exposure, Guid who, CancellationToken ct)
    {
        if (!experiments.WasExposed(exposure))
        {
            await experiments.RecordExposuresAsync([exposure with { Covariate = await SpentAsync(who, exposure.At, ct) }], ct);
        }
    }

    private async Task ChooseAsync(Request request, AssignedVariant assigned, int? by, DateTimeOffset now, CancellationToken ct)
    {
        if (request.Chosen is { } product)
        {
            var click = new Outcome(assigned.UnitId, ExperimentMetric.Clicks, product, now, Area: PlacementVariants.AreaOf(request.Placement)) { Variant = by };
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
