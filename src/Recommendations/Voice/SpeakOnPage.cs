using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Serving;

namespace Wellmet.Recommendations.Voice;

/// <summary>What a customer says about a product on a page of the shop, where they are proved to be signed in; see <see cref="GiveOpinion"/>.</summary>
public sealed class SpeakOnPage(PageVisitor visitor, ICatalog catalog, GiveOpinion give)
{
    /// <param name="Proof">The identity proof of who is signed in.</param>
    /// <param name="Product">Its code.</param>
    public sealed record Request(string? Proof, string Product, ProductOpinion Opinion, bool TakenBack);

    /// <exception cref="ProblemException"><c>proof_refused</c> (422), <c>product_unknown</c>.</exception>
    public async Task RunAsync(Request request, CancellationToken ct)
    {
        var customer = await visitor.DemandAsync(request.Proof, RecommendationsPermissions.Speak, ct);
        var product = (await catalog.BySkuAsync([request.Product], ct)).GetValueOrDefault(request.Product)
            ?? throw new ProblemException("product_unknown", "There is no product with the code {0}.", 404, request.Product);
        await give.RunAsync(new(customer, product.ProductId, request.Opinion, request.TakenBack), ct);
    }
}
