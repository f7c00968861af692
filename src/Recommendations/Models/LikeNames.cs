using Wellmet.Commerce.Contract;
using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Texts;

namespace Wellmet.Recommendations.Models;

/// <summary>Which products are called alike, by the cosine of their names' words and parts of words; see <see cref="TextModel"/>.</summary>
internal static class LikeNames
{
    /// <summary>Below this two names have little more in common than two at random.</summary>
    private const float Least = 0.25f;

    private const int Most = 20;

    /// <param name="products">The product of each item; null for one that is no longer in the catalogue, which is like nothing.</param>
    public static Neighbours Learn(IReadOnlyList<ProductLabel?> products, TrainingRun run)
    {
        var texts = products.Select(p => new ItemText(p?.Name ?? "")).ToList();
        var similar = SimilarTexts.Build(TextModel.Train(texts).Embed(texts, run), null, run);
        var (offsets, entries) = (new int[products.Count + 1], new List<Neighbour>());
        var nearest = new Neighbour[Most];
        for (var item = 0; item < products.Count; item++)
        {
            run.Cancellation.ThrowIfCancellationRequested();
            var found = products[item] is null ? 0 : similar.Nearest(item, null, nearest);
            entries.AddRange(nearest.Take(found).Where(n => n.Score >= Least && products[n.Item] is not null));
            offsets[item + 1] = entries.Count;
        }
        return new Neighbours(offsets, [.. entries]);
    }
}
