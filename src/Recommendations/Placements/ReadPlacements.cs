using Wellmet.Commerce.Contract;
using Wellmet.Platform.Access;
using Wellmet.Recommendations.Contract;

namespace Wellmet.Recommendations.Placements;

/// <summary>The placements for the people who arrange them, and the names of the products that their rules name.</summary>
public sealed class ReadPlacements(PlacementStore store, ICatalog catalog, IStorefronts storefronts, CurrentActor actor)
{
    public async Task<IReadOnlyList<Placement>> AllAsync(CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Read);
        return await store.AllAsync(ct);
    }

    /// <summary>Null where there is none of this name.</summary>
    public async Task<Placement?> FindAsync(string name, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Read);
        return await store.FindAsync(name, ct);
    }

    /// <summary>A placement as its form shows it.</summary>
    public async Task<PlacementForm> FormAsync(Placement placement, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Read);
        var products = await catalog.LabelsAsync([.. placement.Rules.Pinned, .. placement.Rules.Excluded], ct);
        return PlacementForm.Of(placement, products, await storefronts.CurrencyAsync(ct));
    }

    /// <exception cref="Platform.ProblemException">What is wrong in the form; see <see cref="PlacementForm.ToPlacement"/>.</exception>
    public async Task<Placement> ParseAsync(PlacementForm form, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Read);
        return form.ToPlacement(await catalog.BySkuAsync(form.Codes, ct));
    }
}
