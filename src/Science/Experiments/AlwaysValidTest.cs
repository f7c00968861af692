namespace Wellmet.Science.Experiments;

/// <summary>
/// A comparison that may be watched all the time and stopped whenever it is clear: the mixture sequential probability ratio test (Robbins, 1970; Johari,
/// Koomen, Pekelis and Walsh, "Always valid inference", Operations Research 70, 2022; first as "Peeking at A/B tests", KDD 2017). Under no
/// difference the ratio is a martingale of mean 1, so it ever exceeds 1/α with a probability of at most α (Ville).
/// See <see cref="MixtureRatio"/> for the ratio.
/// </summary>
/// <param name="Difference">Treatment minus control.</param>
/// <param name="PValue">As of this look; the smallest of all looks is valid, too (<see cref="RunningMinimum"/>).</param>
/// <param name="Interval">Holds the true difference at all looks together with the confidence asked for.</param>
public readonly record struct AlwaysValidTest(double Difference, double PValue, Interval Interval)
{
    /// <summary>
    /// Units of each variant before which nothing is concluded, and as many events for rates: the variance is estimated and the mean nearly normal
    /// only from then on. Simulated with rare and with skewed events (see the tests).
    /// </summary>
    public const int MinUnits = 100, MinEvents = 20;

    /// <param name="mixing">τ²: about the square of the differences worth finding; see <see cref="MixtureRatio.Mixing"/>. Fixed before the first look.</param>
    /// <param name="confidence">1 − α.</param>
    public static AlwaysValidTest Compare(MeanEstimate control, MeanEstimate treatment, double mixing, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(mixing);
        return Compare(control, treatment, control.VarianceOfMean + treatment.VarianceOfMean, mixing, confidence);
    }

    /// <summary>Of two rates. Nothing is concluded before both outcomes were seen <see cref="MinEvents"/> times in all.</summary>
    /// <inheritdoc cref="Compare" path="/param"/>
    public static AlwaysValidTest CompareProportions((long Units, long Successes) control, (long Units, long Successes) treatment, double mixing, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(mixing);
        long units = control.Units + treatment.Units, successes = control.Successes + treatment.Successes;
        var (a, b) = (MeanEstimate.OfProportion(control.Units, control.Successes), MeanEstimate.OfProportion(treatment.Units, treatment.Successes));
        if (Math.Min(successes, units - successes) < MinEvents)
        {
            return new AlwaysValidTest(b.Mean - a.Mean, 1, Interval.Unknown);
        }
        // A small variant knows its own variance badly: it is at least what it would be if both had the same rate.
        var rate = successes / (double)units;
        var pooled = rate * (1 - rate) * (1.0 / control.Units + 1.0 / treatment.Units);
        return Compare(a, b, Math.Max(pooled, a.VarianceOfMean + b.VarianceOfMean), mixing, confidence);
    }

    private static AlwaysValidTest Compare(MeanEstimate control, MeanEstimate treatment, double variance, double mixing, double confidence)
    {
        var difference = treatment.Mean - control.Mean;
        if (Math.Min(control.Count, treatment.Count) < MinUnits || !(variance > 0))
        {
            return new AlwaysValidTest(difference, 1, Interval.Unknown);
        }
        var half = MixtureRatio.HalfWidth(variance, mixing, 1 - confidence);
        return new AlwaysValidTest(difference, MixtureRatio.PValue(difference, variance, mixing), new Interval(difference - half, difference + half));
    }

    /// <summary>The always-valid p-value after each of a row of looks: it never rises.</summary>
    public static IReadOnlyList<double> RunningMinimum(IEnumerable<double> pValues)
    {
        ArgumentNullException.ThrowIfNull(pValues);
        var smallest = 1.0;
        return [.. pValues.Select(p => smallest = Math.Min(smallest, p))];
    }
}
