using System.Diagnostics;
using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Sessions;

namespace Wellmet.Bench.Recommendations;

/// <summary>
/// Leave last out: each customer's last item is foretold from those before it, ranked among all items that the customer did not have yet (as the published
/// numbers of S3-Rec and ICLRec are: their evaluation masks every earlier item). Settings are chosen on the last but one alone. <c>--sequences</c>.
/// </summary>
/// <remarks>
/// The figures without a suffix come from a model that then learns from all but the last item, as a shop's does; those with <c>_train_only</c> from one that
/// never learns from the last but one either (it is still part of the history that is asked about), as published neural models do.
/// </remarks>
internal sealed class NextItemBench : IBench
{
    private const string SharedFile = "../shared/data/amazon-sequences/Beauty.txt.gz";

    public string Name => "next-item";
    public string Summary => "How often the next item of a sequence is foretold, against published sequence models";

    public Task<BenchResult> RunAsync(BenchArguments arguments, CancellationToken ct)
    {
        var file = arguments.Text("sequences", SharedFile);
        var all = SequenceFile.Read(file).Sequences;
        var run = new TrainingRun(arguments.Number("threads", 0), ct);
        var known = all.WithoutLast(3);
        var started = Stopwatch.GetTimestamp();
        var (settings, validation) = NextItemTuning.Run(known, run);
        var tuned = Stopwatch.GetElapsedTime(started);
        started = Stopwatch.GetTimestamp();
        var model = NextItem.Train(known, settings, run);
        var trained = Stopwatch.GetElapsedTime(started);
        var quality = NextItemQuality.OfLast(model, all, 3, 1, run);
        var trainOnly = NextItemQuality.OfLast(NextItem.Train(known.WithoutLast(3), settings, run), all, 3, 1, run);
        return Task.FromResult(new BenchResult(
            new Dictionary<string, object?> { ["file"] = Path.GetFileName(file), ["customers"] = all.Count, ["items"] = all.ItemCount, ["chosen_on_last_but_one"] = settings },
            new Dictionary<string, double>
            {
                ["hit_10"] = Round(quality.Hit10),
                ["ndcg_10"] = Round(quality.Ndcg10),
                ["hit_20"] = Round(quality.Hit20),
                ["ndcg_20"] = Round(quality.Ndcg20),
                ["hit_10_train_only"] = Round(trainOnly.Hit10),
                ["ndcg_10_train_only"] = Round(trainOnly.Ndcg10),
                ["hit_20_train_only"] = Round(trainOnly.Hit20),
                ["ndcg_20_train_only"] = Round(trainOnly.Ndcg20),
                ["validation_hit_10"] = Round(validation.Hit10),
                ["validation_ndcg_10"] = Round(validation.Ndcg10),
                ["tune_seconds"] = Math.Round(tuned.TotalSeconds, 2),
                ["train_seconds"] = Math.Round(trained.TotalSeconds, 2),
                ["user_us"] = Math.Round(MicrosecondsPerCustomer(model, all), 1),
                ["peak_rss_mb"] = Machine.PeakRssMegabytes(),
            },
            Reference(Path.GetFileName(file))));
    }

    /// <summary>Best published or re-run numbers known for the file: SASRec (RecBole) on Beauty, ICLRec (Chen et al., WWW 2022) on Sports.</summary>
    private static Dictionary<string, double> Reference(string file) =>
        file.StartsWith("Beauty", StringComparison.Ordinal) ? new() { ["hit_10"] = 0.0848, ["ndcg_10"] = 0.0432 }
        : file.StartsWith("Sports", StringComparison.Ordinal) ? new() { ["hit_10"] = 0.0437, ["ndcg_10"] = 0.0238 }
        : [];

    /// <summary>One thread, twenty items each.</summary>
    private static double MicrosecondsPerCustomer(NextItem model, ItemSequences all)
    {
        var results = new Neighbour[20];
        var started = Stopwatch.GetTimestamp();
        for (var customer = 0; customer < all.Count; customer++)
        {
            model.Recommend(all.Of(customer), null, results);
        }
        return Stopwatch.GetElapsedTime(started).TotalMicroseconds / all.Count;
    }

    private static double Round(double value) => Math.Round(value, 5);
}
