namespace Wellmet.Science.Recommenders;

/// <summary>The parts of <see cref="ForYou"/> and how much they count.</summary>
/// <param name="Ridge">Item-item weights, which count 1.</param>
/// <param name="Als">The factorisation; not trained where its share is 0.</param>
/// <param name="Spectral">The low-pass filter; not trained where its share is 0.</param>
/// <param name="Shares">How much factorisation and filter count.</param>
public sealed record ForYouSettings(LocalRidgeSettings Ridge, ImplicitAlsSettings Als, SpectralFilterSettings Spectral, TasteShares Shares)
{
    /// <summary>For a shop that has not been tuned for; each part was chosen alone, on earlier quarters of UCI Online Retail.</summary>
    public static readonly ForYouSettings Default = new(new(), new(Dimensions: 64, Alpha: 10), new(Dimensions: 64), new TasteShares(0.1f, 0.2f));

    /// <summary>Trains what the shares ask for; null where they ask for nothing.</summary>
    /// <param name="interactions">What was bought.</param>
    /// <param name="itemFactors">Multiplies the score of each item; null for 1 each.</param>
    /// <param name="run">Threads and cancellation.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public Taste? TrainTaste(Interactions interactions, float[]? itemFactors = null, TrainingRun run = default)
    {
        var als = Shares.Als == 0 ? null : ImplicitAls.Train(interactions, Als, run);
        var spectral = Shares.Spectral == 0 ? null : SpectralFilter.Train(interactions, Spectral, run);
        return als is null && spectral is null ? null : new Taste(als, spectral, Shares, itemFactors);
    }
}
