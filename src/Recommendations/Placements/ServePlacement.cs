using System.Globalization;
using Wellmet.Platform;
using Wellmet.Recommendations.Serving;

namespace Wellmet.Recommendations.Placements;

/// <summary>
/// Answers a placement by its name, as a shop's own pages ask for it. Placements: <c>also-bought</c>, <c>bought-together</c>, <c>goes-with</c> and <c>similar</c> of a
/// product, <c>for-you</c> and <c>buy-again</c> of a customer.
/// </summary>
public sealed class ServePlacement(RecommendForProduct forProduct, RecommendForCustomer forCustomer, RecommendAgain again)
{
    /// <summary>As it stands in the address.</summary>
    public sealed record Request(string Placement, string? Customer, string? Product, string? Limit);

    /// <exception cref="ProblemException">
    /// <c>placement_unknown</c>, <c>parameter_missing</c>, <c>parameter_unexpected</c>, <c>parameter_malformed</c>, <c>limit_out_of_range</c>, <c>product_unknown</c>.
    /// </exception>
    public Task<RecommendedProducts> RunAsync(Request request, CancellationToken ct)
    {
        var limit = LimitOf(request.Limit);
        return request.Placement switch
        {
            "also-bought" => forProduct.RunAsync(new(ProductOf(request), ProductQuestion.AlsoBought, limit), ct),
            "bought-together" => forProduct.RunAsync(new(ProductOf(request), ProductQuestion.BoughtTogether, limit), ct),
            "goes-with" => forProduct.RunAsync(new(ProductOf(request), ProductQuestion.GoesWith, limit), ct),
            "similar" => forProduct.RunAsync(new(ProductOf(request), ProductQuestion.Similar, limit), ct),
            "buy-again" => again.RunAsync(new(CustomerOf(request), limit), ct),
            "for-you" => forCustomer.RunAsync(new(CustomerOf(request), limit), ct),
            _ => throw new ProblemException("placement_unknown", "There is no such placement. Choose also-bought, bought-together, goes-with, similar, for-you or buy-again.", 404),
        };
    }

    private static Guid ProductOf(Request request)
    {
        Refuse("customer", request.Customer);
        return IdOf("product", request.Product);
    }

    private static Guid CustomerOf(Request request)
    {
        Refuse("product", request.Product);
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
        null or "" => throw new ProblemException("parameter_missing", "This placement needs the parameter {0}.", 400, name),
        _ when Guid.TryParse(value, out var id) => id,
        _ => throw new ProblemException("parameter_malformed", "The parameter {0} is not an id.", 400, name),
    };

    private static int LimitOf(string? text) => text is null
        ? Limit.Default
        : Limit.Demand(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : 0);
}
