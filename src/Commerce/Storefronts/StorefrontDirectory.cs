using Wellmet.Commerce.Contract;
using Wellmet.Platform.Access.Keys;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Storefronts;

/// <summary>Answers other modules' questions about storefronts, which are also the sites that write keys are bound to.</summary>
internal sealed class StorefrontDirectory(Database database) : IStorefronts, ISites
{
    public async Task<IReadOnlyList<StorefrontLabel>> AllAsync(CancellationToken ct) => await database.ReadAsync(s => s.QueryAsync(
        "select storefront_id, name, currency, time_zone, demo from commerce_storefronts order by demo, created_at, storefront_id", null,
        r => new StorefrontLabel(r.Guid(0), r.Text(1), r.Text(2), r.Text(3), r.Bool(4)), ct), ct);

    public Task<Guid?> LeftOutAsync(CancellationToken ct) => database.ReadAsync(s => s.FirstAsync("""
        select d.storefront_id from commerce_storefronts d where d.demo and exists (
          select 1 from commerce_storefronts f where not f.demo and exists (select 1 from commerce_order_numbers n where n.storefront_id = f.storefront_id))
        """, null, r => (Guid?)r.Guid(0), ct), ct);

    public async Task<IReadOnlyList<Site>> SitesAsync(CancellationToken ct) => [.. (await AllAsync(ct)).Where(s => !s.Demo).Select(s => new Site(s.StorefrontId, s.Name))];
}
