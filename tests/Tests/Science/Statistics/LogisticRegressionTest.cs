using Wellmet.Science.Statistics;

namespace Wellmet.Tests.Science.Statistics;

public sealed class LogisticRegressionTest
{
    [Fact]
    public void Weights_that_made_the_answers_are_found_again()
    {
        var random = new SeededRandom(5);
        var (x, y) = (new double[20_000 * 2], new bool[20_000]);
        for (var example = 0; example < y.Length; example++)
        {
            (x[2 * example], x[(2 * example) + 1]) = (random.NextDouble() * 4, random.NextDouble());
            y[example] = random.NextDouble() < 1 / (1 + Math.Exp(-(-2 + (1.5 * x[2 * example]) - (3 * x[(2 * example) + 1]))));
        }

        var fit = LogisticRegression.Fit(x, y, 2, ridge: 0.01);

        fit.Intercept.ShouldBe(-2, 0.12);
        fit.Weights[0].ShouldBe(1.5, 0.06);
        fit.Weights[1].ShouldBe(-3, 0.15);
        fit.Probability([2, 0.5]).ShouldBe(1 / (1 + Math.Exp(0.5)), 0.02);
        LogisticRegression.Fit(x, y, 2, 0.01, fit).Weights[0].ShouldBe(fit.Weights[0], 1e-6);
    }

    [Fact]
    public void Without_columns_it_is_the_log_odds()
    {
        LogisticRegression.Fit([], [true, false, false, false], 0).Intercept.ShouldBe(Math.Log(1 / 3.0), 1e-6);
    }

    [Fact]
    public void Answers_that_can_be_told_apart_without_error_give_finite_weights()
    {
        var fit = LogisticRegression.Fit([-2, -1, 1, 2], [false, false, true, true], 1);

        // The stationary point of the penalised likelihood: weight = 2 Σ x (1 - p).
        var weight = fit.Weights[0];
        weight.ShouldBe((2 / (1 + Math.Exp(weight))) + (4 / (1 + Math.Exp(2 * weight))), 1e-4);
        fit.Intercept.ShouldBe(0, 1e-6);
        double.IsFinite(LogisticRegression.Fit([1, 2], [true, true], 1).Intercept).ShouldBeTrue();
        Should.Throw<ArgumentException>(() => LogisticRegression.Fit([1], [true, false], 1));
        Should.Throw<ArgumentException>(() => LogisticRegression.Fit([], [], 1));
    }
}
