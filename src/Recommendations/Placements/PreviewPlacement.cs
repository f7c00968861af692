using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Serving;
using Wellmet.Recommendations.Studio;

namespace Wellmet.Recommendations.Placements;

/// <summary>What a placement shows now, for the people who arrange it: to a customer or beside a product that they name, or beside the one that sells best.</summary>
public sealed class PreviewPlacement(ServePlacement serve, RecommendBestsellers bestsellers, FindSubject find, CurrentActor actor)
{
    private const int Shown = 10;

    /// <param name="For">The product or customer for whom it is; null for everybody.</param>
    /// <param name="Answer">Null where nobody was named, or nothing was found under that name.</param>
    public sealed record Preview(string? For, RecommendedProducts? Answer);

    /// <param name="query">Words of a product's name or its code, or the beginning of a customer's name, e-mail address or number; or a country.</param>
    public async Task<Preview> RunAsync(Placement placement, string? query, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Read);
        if (placement.Source == PlacementSource.Bestsellers)
        {
            return new Preview(null, await serve.FillAsync(placement, null, [], Shown, ct));
        }
        if (placement.Source == PlacementSource.NearYou && (string.IsNullOrWhiteSpace(query) || CountryCode.Of(query) is not null))
        {
            return new Preview(query, await serve.FillAsync(placement, null, [], Shown, ct, query));
        }
        if (placement.Source.IsOfCustomer || placement.Source == PlacementSource.NearYou)
        {
            return string.IsNullOrWhiteSpace(query) || (await find.RunAsync(query, ct)).Customers is not [var customer, ..] ? new Preview(null, null)
                : new Preview(customer.Label, await serve.FillAsync(placement, customer.CustomerId, [], Shown, ct));
        }
        return await ProductAsync(query, ct) is not { } product ? new Preview(null, null) : new Preview(product.Name, await serve.FillAsync(placement, null, [product.ProductId], Shown, ct));
    }

    private async Task<ProductLabel?> ProductAsync(string? query, CancellationToken ct) => string.IsNullOrWhiteSpace(query)
        ? (await bestsellers.RunAsync(1, ListRules.None, ct)).Products is [var best, ..] ? best.Product : null
        : (await find.RunAsync(query, ct)).Products is [var product, ..] ? product : null;
}
