using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Vault;
using Wellmet.Recommendations.Contract;

namespace Wellmet.Recommendations.Studio;

/// <summary>Finds the products and customers that a person may mean, to look at what is recommended to them.</summary>
public sealed class FindSubject(ICatalog catalog, ICustomers customers, SearchTokens search, CurrentActor actor)
{
    public const int Most = 8;
    private const int Longest = 100;

    /// <param name="Customers">Empty for those who may not see customers.</param>
    public sealed record Found(IReadOnlyList<ProductLabel> Products, IReadOnlyList<CustomerLabel> Customers);

    /// <param name="query">Words of a product's name or its code; the beginning of a customer's name, e-mail address or number.</param>
    public async Task<Found> RunAsync(string query, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Read);
        var text = query.Trim();
        return text.Length is 0 or > Longest ? new Found([], []) : new Found(await ProductsAsync(text, ct), await CustomersAsync(text, ct));
    }

    private async Task<IReadOnlyList<ProductLabel>> ProductsAsync(string text, CancellationToken ct)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return [.. (await catalog.AllAsync(ct))
            .Where(p => words.All(w => p.Name.Contains(w, StringComparison.OrdinalIgnoreCase)) || p.Sku.Equals(text, StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(p => p.Active).ThenBy(p => p.Name, StringComparer.OrdinalIgnoreCase).Take(Most)];
    }

    private async Task<IReadOnlyList<CustomerLabel>> CustomersAsync(string text, CancellationToken ct)
    {
        if (!actor.May(CustomersPermissions.Read))
        {
            return [];
        }
        var labels = await customers.LabelsAsync(await search.FindAsync(text, Most, ct), ct);
        return [.. labels.Values.DistinctBy(c => c.CustomerId)];
    }
}
