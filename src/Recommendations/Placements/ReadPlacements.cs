using Wellmet.Commerce.Contract;
using Wellmet.Platform.Access;
using Wellmet.Recommendations.Contract;

namespace Wellmet.Recommendations.Placements;

/// <summary>The placements for the people who arrange them, and the names of the products that their rules name.</summary>
public sealed class ReadPlacements(PlacementStore store, ICatalog catalog, CurrentActor actor)
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

    /// <summary>The whole catalogue: a form names products by their codes.</summary>
    internal async Task<IReadOnlyList<ProductLabel>> ProductsAsync(CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Read);
        return await catalog.AllAsync(ct);
    }
}
