using Wellmet.Science.Recommenders.Clocks;
using Wellmet.Science.Statistics;

namespace Wellmet.Science.Recommenders.NextTypes;

/// <summary>How the next type is learned.</summary>
public sealed record NextTypeSettings
{
    /// <summary>A sale counts half after so many days.</summary>
    public double HalfLifeDays { get; init; } = 60;

    /// <summary>The last part of the time, which the weights are fitted to; the counts for that come from before it.</summary>
    public double FittedShare { get; init; } = 0.25;

    /// <summary>Orders × types that are fitted to; more are thinned out by a seeded draw.</summary>
    public int MaxCells { get; init; } = 1_000_000;
}

/// <summary>Learns <see cref="NextTypeModel"/> from the orders of customers who had ordered before. The same histories in the same order give the same model.</summary>
public static class NextTypeTrainer
{
    private const ulong Seed = 0x4E54;

    /// <summary>What holds without any evidence: popularity as it is, and nothing else.</summary>
    private static readonly double[] Start = [1, 0, 0, 0, 0, 0, 0];

    /// <summary>Trains. Goes through the histories three times.</summary>
    /// <param name="histories">Each customer's lines, earliest first, an order's lines together.</param>
    /// <param name="clocks">The types and their rhythms.</param>
    /// <param name="from">Begin of what was observed, seconds since 1970-01-01 UTC.</param>
    /// <param name="until">End of what was observed; later lines do not count.</param>
    /// <param name="settings">Null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time ends before it begins.</exception>
    public static NextTypeModel Train(IEnumerable<PastPurchase[]> histories, RepurchaseClocks clocks, long from, long until, NextTypeSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(histories);
        ArgumentNullException.ThrowIfNull(clocks);
        ArgumentOutOfRangeException.ThrowIfLessThan(until, from);
        settings ??= new NextTypeSettings();
        var cut = until - (long)(settings.FittedShare * (until - from));
        var choices = Choices(histories, Count(histories, clocks, cut, Start, settings), clocks, (cut, until), settings);
        return Count(histories, clocks, until, choices.Count == 0 ? Start : ConditionalLogit.Fit(choices, Start), settings);
    }

    private static NextTypeModel Count(IEnumerable<PastPurchase[]> histories, RepurchaseClocks clocks, long until, double[] weights, NextTypeSettings settings)
    {
        var counts = new NextTypeCounts(clocks.Types, settings.HalfLifeDays);
        foreach (var history in histories)
        {
            counts.Add(history, until);
        }

        return new NextTypeModel(clocks, counts.Shares(), counts.Transitions(), weights);
    }

    /// <summary>A sample of the orders between two times, each with what was known before it.</summary>
    private static List<Choice> Choices(
        IEnumerable<PastPurchase[]> histories, NextTypeModel model, RepurchaseClocks clocks, (long From, long Until) time, NextTypeSettings settings)
    {
        var (room, random, seen) = (Math.Max(1, settings.MaxCells / Math.Max(1, model.TypeCount)), new SeededRandom(Seed), 0);
        var choices = new List<Choice>();
        foreach (var history in histories)
        {
            foreach (var (from, to) in Orders.Of(history).Skip(1).Where(order => history[order.From].Time >= time.From && history[order.From].Time < time.Until))
            {
                var chosen = Orders.TypesIn(history.AsSpan(from, to - from), clocks.Types);
                var place = choices.Count < room ? choices.Count : random.Next(seen + 1);
                seen++;
                if (chosen.Length == 0 || place >= room)
                {
                    continue;
                }

                var x = new double[model.TypeCount * NextTypeModel.Features];
                model.Describe(history.AsSpan(0, from), history[from].Time, x);
                var choice = new Choice(x, chosen);
                if (place == choices.Count)
                {
                    choices.Add(choice);
                }
                else
                {
                    choices[place] = choice;
                }
            }
        }

        return choices;
    }
}
