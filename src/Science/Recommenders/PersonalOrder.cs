namespace Wellmet.Science.Recommenders;

/// <summary>A product of a search's list.</summary>
/// <param name="Place">Where the search put it, from 0.</param>
/// <param name="Score">Comparable within one list only.</param>
public readonly record struct OrderedResult(int Place, float Score);

/// <summary>
/// Puts what a search found into the order for one customer: score = (1 - w) worth(place of the search) + w worth(place by taste), with the worth of a place by
/// <see cref="ReciprocalRank"/>. What taste says nothing of shares the last place by taste, and so never overtakes what the search put before it. w grows with what is
/// known of the customer and never reaches a half: the search is never outvoted. In a short list taste moves a product up by at most about w / (1 - w) of its length.
/// </summary>
public static class PersonalOrder
{
    /// <summary>What taste weighs at most; the search weighs the rest.</summary>
    public const float MostWeight = 0.5f;

    /// <summary>So many purchases give taste half of the most that it can weigh.</summary>
    private const double HalfAt = 1;

    /// <summary>What taste weighs, in [0, <see cref="MostWeight"/>).</summary>
    /// <param name="evidence">What is known of the customer, in purchases; at least 0.</param>
    public static float WeightOf(double evidence) => (float)(MostWeight * evidence / (evidence + HalfAt));

    /// <summary>All results, each once, the first one first; equal ones stay in the search's order.</summary>
    /// <param name="taste">Of each result, in the search's order, its place by taste, from 1; 0 where taste says nothing.</param>
    /// <param name="weight">Of taste, in [0, 1].</param>
    public static OrderedResult[] Of(ReadOnlySpan<int> taste, float weight)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(weight);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(weight, 1);
        var results = new OrderedResult[taste.Length];
        for (var place = 0; place < results.Length; place++)
        {
            results[place] = new OrderedResult(place, ((1 - weight) * ReciprocalRank.Worth(place + 1)) + (weight * ReciprocalRank.Worth(taste[place] > 0 ? taste[place] : taste.Length)));
        }

        return [.. results.OrderByDescending(result => result.Score).ThenBy(result => result.Place)];
    }
}
