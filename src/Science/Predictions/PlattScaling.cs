namespace Wellmet.Science.Predictions;

/// <summary>
/// Makes probabilities of scores: p = 1 / (1 + exp(-(Slope · score + Offset))) (Platt, "Probabilistic outputs for support vector machines", 1999). It keeps the order
/// of scores, and what adds up in the score adds up in the log-odds.
/// </summary>
/// <param name="Slope">Of the log-odds over the score.</param>
/// <param name="Offset">Log-odds at score 0.</param>
public readonly record struct PlattScaling(double Slope, double Offset)
{
    /// <summary>The probability at log-odds, without overflow.</summary>
    public static double Sigmoid(double logOdds)
    {
        var small = Math.Exp(-Math.Abs(logOdds));
        return logOdds >= 0 ? 1 / (1 + small) : small / (1 + small);
    }

    /// <summary>The calibrated log-odds of a score.</summary>
    public double LogOdds(double score) => Slope * score + Offset;

    /// <summary>
    /// The most likely scaling, by Newton's method with halved steps (Lin, Lin and Weng, "A note on Platt's probabilistic outputs", 2007). Outcomes count a little less
    /// than 1 and more than 0, as Platt does, so that a perfect division stays finite.
    /// </summary>
    /// <param name="scores">Of examples that the scores' model has not seen, or it will be too sure.</param>
    /// <param name="outcomes">Of the same length.</param>
    public static PlattScaling Fit(ReadOnlySpan<double> scores, ReadOnlySpan<bool> outcomes)
    {
        var targets = Targets(outcomes);
        var scaling = new PlattScaling(1, 0);
        var loss = scaling.Loss(scores, targets);
        for (var step = 0; step < 100; step++)
        {
            var (slope, offset) = scaling.NewtonStep(scores, targets);
            var share = 1.0;
            var next = scaling;
            var nextLoss = double.PositiveInfinity;
            for (; share > 1e-10 && !(nextLoss <= loss); share /= 2)
            {
                next = new PlattScaling(scaling.Slope - share * slope, scaling.Offset - share * offset);
                nextLoss = next.Loss(scores, targets);
            }
            if (!(nextLoss < loss - 1e-12 * Math.Abs(loss)))
            {
                break;
            }
            (scaling, loss) = (next, nextLoss);
        }
        return scaling;
    }

    private static double[] Targets(ReadOnlySpan<bool> outcomes)
    {
        var yes = 0;
        foreach (var outcome in outcomes)
        {
            yes += outcome ? 1 : 0;
        }
        var targets = new double[outcomes.Length];
        for (var i = 0; i < targets.Length; i++)
        {
            targets[i] = outcomes[i] ? (yes + 1.0) / (yes + 2) : 1.0 / (outcomes.Length - yes + 2);
        }
        return targets;
    }

    private double Loss(ReadOnlySpan<double> scores, double[] targets)
    {
        var sum = 0.0;
        for (var i = 0; i < targets.Length; i++)
        {
            var z = LogOdds(scores[i]);
            sum += Math.Max(z, 0) - targets[i] * z + Math.Log(1 + Math.Exp(-Math.Abs(z)));
        }
        return sum;
    }

    private (double Slope, double Offset) NewtonStep(ReadOnlySpan<double> scores, double[] targets)
    {
        // A trace of ridge keeps the system solvable where all scores are the same.
        double g1 = 0, g2 = 0, h11 = 1e-9, h12 = 0, h22 = 1e-9;
        for (var i = 0; i < targets.Length; i++)
        {
            var p = Sigmoid(LogOdds(scores[i]));
            var (miss, weight) = (p - targets[i], p * (1 - p));
            (g1, g2) = (g1 + miss * scores[i], g2 + miss);
            (h11, h12, h22) = (h11 + weight * scores[i] * scores[i], h12 + weight * scores[i], h22 + weight);
        }
        var determinant = h11 * h22 - h12 * h12;
        return ((h22 * g1 - h12 * g2) / determinant, (h11 * g2 - h12 * g1) / determinant);
    }
}
