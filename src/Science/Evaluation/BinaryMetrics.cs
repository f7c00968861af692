namespace Wellmet.Science.Evaluation;

/// <summary>How good probabilities of a yes are, against what came.</summary>
public static class BinaryMetrics
{
    /// <summary>
    /// The area under the ROC curve: the probability that a yes has a higher score than a no, equal scores counting half (Mann and Whitney, 1947). In [0, 1];
    /// NaN where only one of the outcomes came.
    /// </summary>
    /// <param name="scores">Any scale; only the order counts.</param>
    /// <param name="outcomes">Of the same length.</param>
    public static double Auc(ReadOnlySpan<double> scores, ReadOnlySpan<bool> outcomes)
    {
        DemandSameLength(scores, outcomes);
        var order = new int[scores.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }
        var sorted = scores.ToArray();
        Array.Sort(sorted, order);
        double rankSum = 0, yes = 0;
        for (var start = 0; start < sorted.Length;)
        {
            var end = start;
            var yesHere = 0;
            for (; end < sorted.Length && sorted[end] == sorted[start]; end++)
            {
                yesHere += outcomes[order[end]] ? 1 : 0;
            }
            rankSum += yesHere * (start + 1 + end) / 2.0;
            yes += yesHere;
            start = end;
        }
        return (rankSum - yes * (yes + 1) / 2) / (yes * (sorted.Length - yes));
    }

    /// <summary>The standard error of an area under the ROC curve (Hanley and McNeil, "The meaning and use of the area under a receiver operating characteristic curve", 1982).</summary>
    /// <param name="auc">In [0, 1].</param>
    /// <param name="yes">Examples with a yes it was measured on, at least one.</param>
    /// <param name="no">Likewise with a no.</param>
    public static double AucError(double auc, int yes, int no)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(yes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(no, 1);
        var (aboveTwo, belowTwo) = (auc / (2 - auc) - auc * auc, 2 * auc * auc / (1 + auc) - auc * auc);
        return Math.Sqrt((auc * (1 - auc) + (yes - 1) * aboveTwo + (no - 1) * belowTwo) / ((double)yes * no));
    }

    /// <summary>The mean squared distance of probability and outcome (Brier, 1950): 0 is perfect.</summary>
    /// <inheritdoc cref="LogLoss" path="/param"/>
    public static double Brier(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> outcomes)
    {
        DemandSameLength(probabilities, outcomes);
        var sum = 0.0;
        for (var i = 0; i < probabilities.Length; i++)
        {
            var miss = probabilities[i] - (outcomes[i] ? 1 : 0);
            sum += miss * miss;
        }
        return sum / probabilities.Length;
    }

    /// <summary>The mean negative log-likelihood, in nats.</summary>
    /// <param name="probabilities">In [0, 1].</param>
    /// <param name="outcomes">Of the same length, not empty.</param>
    public static double LogLoss(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> outcomes)
    {
        DemandSameLength(probabilities, outcomes);
        var sum = 0.0;
        for (var i = 0; i < probabilities.Length; i++)
        {
            sum -= Math.Log(Math.Max(1e-300, outcomes[i] ? probabilities[i] : 1 - probabilities[i]));
        }
        return sum / probabilities.Length;
    }

    internal static void DemandSameLength(ReadOnlySpan<double> scores, ReadOnlySpan<bool> outcomes)
    {
        if (scores.Length != outcomes.Length || scores.Length == 0)
        {
            throw new ArgumentException("There must be one outcome for each score, and at least one.", nameof(outcomes));
        }
    }
}
