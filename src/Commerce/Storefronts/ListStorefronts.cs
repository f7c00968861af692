using Wellmet.Commerce.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Storefronts;

/// <summary>The shop's own storefronts, the first one first.</summary>
public sealed class ListStorefronts(Database database, CurrentActor actor)
{
    public Task<List<Storefront>> RunAsync(CancellationToken ct)
    {
        actor.Demand(CommercePermissions.EditStorefronts);
        return database.ReadAsync(s => s.QueryAsync($"select {Storefront.Columns} from commerce_storefronts where not demo order by created_at, storefront_id", null, Storefront.Of, ct), ct);
    }
}
