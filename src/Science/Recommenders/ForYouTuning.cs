namespace Wellmet.Science.Recommenders;

/// <summary>
/// Chooses <see cref="ForYouSettings"/> for a shop: learns from nine tenths of each customer's items and keeps what best foretells the rest
/// (Recall@20 + NDCG@20 over at most 6,000 customers), one part after the other: penalty and neighbourhood of the ridge, then confidence, penalty and
/// dimensions of the factorisation and dimensions of the filter, each beside the ridge, then the shares of both together.
/// The same interactions give the same settings for any number of threads.
/// </summary>
public static class ForYouTuning
{
    private const int MaxCustomers = 6000;
    private const int FewItems = 5000;
    private const int SearchSweeps = 8;

    private static readonly float[] AlsShares = [0.05f, 0.1f, 0.15f, 0.2f, 0.3f, 0.4f, 0.6f];
    private static readonly float[] SpectralShares = [0.05f, 0.1f, 0.2f, 0.3f, 0.4f, 0.6f];

    /// <summary>Time: that of about five trainings.</summary>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static ForYouSettings Choose(Interactions interactions, TrainingRun run = default)
    {
        ArgumentNullException.ThrowIfNull(interactions);
        run = run with { Finished = null };
        var holdout = new Holdout(interactions);
        var (ridge, lists) = ChooseRidge(holdout, CustomersOf(holdout), run);
        var (als, alsScores) = ChooseAls(holdout, lists, run);
        var (spectral, spectralScores) = ChooseSpectral(holdout, lists, run);
        var shares = from a in AlsShares.Prepend(0) from s in SpectralShares.Prepend(0) select new TasteShares(a, s);
        return new ForYouSettings(ridge, als, spectral, shares.MaxBy(share => lists.Measure((share.Als, alsScores), (share.Spectral, spectralScores))));
    }

    private static int[] CustomersOf(Holdout holdout)
    {
        int[] customers = [.. Enumerable.Range(0, holdout.Aside.RowCount).Where(user => holdout.Aside.RowLength(user) > 0)];
        var step = Math.Max(1, (customers.Length + MaxCustomers - 1) / MaxCustomers);
        return [.. customers.Where((_, at) => at % step == 0)];
    }

    private static (LocalRidgeSettings Settings, TuningLists Lists) ChooseRidge(Holdout holdout, int[] customers, TrainingRun run)
    {
        var few = holdout.Kept.ItemCount <= FewItems;
        var start = new LocalRidgeSettings(few ? 200 : 100);
        var gram = LocalRidge.Prepare(holdout.Kept, start with { Neighbours = few ? 500 : 200 }, run);
        var best = (Settings: start, Quality: double.MinValue, Lists: (TuningLists?)null);

        void Try(LocalRidgeSettings settings)
        {
            var lists = new TuningLists(LocalRidge.Train(gram, settings, run), holdout, customers, run);
            var quality = lists.Measure();
            best = quality > best.Quality ? (settings, quality, lists) : best;
        }

        // The quality has one peak, so the search stops where it falls.
        Try(start with { Lambda = 10 });
        Try(start with { Lambda = 20 });
        Try(start with { Lambda = best.Settings.Lambda > 10 ? 40 : 5 });
        Try(best.Settings with { RelativeLambda = 0.3f });
        Try(best.Settings with { Neighbours = few ? 500 : 200 });
        return (best.Settings, best.Lists!);
    }

    private static (ImplicitAlsSettings Settings, float[][] Scores) ChooseAls(Holdout holdout, TuningLists lists, TrainingRun run)
    {
        // Which confidence is best depends on the dimensions, and many items want many of both: the search begins there.
        var few = holdout.Kept.ItemCount <= FewItems;
        var start = new ImplicitAlsSettings(few ? 64 : 256, Sweeps: SearchSweeps, Regularization: 30);
        var best = (Settings: start, Quality: double.MinValue, Scores: (float[][])[]);

        void Try(ImplicitAlsSettings settings)
        {
            var scores = AlsScores(settings);
            var quality = Peak(lists, scores, AlsShares);
            best = quality > best.Quality ? (settings, quality, scores) : best;
        }

        foreach (var alpha in (float[])[4, 12, 40])
        {
            Try(start with { Alpha = alpha });
        }

        var confidence = best.Settings;
        Try(confidence with { Regularization = 10 });
        Try(confidence with { Regularization = 60 });
        var penalty = best.Settings;
        Try(penalty with { Dimensions = 128 });
        if (few)
        {
            Try(penalty with { Dimensions = 256 });
        }

        return (best.Settings with { Sweeps = new ImplicitAlsSettings().Sweeps }, best.Scores);

        float[][] AlsScores(ImplicitAlsSettings settings) =>
            lists.Score(new Taste(ImplicitAls.Train(holdout.Kept, settings, run), null, new TasteShares(1, 0)));
    }

    private static (SpectralFilterSettings Settings, float[][] Scores) ChooseSpectral(Holdout holdout, TuningLists lists, TrainingRun run)
    {
        var best = (Settings: new SpectralFilterSettings(), Quality: double.MinValue, Scores: (float[][])[]);
        foreach (var dimensions in (int[])[64, 128, 256])
        {
            var settings = new SpectralFilterSettings(dimensions);
            var scores = SpectralScores(settings);
            var quality = Peak(lists, scores, SpectralShares);
            best = quality > best.Quality ? (settings, quality, scores) : best;
        }

        return (best.Settings, best.Scores);

        float[][] SpectralScores(SpectralFilterSettings settings) =>
            lists.Score(new Taste(null, SpectralFilter.Train(holdout.Kept, settings, run), new TasteShares(0, 1)));
    }

    private static double Peak(TuningLists lists, float[][] scores, float[] shares) => shares.Max(share => lists.Measure((share, scores)));
}
