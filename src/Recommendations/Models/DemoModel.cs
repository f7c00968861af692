using Wellmet.Commerce.Contract;
using Wellmet.Demo.Contract;
using Wellmet.Platform.Storage;

namespace Wellmet.Recommendations.Models;

/// <summary>What the demo shop means for the model: nothing is learnt from half of one, and what was learnt from one goes with it, on whichever node it was removed.</summary>
public sealed class DemoModel(ModelStore models, ModelVersions versions, Database database, ICatalog catalog, IDemoShop demo)
{
    private bool compared;

    /// <summary>False while a demo shop is being made or removed.</summary>
    public async Task<bool> MayLearnAsync(CancellationToken ct) => await demo.FindAsync(ct) is null or { Stage: DemoStage.Ready };

    /// <summary>
    /// Drops the model where it knows products that are gone; answers whether it did. Looks at the catalogue once when the demo shop goes, and once after a start.
    /// </summary>
    public async Task<bool> DropOutlivedAsync(CancellationToken ct)
    {
        if (await demo.FindAsync(ct) is not null)
        {
            compared = false;
            return false;
        }
        if (compared)
        {
            return false;
        }
        var known = (await catalog.AllAsync(ct)).Select(p => p.ProductId).ToHashSet();
        compared = true;
        if (models.Current is not { } model || model.Products.All(known.Contains))
        {
            return false;
        }
        models.Drop();
        versions.DropAll();
        await database.WriteAsync(async tx =>
        {
            await tx.ExecuteAsync("delete from recommendations_checks", null, ct);
            await tx.ExecuteAsync("delete from recommendations_held", null, ct);
            await tx.ExecuteAsync("delete from recommendations_prediction_runs", null, ct);
            await tx.ExecuteAsync("delete from recommendations_intent", null, ct);
        }, ct);
        return true;
    }
}
