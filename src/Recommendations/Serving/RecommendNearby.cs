using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Models;

namespace Wellmet.Recommendations.Serving;

/// <summary>
/// What sells best where somebody lives: in the country that is named, else in the one of the customer's profile. A customer is not offered what they have, rated low or do not
/// want; of who wants no personal recommendations neither the country nor the purchases are read.
/// </summary>
public sealed class RecommendNearby(ServedModel models, ICatalog catalog, NearbyReader reader, CurrentActor actor, TimeProvider time)
{
    /// <summary>Where, and for whom.</summary>
    /// <param name="CustomerId">Null for somebody unknown.</param>
    /// <param name="Country">A code or a name; null where it is to be the customer's own.</param>
    public sealed record Request(Guid? CustomerId, string? Country, int Limit = Limit.Default)
    {
        public ListRules Rules { get; init; } = ListRules.None;

        /// <summary>Whether what sells now in the whole shop fills the list up.</summary>
        public bool Fill { get; init; } = true;
    }

    /// <exception cref="ProblemException"><c>limit_out_of_range</c>.</exception>
    public async Task<RecommendedProducts> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Read);
        var limit = Serving.Limit.Demand(request.Limit);
        var (model, known) = (models.Current, request.CustomerId is { } id ? await reader.ReadAsync(id, ct) : null);
        var having = known is null ? null : new PurchasesOfCustomer(known.Bought, known.Opinions, known.Disliked, model, time.GetUtcNow());
        var list = new ProductList(catalog, limit, having?.Excluded ?? new HashSet<Guid>()) { Welcome = having is null ? _ => 1 : having.Welcome, Rules = request.Rules };
        await list.PinAsync(ct);
        if (model is not null && CountryCode.Of(request.Country ?? known?.Country) is { } country)
        {
            await list.OfferAsync(model.Places.In(country).Select(p => new Candidate(model.Products[p.Item], p.Share, ReasonKind.PopularNear, p.Orders) { Country = country }), ct);
        }
        if (request.Fill)
        {
            await list.FillAsync(model, request.CustomerId is not null && known is null ? ReasonKind.NotPersonalised : ReasonKind.Bestseller, ct);
        }
        return new RecommendedProducts(list.Products, Personalised: known is not null, model?.Card);
    }
}

/// <summary>What a customer's country and purchases are.</summary>
public sealed class NearbyReader(CustomerPermission permission, PurchaseReader purchases, ICustomers customers)
{
    /// <param name="Country">As the weightiest source words it; null where none is known.</param>
    internal sealed record Known(IReadOnlyList<BoughtProduct> Bought, IReadOnlyCollection<Voice.GivenOpinion> Opinions, IReadOnlyList<ProductSignal> Disliked, string? Country);

    /// <summary>Null for who does not want personal recommendations.</summary>
    internal async Task<Known?> ReadAsync(Guid customer, CancellationToken ct)
    {
        if (await permission.SubjectsAsync(customer, ct) is not { } subjects)
        {
            return null;
        }
        var (bought, opinions) = await purchases.ReadAsync(subjects, ct);
        return new Known(bought, opinions, await purchases.DislikedAsync(subjects, ct), (await customers.CountriesAsync([customer], ct)).GetValueOrDefault(customer));
    }
}
