using Wellmet.Commerce.Contract;
using Wellmet.Platform.Access;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Models;
using Wellmet.Segments.Contract;

namespace Wellmet.Recommendations.Placements;

/// <summary>The placements for the people who arrange them, and the names of the products that their rules name.</summary>
public sealed class ReadPlacements(PlacementStore store, ICatalog catalog, IStorefronts storefronts, ISegments segments, ModelVersions versions, CurrentActor actor)
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

    /// <summary>The models of earlier days that can answer, newest first.</summary>
    public IReadOnlyList<ModelVersion> Models()
    {
        actor.Demand(RecommendationsPermissions.Read);
        return versions.All();
    }

    /// <summary>The segments that can have rules of their own, or have.</summary>
    public async Task<IReadOnlyList<SegmentLabel>> SegmentsAsync(CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Read);
        return await segments.AllAsync(ct);
    }

    /// <summary>A placement as its form shows it; for a segment that has no rules of its own yet, with those of the placement.</summary>
    public async Task<PlacementForm> FormAsync(Placement placement, CancellationToken ct, Guid? segment = null)
    {
        actor.Demand(RecommendationsPermissions.Read);
        if (segment is { } own)
        {
            var rules = placement.ForSegments.FirstOrDefault(s => s.SegmentId == own)?.Rules ?? placement.Rules;
            return await FormAsync(placement with { Rules = rules }, ct) with { Segment = own.ToString() };
        }
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
