using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Contract;

namespace Wellmet.Recommendations.Voice;

/// <summary>Something that a customer said about a product.</summary>
public readonly record struct GivenOpinion(Guid ProductId, ProductOpinion Opinion, DateTimeOffset SaidAt);

/// <summary>All that a customer said about products, newest first.</summary>
public sealed class ReadOpinions(Database database, ICustomers customers, ICatalog catalog, CurrentActor actor)
{
    /// <summary>An opinion beside its product.</summary>
    public sealed record OfProduct(ProductLabel Product, ProductOpinion Opinion, DateTimeOffset SaidAt);

    public async Task<IReadOnlyList<OfProduct>> RunAsync(Guid customerId, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Read);
        var customer = (await customers.CustomersOfAsync([customerId], ct)).GetValueOrDefault(customerId, customerId);
        var opinions = await OfAsync(database, await customers.SubjectsOfAsync(customer, ct), ct);
        var labels = await catalog.LabelsAsync([.. opinions.Select(o => o.ProductId).Distinct()], ct);
        return [.. opinions.Where(o => labels.ContainsKey(o.ProductId)).Select(o => new OfProduct(labels[o.ProductId], o.Opinion, o.SaidAt))];
    }

    internal static Task<List<GivenOpinion>> OfAsync(Database database, IReadOnlyCollection<Guid> subjects, CancellationToken ct) => database.ReadAsync(s => s.QueryAsync(
        "select product_id, opinion, said_at from recommendations_opinions where subject_id in @subjects order by said_at desc, product_id", new { subjects },
        r => new GivenOpinion(r.Guid(0), r.Enum<ProductOpinion>(1), r.Time(2)), ct), ct);
}
