using Wellmet.Commerce.Contract;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Storefronts;

/// <summary>Answers other modules' questions about storefronts.</summary>
internal sealed class StorefrontList(Database database) : IStorefronts
{
    public async Task<IReadOnlyList<StorefrontLabel>> AllAsync(CancellationToken ct) => await database.ReadAsync(s => s.QueryAsync(
        "select storefront_id, name, currency from commerce_storefronts order by created_at, storefront_id", null,
        r => new StorefrontLabel(r.Guid(0), r.Text(1), r.Text(2)), ct), ct);
}
