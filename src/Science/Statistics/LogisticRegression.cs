namespace Wellmet.Science.Statistics;

/// <summary>
/// Logistic regression: P(yes) = 1 / (1 + e^-(intercept + Σ weight x)). Fitted by iteratively reweighted least squares, which is Newton's method
/// (McCullagh and Nelder, "Generalized linear models", 1989), with a ridge penalty on the weights and none on the intercept.
/// </summary>
/// <param name="Intercept">Log odds where every x is 0.</param>
/// <param name="Weights">One per column.</param>
/// <param name="LogLikelihood">Of the data, less the penalty; 0 at best.</param>
public sealed record LogisticRegression(double Intercept, IReadOnlyList<double> Weights, double LogLikelihood)
{
    private const int MostRounds = 50, MostHalvings = 30;
    private const double Precision = 1e-9;

    /// <summary>Fits to examples. Time: examples × columns² per round, mostly under ten rounds.</summary>
    /// <param name="x">Row-major, examples × columns.</param>
    /// <param name="y">One answer per example.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="ridge">Penalty ridge / 2 × Σ weight²; above 0 keeps the weights finite where the examples can be told apart without error.</param>
    /// <param name="start">Weights to start from, such as those of a similar fit; null for 0.</param>
    /// <exception cref="ArgumentException">The lengths do not fit, or there is no example.</exception>
    public static LogisticRegression Fit(ReadOnlySpan<double> x, ReadOnlySpan<bool> y, int columns, double ridge = 1, LogisticRegression? start = null)
    {
        if (y.IsEmpty || x.Length != (long)y.Length * columns || (start is not null && start.Weights.Count != columns))
        {
            throw new ArgumentException($"{y.Length} answers to {x.Length} values in {columns} columns.", nameof(x));
        }

        double[] weights = start is null ? new double[columns + 1] : [start.Intercept, .. start.Weights];
        var likelihood = Likelihood(x, y, weights, ridge);
        for (var round = 0; round < MostRounds; round++)
        {
            var before = likelihood;
            likelihood = Improve(weights, Step(x, y, weights, ridge), likelihood, x, y, ridge);
            if (likelihood - before <= Precision * (1 + Math.Abs(before)))
            {
                break;
            }
        }

        return new LogisticRegression(weights[0], weights[1..], likelihood);
    }

    /// <summary>The probability of one example.</summary>
    /// <param name="x">One value per column.</param>
    public double Probability(ReadOnlySpan<double> x)
    {
        var sum = Intercept;
        for (var column = 0; column < x.Length; column++)
        {
            sum += Weights[column] * x[column];
        }

        return Logistic(sum);
    }

    private static double Logistic(double value) => 1 / (1 + Math.Exp(-value));

    private static double Sum(ReadOnlySpan<double> row, double[] weights)
    {
        var sum = weights[0];
        for (var column = 0; column < row.Length; column++)
        {
            sum += weights[column + 1] * row[column];
        }

        return sum;
    }

    private static double Likelihood(ReadOnlySpan<double> x, ReadOnlySpan<bool> y, double[] weights, double ridge)
    {
        var (columns, sum) = (weights.Length - 1, 0.0);
        for (var example = 0; example < y.Length; example++)
        {
            var value = Sum(x.Slice(example * columns, columns), weights);
            // ln(1 + e^v) without overflow.
            sum += (y[example] ? value : 0) - Math.Max(0, value) - Math.Log(1 + Math.Exp(-Math.Abs(value)));
        }

        return sum - (ridge / 2 * weights.Skip(1).Sum(weight => weight * weight));
    }

    /// <summary>Newton's step: the solution of (Xᵀ D X + ridge) step = gradient.</summary>
    private static double[] Step(ReadOnlySpan<double> x, ReadOnlySpan<bool> y, double[] weights, double ridge)
    {
        var (n, columns) = (weights.Length, weights.Length - 1);
        var (hessian, gradient) = (new double[n, n], new double[n]);
        Span<double> row = new double[n];
        row[0] = 1;
        for (var example = 0; example < y.Length; example++)
        {
            x.Slice(example * columns, columns).CopyTo(row[1..]);
            var p = Logistic(Sum(row[1..], weights));
            var (error, spread) = ((y[example] ? 1 : 0) - p, p * (1 - p));
            for (var i = 0; i < n; i++)
            {
                gradient[i] += error * row[i];
                for (var j = 0; j <= i && row[i] != 0; j++)
                {
                    hessian[i, j] += spread * row[i] * row[j];
                }
            }
        }

        for (var i = 0; i < n; i++)
        {
            gradient[i] -= i == 0 ? 0 : ridge * weights[i];
            // The intercept, too, needs a floor where every answer is the same.
            hessian[i, i] += i == 0 ? Precision : ridge;
        }

        return PositiveDefinite.Solve(hessian, gradient);
    }

    /// <summary>Goes the step, or half of it, and so on, until the likelihood does not fall; returns what it is then.</summary>
    private static double Improve(double[] weights, double[] step, double likelihood, ReadOnlySpan<double> x, ReadOnlySpan<bool> y, double ridge)
    {
        var before = (double[])weights.Clone();
        var share = 1.0;
        for (var halving = 0; halving < MostHalvings; halving++, share /= 2)
        {
            for (var i = 0; i < weights.Length; i++)
            {
                weights[i] = before[i] + (share * step[i]);
            }

            if (Likelihood(x, y, weights, ridge) is var now && now >= likelihood)
            {
                return now;
            }
        }

        before.CopyTo(weights, 0);
        return likelihood;
    }
}
