using System.Diagnostics;
using Wellmet.Platform;
using Wellmet.Science.Recommenders;

namespace Wellmet.Bench.Recommendations;

/// <summary>
/// Accuracy on a public set split into a training and a test file. <c>--train</c>, <c>--test</c>, <c>--protocol lightgcn</c>,
/// <c>--model cosine|als|ridge|blend</c>.
/// </summary>
internal sealed class RecommendBench : IBench
{
    private const int CosineNeighbours = 99;

    public string Name => "recommend";
    public string Summary => "Recall and NDCG of recommendations on a public split: --train, --test, --model cosine|als|ridge|blend, --settings auto|default";

    public Task<BenchResult> RunAsync(BenchArguments arguments, CancellationToken ct)
    {
        var protocol = arguments.Text("protocol", "lightgcn");
        if (protocol != "lightgcn")
        {
            throw new ProblemException("protocol_unknown", "There is no protocol {0}; there is lightgcn.", 400, protocol);
        }
        var train = HistoryFile.Read(arguments.Text("train", ""));
        var test = HistoryFile.Read(arguments.Text("test", ""));
        var interactions = InteractionsOf(train, test);
        var name = arguments.Text("model", "blend");
        var run = new TrainingRun(0, ct);
        var began = Stopwatch.GetTimestamp();
        var settings = SettingsOf(arguments, name, interactions, run);
        var tuned = Stopwatch.GetElapsedTime(began);
        var (started, cpu) = (Stopwatch.GetTimestamp(), Cpu());
        var model = Train(name, interactions, settings, run);
        var (wall, used) = (Stopwatch.GetElapsedTime(started), Cpu() - cpu);
        var outcome = LightGcnProtocol.Measure(model, train, test);
        return Task.FromResult(new BenchResult(
            new Dictionary<string, object?> { ["protocol"] = protocol, ["model"] = name, ["parts"] = settings },
            new Dictionary<string, double>
            {
                ["recall_20"] = Math.Round(outcome.Recall, 5),
                ["ndcg_20"] = Math.Round(outcome.Ndcg, 5),
                ["coverage_20"] = Math.Round(outcome.Coverage, 4),
                ["tune_seconds"] = Math.Round(tuned.TotalSeconds, 2),
                ["train_seconds"] = Math.Round(wall.TotalSeconds, 2),
                ["train_cpu_seconds"] = Math.Round(used.TotalSeconds, 2),
                ["peak_rss_mb"] = Machine.PeakRssMegabytes(),
                ["user_us"] = Math.Round(outcome.UserMicroseconds, 1),
                ["users"] = interactions.UserCount,
                ["items"] = interactions.ItemCount,
                ["train_pairs"] = interactions.Users.Count,
                ["test_users"] = outcome.Users,
            },
            new Dictionary<string, double>()));
    }

    /// <summary>Tuned on a part of the training file unless told otherwise; the plain models have nothing to tune.</summary>
    private static ForYouSettings SettingsOf(BenchArguments arguments, string model, Interactions interactions, TrainingRun run)
    {
        var plain = new ForYouSettings(new(), new(), new(), new TasteShares(0.2f, 0));
        return arguments.Text("settings", "auto") switch
        {
            "default" => plain,
            "auto" => model is "ridge" or "blend" ? ForYouTuning.Choose(interactions, run) : plain,
            var other => throw new ProblemException("settings_unknown", "There are no settings {0}; there are auto and default.", 400, other),
        };
    }

    private static ForYou Train(string model, Interactions interactions, ForYouSettings settings, TrainingRun run)
    {
        var bestsellers = Bestsellers.Train(interactions);
        var none = new SparseMatrix(interactions.ItemCount, new int[interactions.ItemCount + 1], [], []);
        return model switch
        {
            "cosine" => new ForYou(ItemCosine.Train(interactions, CosineNeighbours, run), bestsellers),
            "als" => new ForYou(none, bestsellers, new Taste(ImplicitAls.Train(interactions, settings.Als, run), null, new TasteShares(1, 0))),
            "ridge" => new ForYou(LocalRidge.Train(interactions, settings.Ridge, run), bestsellers),
            "blend" => new ForYou(LocalRidge.Train(interactions, settings.Ridge, run), bestsellers, settings.TrainTaste(interactions, null, run)),
            _ => throw new ProblemException("model_unknown", "There is no model {0}; there are cosine, als, ridge and blend.", 400, model),
        };
    }

    /// <summary>The files have no times, so each user's items are one order, and every weight is 1.</summary>
    private static Interactions InteractionsOf(IReadOnlyDictionary<int, int[]> train, IReadOnlyDictionary<int, int[]> test)
    {
        var items = train.Values.Concat(test.Values).Max(history => history.Max()) + 1;
        int[] users = [.. train.Keys.Order()];
        var purchases = users.SelectMany((user, order) => train[user].Select(item => new Purchase(user, order, item, 0, 1)));
        return InteractionsBuilder.Build(purchases, users[^1] + 1, items, new InteractionsSettings(MaxItemsPerUser: int.MaxValue));
    }

    private static TimeSpan Cpu() => Process.GetCurrentProcess().TotalProcessorTime;
}
