using System.Globalization;
using System.Text;
using Wellmet.Platform.Experiments;
using Wellmet.Recommendations.Serving;
using Wellmet.Science.Experiments;
using Wellmet.Science.Statistics;

namespace Wellmet.Recommendations.Experiments;

/// <summary>One list mixed from those of two placements, each product with the one that gave it. Who asks again on the same day is shown the same, as long as both placements show the same; nothing is kept for that.</summary>
internal static class MixedList
{
    /// <param name="assigned">As who takes part.</param>
    /// <param name="a">What the first variant shows.</param>
    /// <param name="b">What the second one shows.</param>
    /// <param name="codes">By which the page tells back what gave a product.</param>
    /// <param name="products">Beside what the list stands: each page has a list of its own.</param>
    public static RecommendedProducts Of(AssignedVariant assigned, RecommendedProducts a, RecommendedProducts b, GivenCodes.Key codes, IReadOnlyList<Guid> products, DateOnly day, int limit)
    {
        if (a.Products.Count == 0 || b.Products.Count == 0)
        {
            // Nothing to choose between: it is shown, and counts for nothing.
            return a.Products.Count == 0 ? b : a;
        }
        var of = a.Products.Concat(b.Products).DistinctBy(p => p.Product.ProductId).ToDictionary(p => p.Product.ProductId);
        var ofB = b.Products.ToDictionary(p => p.Product.ProductId);
        var drafted = TeamDraft.Mix([.. a.Products.Select(p => p.Product.ProductId)], [.. b.Products.Select(p => p.Product.ProductId)], limit, new SeededRandom(SeedOf(assigned, products, day)));
        return new RecommendedProducts([.. drafted.Select(d => Of(d.Team == Team.B ? ofB[d.Item] : of[d.Item], d.Team))], a.Personalised || b.Personalised, a.Model ?? b.Model) { Variant = assigned };

        RecommendedProduct Of(RecommendedProduct product, Team team) => team == Team.Neither ? product : product with { GivenBy = team == Team.A ? 0 : 1, GivenCode = codes.Of(product.Product.ProductId, team == Team.A ? 0 : 1) };
    }

    /// <summary>Of experiment, person, list and day, the same on every node.</summary>
    private static ulong SeedOf(AssignedVariant assigned, IReadOnlyList<Guid> products, DateOnly day)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{assigned.ExperimentId:N}{assigned.UnitId:N}{day.DayNumber}");
        foreach (var product in products)
        {
            text.Append(CultureInfo.InvariantCulture, $"{product:N}");
        }
        return XxHash64.Hash(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
