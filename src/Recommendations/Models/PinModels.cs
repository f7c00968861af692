using Wellmet.Recommendations.Placements;

namespace Wellmet.Recommendations.Models;

/// <summary>Sees to it that the models which placements name are kept on this node.</summary>
public sealed class PinModels(PlacementStore placements, ModelVersions versions)
{
    public async Task RunAsync(CancellationToken ct) => versions.Pin((await placements.AllAsync(ct)).Select(p => p.ModelDay).OfType<DateOnly>().ToHashSet());
}
