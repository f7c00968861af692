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

    /// <summary>What a neighbourhood of twice the size must gain, for it costs four times the time.</summary>
    private const double WorthIt = 1.002;

    private static readonly float[] AlsShares = [0.05f, 0.1f, 0.15f, 0.2f, 0.3f, 0.4f, 0.6f];
    private static readonly float[] SpectralShares = [0.05f, 0.1f, 0.2f, 0.3f, 0.4f, 0.6f];

    /// <summary>Time: that of about eight trainings.</summary>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static ForYouSettings Choose(Interactions interactions, TrainingRun run = default)
    {
        ArgumentNullException.ThrowIfNull(interactions);
        run = run with { Finished = null };
        var holdout = new Holdout(interactions);
        var (ridge, lists) = ChooseRidge(holdout, CustomersOf(holdout), run);
        var (als, alsScores) = ChooseAls(holdout, lists, run);
        var (spectral, spectralScores) = ChooseSpectral(holdout, lists, run);
        var best = Best(
            from a in AlsShares.Prepend(0)
            from s in SpectralShares.Prepend(0)
            select (new TasteShares(a, s), lists.Measure((a, alsScores), (s, spectralScores))));
        return new ForYouSettings(ridge, als, spectral, best.Choice);
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

        void Try(LocalRidgeSettings settings, double factor = 1)
        {
            var lists = new TuningLists(LocalRidge.Train(gram, settings, run), holdout, customers, run);
            var quality = lists.Measure();
            best = quality > best.Quality * factor ? (settings, quality, lists) : best;
        }

        foreach (var lambda in (float[])[5, 10, 20, 40])
        {
            Try(start with { Lambda = lambda });
        }

        Try(best.Settings with { RelativeLambda = 0.3f });
        Try(best.Settings with { Neighbours = few ? 500 : 200 }, WorthIt);
        return (best.Settings, best.Lists!);
    }

    private static (ImplicitAlsSettings Settings, float[][] Scores) ChooseAls(Holdout holdout, TuningLists lists, TrainingRun run)
    {
        var search = new ImplicitAlsSettings(128, Sweeps: SearchSweeps);
        var confidence = Best(
            from alpha in (float[])[4, 12, 40]
            from penalty in (float[])[10, 30, 60]
            let settings = search with { Alpha = alpha, Regularization = penalty }
            select (settings, Peak(lists, AlsScores(settings), AlsShares)));
        var size = Best(
            from dimensions in (int[])[64, 256]
            let settings = confidence.Choice with { Dimensions = dimensions }
            select (settings, Peak(lists, AlsScores(settings), AlsShares)));
        var chosen = (size.Quality > confidence.Quality ? size : confidence).Choice with { Sweeps = new ImplicitAlsSettings().Sweeps };
        return (chosen, AlsScores(chosen));

        float[][] AlsScores(ImplicitAlsSettings settings) =>
            lists.Score(new Taste(ImplicitAls.Train(holdout.Kept, settings, run), null, new TasteShares(1, 0)));
    }

    private static (SpectralFilterSettings Settings, float[][] Scores) ChooseSpectral(Holdout holdout, TuningLists lists, TrainingRun run)
    {
        var best = Best(
            from dimensions in (int[])[64, 128, 256]
            let settings = new SpectralFilterSettings(dimensions)
            select (settings, Peak(lists, SpectralScores(settings), SpectralShares)));
        return (best.Choice, SpectralScores(best.Choice));

        float[][] SpectralScores(SpectralFilterSettings settings) =>
            lists.Score(new Taste(null, SpectralFilter.Train(holdout.Kept, settings, run), new TasteShares(0, 1)));
    }

    private static double Peak(TuningLists lists, float[][] scores, float[] shares) => shares.Max(share => lists.Measure((share, scores)));

    private static (T Choice, double Quality) Best<T>(IEnumerable<(T Choice, double Quality)> tried) => tried.MaxBy(one => one.Quality);
}
