using Wellmet.Science.Statistics;

namespace Wellmet.Science.Evaluation;

/// <summary>Divides examples for cross-validation, so that each part has its share of the yeses.</summary>
public static class StratifiedFolds
{
    /// <summary>The fold of each example, from 0 to <paramref name="folds"/> - 1; the same seed gives the same division.</summary>
    public static int[] Assign(ReadOnlySpan<bool> outcomes, int folds, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        var random = new SeededRandom(seed);
        var order = new int[outcomes.Length];
        for (var i = 0; i < order.Length; i++)
        {
            // Fisher and Yates.
            var other = random.Next(i + 1);
            (order[i], order[other]) = (order[other], i);
        }
        var fold = new int[outcomes.Length];
        var next = 0;
        foreach (var wanted in new[] { true, false })
        {
            foreach (var i in order)
            {
                if (outcomes[i] == wanted)
                {
                    fold[i] = next++ % folds;
                }
            }
        }
        return fold;
    }
}
