using Wellmet.Science.Statistics;

namespace Wellmet.Science.Experiments;

/// <summary>Which of two rankings put an item into a mixed list.</summary>
public enum Team
{
    A,
    B,
}

/// <param name="Team">Who gets the credit for a click.</param>
public readonly record struct DraftedItem<T>(T Item, Team Team);

/// <summary>
/// Mixes two rankings so that clicks tell which is better (team-draft interleaving: Radlinski, Kurup and Joachims, "How does clickthrough data reflect
/// retrieval quality?", CIKM 2008). In each round both pick their best item that is not there yet; a coin says who picks first.
/// Needs some ten times fewer visitors than showing each half the rankings.
/// </summary>
public static class TeamDraft
{
    /// <summary>The mixed list.</summary>
    /// <param name="length">Its length at most; it is shorter where the rankings hold fewer items.</param>
    /// <param name="random">Seed it by visitor and day: a list that is shown again must be the same.</param>
    public static IReadOnlyList<DraftedItem<T>> Mix<T>(IReadOnlyList<T> a, IReadOnlyList<T> b, int length, SeededRandom random)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentNullException.ThrowIfNull(random);
        var drafted = new List<DraftedItem<T>>();
        var taken = new HashSet<T>();
        var (nextA, nextB) = (0, 0);
        while (drafted.Count < length)
        {
            var before = drafted.Count;
            var aFirst = random.NextBits() >> 63 == 0;
            for (var turn = 0; turn < 2 && drafted.Count < length; turn++)
            {
                var team = aFirst == (turn == 0) ? Team.A : Team.B;
                if (team == Team.A ? Pick(a, ref nextA, taken, out var item) : Pick(b, ref nextB, taken, out item))
                {
                    drafted.Add(new DraftedItem<T>(item, team));
                }
            }
            if (drafted.Count == before)
            {
                break;
            }
        }
        return drafted;
    }

    private static bool Pick<T>(IReadOnlyList<T> ranking, ref int next, HashSet<T> taken, out T item)
        where T : notnull
    {
        while (next < ranking.Count)
        {
            item = ranking[next++];
            if (taken.Add(item))
            {
                return true;
            }
        }
        item = default!;
        return false;
    }
}

/// <summary>How often each ranking won a list: got more of its clicks.</summary>
public readonly record struct InterleavingScore(long WinsA, long WinsB, long Ties)
{
    /// <summary>In [-½, ½]: above 0 where B is preferred; ties count half to each.</summary>
    public double PreferenceForB => WinsA + WinsB + Ties == 0 ? 0 : (WinsB + 0.5 * Ties) / (WinsA + WinsB + Ties) - 0.5;

    /// <summary>The exact sign test over lists that somebody won, for one look.</summary>
    public double PValue => BinomialDistribution.SignTest(WinsB, WinsA);

    /// <summary>With the clicks of one list that was shown; a list without clicks is a tie.</summary>
    public InterleavingScore Add(int clicksOnA, int clicksOnB) => clicksOnA > clicksOnB ? this with { WinsA = WinsA + 1 }
        : clicksOnB > clicksOnA ? this with { WinsB = WinsB + 1 }
        : this with { Ties = Ties + 1 };

    /// <summary>
    /// The p-value that may be watched (see <see cref="AlwaysValidTest"/>), from the first list on: wins are coins, which are no wilder than a normal variable of
    /// their variance. The mixing supposes that preferences of about a tenth are worth finding.
    /// </summary>
    public double AlwaysValidPValue => WinsA + WinsB == 0 ? 1
        : MixtureRatio.PValue((WinsB - WinsA) / (double)(WinsA + WinsB), 1.0 / (WinsA + WinsB), 0.1 * 0.1);
}
