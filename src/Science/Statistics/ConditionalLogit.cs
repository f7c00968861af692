namespace Wellmet.Science.Statistics;

/// <summary>One choice among alternatives.</summary>
/// <param name="X">Row-major, alternatives × columns; an alternative that cannot be chosen has a first column of negative infinity.</param>
/// <param name="Chosen">The alternatives chosen, one or more: each counts as a choice.</param>
internal sealed record Choice(double[] X, int[] Chosen);

/// <summary>
/// The conditional logit model: P(alternative) ∝ e^(Σ weight x) (McFadden, "Conditional logit analysis of qualitative choice behavior", 1974).
/// Fitted by Newton's method, with a ridge penalty that pulls towards the weights one starts from. Probabilities so fitted are calibrated.
/// </summary>
internal static class ConditionalLogit
{
    private const int MostRounds = 30, MostHalvings = 30;
    private const double Precision = 1e-9;

    /// <summary>The weights with the largest likelihood.</summary>
    /// <param name="choices">At least one.</param>
    /// <param name="start">What is believed without any choice.</param>
    /// <param name="ridge">Penalty ridge / 2 × Σ (weight - start)².</param>
    public static double[] Fit(IReadOnlyList<Choice> choices, double[] start, double ridge = 1)
    {
        var weights = (double[])start.Clone();
        var likelihood = Likelihood(choices, weights, start, ridge);
        for (var round = 0; round < MostRounds; round++)
        {
            var (before, step) = (likelihood, Step(choices, weights, start, ridge));
            for (var (halving, share) = (0, 1.0); halving < MostHalvings; halving++, share /= 2)
            {
                var tried = weights.Zip(step, (weight, by) => weight + (share * by)).ToArray();
                if (Likelihood(choices, tried, start, ridge) is var now && now >= likelihood)
                {
                    (weights, likelihood) = (tried, now);
                    break;
                }
            }

            if (likelihood - before <= Precision * (1 + Math.Abs(before)))
            {
                break;
            }
        }

        return weights;
    }

    /// <summary>Turns features into probabilities that add up to 1, or all 0 where nothing can be chosen.</summary>
    /// <param name="x">Row-major, alternatives × columns.</param>
    /// <param name="weights">One per column.</param>
    /// <param name="probabilities">Filled; one per alternative.</param>
    public static void Probabilities(ReadOnlySpan<double> x, ReadOnlySpan<double> weights, Span<double> probabilities)
    {
        var (highest, sum) = (double.NegativeInfinity, 0.0);
        for (var at = 0; at < probabilities.Length; at++)
        {
            var row = x.Slice(at * weights.Length, weights.Length);
            probabilities[at] = double.IsNegativeInfinity(row[0]) ? double.NegativeInfinity : Dot(row, weights);
            highest = Math.Max(highest, probabilities[at]);
        }

        foreach (ref var probability in probabilities)
        {
            probability = double.IsNegativeInfinity(probability) ? 0 : Math.Exp(probability - highest);
            sum += probability;
        }

        foreach (ref var probability in probabilities)
        {
            probability = sum > 0 ? probability / sum : 0;
        }
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var at = 0; at < a.Length; at++)
        {
            sum += a[at] * b[at];
        }

        return sum;
    }

    /// <summary>The log-likelihood less the penalty.</summary>
    public static double Likelihood(IReadOnlyList<Choice> choices, double[] weights, double[] start, double ridge)
    {
        var sum = -ridge / 2 * weights.Zip(start, (weight, from) => (weight - from) * (weight - from)).Sum();
        foreach (var choice in choices)
        {
            var p = new double[choice.X.Length / weights.Length];
            Probabilities(choice.X, weights, p);
            sum += choice.Chosen.Sum(chosen => Math.Log(Math.Max(p[chosen], double.Epsilon)));
        }

        return sum;
    }

    private static double[] Step(IReadOnlyList<Choice> choices, double[] weights, double[] start, double ridge)
    {
        var n = weights.Length;
        var (hessian, gradient) = (new double[n, n], new double[n]);
        for (var i = 0; i < n; i++)
        {
            hessian[i, i] = ridge;
            gradient[i] = ridge * (start[i] - weights[i]);
        }

        foreach (var choice in choices)
        {
            AddChoice(choice, weights, hessian, gradient);
        }

        return PositiveDefinite.Solve(hessian, gradient);
    }

    /// <summary>Gradient: chosen less expected. Hessian: the covariance under the probabilities.</summary>
    private static void AddChoice(Choice choice, double[] weights, double[,] hessian, double[] gradient)
    {
        var n = weights.Length;
        var (p, mean) = (new double[choice.X.Length / n], new double[n]);
        Probabilities(choice.X, weights, p);
        for (var at = 0; at < choice.X.Length; at++)
        {
            mean[at % n] += p[at / n] > 0 ? p[at / n] * choice.X[at] : 0;
        }

        foreach (var chosen in choice.Chosen)
        {
            for (var i = 0; i < n; i++)
            {
                gradient[i] += choice.X[(chosen * n) + i] - mean[i];
            }
        }

        for (var alternative = 0; alternative < p.Length; alternative++)
        {
            var weight = choice.Chosen.Length * p[alternative];
            for (var i = 0; i < n && weight > 0; i++)
            {
                var deviation = choice.X[(alternative * n) + i] - mean[i];
                for (var j = 0; j <= i; j++)
                {
                    hessian[i, j] += weight * deviation * (choice.X[(alternative * n) + j] - mean[j]);
                }
            }
        }
    }
}
