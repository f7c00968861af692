using Wellmet.Platform;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Serving;

namespace Wellmet.Recommendations.Search;

/// <summary>The results of a search on a page of the shop, in the order for who is proved to be signed in; see <see cref="RerankSearch"/>.</summary>
public sealed class RerankOnPage(RerankSearch rerank, PageVisitor visitor)
{
    /// <param name="Proof">The identity proof of who is signed in; null for nobody.</param>
    /// <param name="PrivacyControl">The browser asks not to be profiled (Global Privacy Control).</param>
    public sealed record Request(IReadOnlyList<string> Products, string? Query, string? Proof, bool PrivacyControl);

    /// <exception cref="ProblemException"><c>search_results_many</c>.</exception>
    public async Task<RerankedSearch> RunAsync(Request request, CancellationToken ct)
    {
        var customer = await visitor.EnterAsync(request.PrivacyControl ? null : request.Proof, RecommendationsPermissions.Read, ct);
        return await rerank.RunAsync(new(customer, request.Products, request.Query), ct);
    }
}
