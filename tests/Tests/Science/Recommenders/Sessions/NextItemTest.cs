using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Sessions;
using Wellmet.Science.Statistics;

namespace Wellmet.Tests.Science.Recommenders.Sessions;

public sealed class NextItemTest
{
    private static readonly TransitionSettings Plain = new() { StepDecay = 0.5f, Backward = 0.25f, SourceExponent = 0, TargetExponent = 0 };

    [Fact]
    public void A_step_counts_by_its_length_and_its_direction()
    {
        var transitions = Transitions.Train(Sequences([0, 1, 2]), Plain);

        transitions[0, 1].ShouldBe(1);
        transitions[0, 2].ShouldBe(0.5f);
        transitions[1, 0].ShouldBe(0.25f);
        transitions[2, 0].ShouldBe(0.125f);
        transitions[1, 1].ShouldBe(0);
    }

    [Fact]
    public void Frequent_items_and_long_sequences_count_by_their_exponents()
    {
        var settings = Plain with { Backward = 0, SourceExponent = 1, TargetExponent = 0.5f, LengthExponent = 0.5f };

        var transitions = Transitions.Train(Sequences([0, 1], [0, 1, 3, 4], [1, 2]), settings);

        transitions[0, 1].ShouldBe((1 / MathF.Sqrt(2) + 1 / MathF.Sqrt(4)) / 2 / MathF.Sqrt(3), 1e-6f);
    }

    [Fact]
    public void The_window_and_the_row_length_cut()
    {
        Transitions.Train(Sequences([0, 1, 2, 3]), Plain with { Window = 2 }).Columns(0).ToArray().ShouldBe([1, 2]);
        Transitions.Train(Sequences([0, 1, 2, 3]), Plain with { RowLength = 1 }).Columns(0).ToArray().ShouldBe([1]);
    }

    [Fact]
    public void The_latest_item_speaks_loudest_and_the_history_is_left_out()
    {
        var model = NextItem.Train(Sequences([0, 2], [1, 3]), new NextItemSettings { Transitions = Plain, HistoryDecay = 0.5f });
        var results = new Neighbour[4];

        var count = model.Recommend([0, 1], null, results);

        results[..count].Select(r => r.Item).ShouldBe([3, 2]);
        results[0].Score.ShouldBe(1);
        results[1].Score.ShouldBe(0.5f);
    }

    [Fact]
    public void Unknown_histories_get_the_most_frequent_eligible_items()
    {
        var model = NextItem.Train(Sequences([0, 1], [2, 1], [3, 0]), null);
        var results = new Neighbour[3];

        model.Recommend([], new ItemSet(4, [0, 2, 3]), results).ShouldBe(3);

        results.Select(r => r.Item).ShouldBe([0, 2, 3]);
        results.ShouldAllBe(r => r.Score == 0);
    }

    [Fact]
    public void Tuning_sees_that_an_older_item_decides_and_is_the_same_for_any_number_of_threads()
    {
        // Item i below 30 leads to item i + 30, but only after three items that lead nowhere.
        var random = new SeededRandom(3);
        int[] Visit(int item) => [item, 60 + random.Next(10), 60 + random.Next(10), 60 + random.Next(10), item + 30];
        var sequences = ItemSequences.Of([.. Enumerable.Range(0, 400).Select(_ => (int[])[.. Visit(random.Next(30)), .. Visit(random.Next(30))])], 70);

        var (settings, quality) = NextItemTuning.Run(sequences, new TrainingRun(1));
        var (again, _) = NextItemTuning.Run(sequences, new TrainingRun(2));

        quality.Ndcg10.ShouldBeGreaterThan(NextItemQuality.OfLast(NextItem.Train(sequences.WithoutLast(3)), sequences).Ndcg10);
        settings.HistoryDecay.ShouldBeGreaterThan(0.6f);
        again.ShouldBe(settings);
    }

    [Fact]
    public void Sequences_that_share_more_with_a_history_say_what_came_after()
    {
        var neighbours = new SessionNeighboursSettings { Share = 1, Count = 2, HistoryDecay = 0.5f, Sharpness = 2, StepDecay = 0.5f, Backward = 0.25f };
        var model = NextItem.Train(Sequences([6, 0, 1, 2], [0, 1, 3, 4], [1, 5]), new NextItemSettings { Transitions = Plain with { Window = 1, Backward = 0 }, HistoryDecay = 0.5f, Neighbours = neighbours });
        var scores = new float[7];

        model.Score([0, 1], scores);

        // By steps 2, 3 and 5 follow 1 alike, and 1 follows 0. The two that share both items have similarity 1.5; 5 is in the third, and 6 is two steps before what the first shares.
        scores[2].ShouldBe(2, 1e-6f);
        scores[3].ShouldBe(2, 1e-6f);
        scores[4].ShouldBe(0.5f, 1e-6f);
        scores[5].ShouldBe(1, 1e-6f);
        scores[6].ShouldBe(0.125f, 1e-6f);
    }

    [Fact]
    public void Only_the_latest_sequences_of_an_item_are_asked()
    {
        var neighbours = new SessionNeighboursSettings { Share = 1, Recent = 1 };
        var model = NextItem.Train(Sequences([0, 1], [0, 2]), new NextItemSettings { Transitions = Plain, Neighbours = neighbours });
        var scores = new float[3];

        model.Score([0], scores);

        scores.ShouldBe([0, 1, 2]);
    }

    [Fact]
    public void What_each_item_of_a_history_adds_comes_to_the_score_and_asking_allocates_nothing()
    {
        var random = new SeededRandom(5);
        var sequences = ItemSequences.Of([.. Enumerable.Range(0, 300).Select(_ => Enumerable.Range(0, 2 + random.Next(8)).Select(_ => random.Next(40)).ToArray())], 40);
        var neighbours = new SessionNeighboursSettings { Share = 0.7f, Count = 30, Recent = 20, Sharpness = 1.5f, TargetExponent = 0.2f };
        var model = NextItem.Train(sequences, new NextItemSettings { Neighbours = neighbours, MaxHistory = 6 });
        var (scores, contributions, results) = (new float[40], new float[9], new Neighbour[10]);
        for (var asked = 0; asked < 20; asked++)
        {
            int[] history = [.. Enumerable.Range(0, 9).Select(_ => random.Next(40))];
            model.Score(history, scores);
            for (var item = 0; item < 40; item++)
            {
                model.Contributions(history, item, contributions);
                contributions.Sum().ShouldBe(scores[item], 1e-5f);
            }

            model.Recommend(history, null, results);
            var before = GC.GetAllocatedBytesForCurrentThread();
            model.Recommend(history, null, results);
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        }
    }

    [Fact]
    public void Beauty_beats_the_published_sequence_models_without_learning_from_the_last_two_items()
    {
        var all = ItemSequences.Of([.. RealData.Lines("amazon-sequences/Beauty.txt.gz").Select(line => Array.ConvertAll(line.Split(' ')[1..], int.Parse))], 12_102);

        var quality = NextItemQuality.OfLast(NextItem.Train(all.WithoutLast(3).WithoutLast(3)), all);

        quality.Customers.ShouldBe(22_363);
        quality.Hit10.ShouldBeGreaterThan(0.0744);
        quality.Ndcg10.ShouldBeGreaterThan(0.0432);
    }

    private static ItemSequences Sequences(params int[][] sequences) => ItemSequences.Of(sequences, sequences.SelectMany(s => s).Max() + 1);
}
