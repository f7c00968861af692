using System.Globalization;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Experiments;
using Wellmet.Recommendations.Models;
using Wellmet.Recommendations.Serving;
using Wellmet.Science.Experiments;

namespace Wellmet.Recommendations.Placements;

/// <summary>Answers a placement by its name, as a shop's own pages ask for it; see <see cref="Placement"/>.</summary>
public sealed class ServePlacement(
    PlacementStore placements, RecommendForProduct forProduct, RecommendForCustomer forCustomer, RecommendAgain again, RecommendForBasket forBasket, RecommendUpsell upsell, RecommendForVisit forVisit, RecommendBestsellers bestsellers, RecommendViewed viewed, RecommendNearby nearby, PlacementVariants variants, GivenCodes codes, ChooseRules choose, ServedModel model,
    TimeProvider time, CurrentActor actor)
{
    /// <summary>As it stands in the address.</summary>
    /// <param name="Products">Ids with commas between them.</param>
    public sealed record Request(string Placement, string? Customer, string? Product, string? Products, string? Limit)
    {
        /// <summary>A code or a name.</summary>
        public string? Country { get; init; }
    }

    /// <exception cref="ProblemException">
    /// <c>placement_unknown</c>, <c>parameter_missing</c>, <c>parameter_unexpected</c>, <c>parameter_malformed</c>, <c>limit_out_of_range</c>, <c>product_unknown</c>, <c>basket_too_large</c>.
    /// </exception>
    public async Task<RecommendedProducts> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Read);
        var limit = LimitOf(request.Limit);
        var placement = await placements.FindAsync(request.Placement, ct)
            ?? throw new ProblemException("placement_unknown", "There is no such placement. Choose {0}, or one that your shop made.", 404, string.Join(", ", Placement.BuiltIn.Select(p => p.Name)));
        var (customer, products) = placement.Source switch
        {
            PlacementSource.Bestsellers => NobodyOf(request),
            var source when source.IsOfCustomer => (CustomerOf(request), []),
            var source when source.IsOfSeveral => BasketOf(request),
            PlacementSource.NearYou => PlaceOf(request),
            _ => (null, [ProductOf(request)]),
        };
        if (placement.Source != PlacementSource.NearYou)
        {
            Refuse("country", request.Country);
        }
        return await AnswerAsync(placement, customer, customer, products, limit, request.Country, ct);
    }

    /// <summary>What stands there for whoever asks, which an experiment may decide.</summary>
    /// <param name="counted">Who takes part in experiments: the customer, or a visitor of whom nothing is used; null for nobody.</param>
    /// <inheritdoc cref="FillAsync"/>
    internal async Task<RecommendedProducts> AnswerAsync(Placement placement, Guid? customer, Guid? counted, IReadOnlyList<Guid> products, int limit, string? country, CancellationToken ct)
    {
        var shown = await variants.OfAsync(placement, counted, ct);
        var answer = await FillAsync(shown.Placement, customer, products, limit, ct, country);
        return shown is { MixedWith: { } other, Running: { } running }
            ? MixedList.Of(running, answer, await FillAsync(other, customer, products, limit, ct, country), await codes.OpenAsync(running, ct), products, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime), limit)
            : answer with { Variant = shown.Running };
    }

    /// <summary>What this placement shows, whatever is tried there.</summary>
    /// <param name="customer">Null for somebody unknown, who gets of a customer's placement what anybody would get.</param>
    /// <param name="products">The product of the page, those of the basket, or those looked at in the visit, the last one last.</param>
    /// <param name="country">For what is popular there; null for where the customer lives.</param>
    internal async Task<RecommendedProducts> FillAsync(Placement placement, Guid? customer, IReadOnlyList<Guid> products, int limit, CancellationToken ct, string? country = null)
    {
        model.Use(placement.ModelDay);
        var own = await choose.OfAsync(placement, customer, ct);
        var rules = own?.Rules ?? placement.Rules;
        var answer = await FillAsync(placement, rules.ExplorePercent > 0 ? rules with { ExploreSeed = SeedOf(customer, products) } : rules, customer, products, limit, country, ct);
        return own is null ? answer : answer with { ForSegment = own.SegmentId, Personalised = true };
    }

    private async Task<RecommendedProducts> FillAsync(Placement placement, ListRules rules, Guid? customer, IReadOnlyList<Guid> products, int limit, string? country, CancellationToken ct)
    {
        var fills = placement.Fills;
        return (placement.Source, customer) switch
        {
            (PlacementSource.Basket, _) => await forBasket.RunAsync(new(products, customer, limit) { Rules = rules, Fill = fills }, ct),
            (PlacementSource.Upsell, _) => await upsell.RunAsync(new(products, customer, limit) { Rules = rules, Fill = fills }, ct),
            (PlacementSource.ThisVisit, _) => await forVisit.RunAsync(new(products, customer, limit) { Rules = rules, Fill = fills }, ct),
            (PlacementSource.NearYou, _) => await nearby.RunAsync(new(customer, country, limit) { Rules = rules, Fill = fills }, ct),
            (PlacementSource.ForYou, { } id) => await forCustomer.RunAsync(new(id, limit) { Rules = rules, Fill = fills }, ct),
            (PlacementSource.BuyAgain, { } id) => await again.RunAsync(new(id, limit) { Rules = rules, Fill = fills }, ct),
            (PlacementSource.RecentlyViewed, { } id) => await viewed.RunAsync(new(id, limit) { Rules = rules, Fill = fills }, ct),
            (PlacementSource.AfterPurchase, { } id) => await forBasket.RunAsync(new(null, id, limit) { Rules = rules, Fill = fills }, ct),
            (var source, null) when source.IsOfCustomer && !fills => new RecommendedProducts([], Personalised: false, null),
            (var source, _) when source.IsOfCustomer || source == PlacementSource.Bestsellers => await bestsellers.RunAsync(limit, rules, ct),
            _ => await forProduct.RunAsync(new(products is [var product, ..] ? product : throw Missing("product"), QuestionOf(placement.Source), limit) { Rules = rules, Fill = fills }, ct),
        };
    }

    /// <summary>The same for the same list all day.</summary>
    private ulong SeedOf(Guid? customer, IReadOnlyList<Guid> products) => XxHash64.Hash(
        [.. BitConverter.GetBytes(DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).DayNumber), .. (customer ?? Guid.Empty).ToByteArray(), .. products.SelectMany(p => p.ToByteArray())]);

    private static ProductQuestion QuestionOf(PlacementSource source) => source switch
    {
        PlacementSource.AlsoBought => ProductQuestion.AlsoBought,
        PlacementSource.AlsoViewed => ProductQuestion.AlsoViewed,
        PlacementSource.BoughtTogether => ProductQuestion.BoughtTogether,
        PlacementSource.GoesWith => ProductQuestion.GoesWith,
        _ => ProductQuestion.Similar,
    };

    private static (Guid? Customer, IReadOnlyList<Guid> Products) NobodyOf(Request request)
    {
        Refuse("customer", request.Customer);
        Refuse("product", request.Product);
        Refuse("products", request.Products);
        return (null, []);
    }

    private static (Guid? Customer, IReadOnlyList<Guid> Products) BasketOf(Request request)
    {
        Refuse("product", request.Product);
        var products = (request.Products ?? throw Missing("products")).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return (request.Customer is null ? null : IdOf("customer", request.Customer), [.. products.Select(p => IdOf("products", p))]);
    }

    /// <summary>A country, or the customer who lives in one.</summary>
    private static (Guid? Customer, IReadOnlyList<Guid> Products) PlaceOf(Request request)
    {
        Refuse("product", request.Product);
        Refuse("products", request.Products);
        return (request.Customer is not null ? IdOf("customer", request.Customer) : request.Country is not null ? null : throw Missing("country"), []);
    }

    private static Guid ProductOf(Request request)
    {
        Refuse("customer", request.Customer);
        Refuse("products", request.Products);
        return IdOf("product", request.Product);
    }

    private static Guid CustomerOf(Request request)
    {
        Refuse("product", request.Product);
        Refuse("products", request.Products);
        return IdOf("customer", request.Customer);
    }

    private static void Refuse(string name, string? value)
    {
        if (value is not null)
        {
            throw new ProblemException("parameter_unexpected", "This placement does not take the parameter {0}.", 400, name);
        }
    }

    private static Guid IdOf(string name, string? value) => value switch
    {
        null or "" => throw Missing(name),
        _ when Guid.TryParse(value, out var id) => id,
        _ => throw new ProblemException("parameter_malformed", "The parameter {0} is not an id.", 400, name),
    };

    private static ProblemException Missing(string name) => new("parameter_missing", "This placement needs the parameter {0}.", 400, name);

    private static int LimitOf(string? text) => text is null
        ? Limit.Default
        : Limit.Demand(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : 0);
}
