using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Sessions;

namespace Wellmet.Recommendations.Models;

/// <summary>What people look at next in a visit, after what they looked at before. Immutable.</summary>
public sealed class NextLooks
{
    /// <summary>So many people must have looked at both of two products in their visits: of fewer it would tell what single ones did.</summary>
    private const int LeastPeople = 3;

    /// <summary>So many products are kept that may follow one.</summary>
    private const int Following = 100;

    private static readonly NextItemSettings Settings = new() { Transitions = new TransitionSettings { RowLength = Following } };

    /// <param name="steps">Of each item those that follow it, and how strongly.</param>
    public NextLooks(Neighbours steps) => (Steps, Model) = (steps, NextItem.Of(Settings, steps));

    /// <summary>Of each item those that follow it; to be saved.</summary>
    public Neighbours Steps { get; }

    /// <summary>Foretells the next look; see <see cref="NextItem"/>.</summary>
    public NextItem Model { get; }

    internal static NextLooks Learn(Visits visits, TrainingRun run)
    {
        var learnt = NextItem.Train(visits.Sequences, Settings, run).ToNeighbours();
        var people = SharedCounts.Count(learnt, visits.Looks.Items);
        var rows = Enumerable.Range(0, learnt.ItemCount).Select(item => learnt.Of(item).ToArray().Where((_, at) => people.Of(item)[at] >= LeastPeople).ToArray()).ToArray();
        return new NextLooks(Neighbours.FromRows(rows));
    }
}
