using Wellmet.Science.Statistics;

namespace Wellmet.Science.Experiments;

/// <summary>Which of two rankings put an item into a mixed list.</summary>
public enum Team
{
    A,
    B,

    /// <summary>Where only one had something left to give: that it is there says nothing of which is better.</summary>
    Neither,
}

/// <param name="Team">Who gets the credit for a click.</param>
public readonly record struct DraftedItem<T>(T Item, Team Team);

/// <summary>
/// Mixes two rankings so that clicks tell which is better (team-draft interleaving: Radlinski, Kurup and Joachims, "How does clickthrough data reflect
/// retrieval quality?", CIKM 2008). In each round both pick their best item that is not there yet; a coin says who picks first. Once one ranking has no more, the rest is the other's and counts for neither.
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
            var aFirst = random.NextBits() >> 63 == 0;
            var (first, second) = aFirst ? (Team.A, Team.B) : (Team.B, Team.A);
            if (!HasMore(first) || !HasMore(second))
            {
                break;
            }
            var item = Take(first);
            var other = HasMore(second);
            drafted.Add(new DraftedItem<T>(item, other ? first : Team.Neither));
            if (other && drafted.Count < length)
            {
                drafted.Add(new DraftedItem<T>(Take(second), second));
            }
        }
        while (drafted.Count < length && (HasMore(Team.A) || HasMore(Team.B)))
        {
            drafted.Add(new DraftedItem<T>(Take(HasMore(Team.A) ? Team.A : Team.B), Team.Neither));
        }
        return drafted;

        bool HasMore(Team team) => team == Team.A ? Skip(a, ref nextA, taken) : Skip(b, ref nextB, taken);

        T Take(Team team)
        {
            var item = team == Team.A ? a[nextA] : b[nextB];
            taken.Add(item);
            return item;
        }
    }

    /// <summary>Goes on to the next item that is not in the list yet; false where there is none.</summary>
    private static bool Skip<T>(IReadOnlyList<T> ranking, ref int next, HashSet<T> taken)
    {
        while (next < ranking.Count && taken.Contains(ranking[next]))
        {
            next++;
        }
        return next < ranking.Count;
    }
}

/// <summary>
/// How often each ranking won: got more of the clicks on a list, or of those of one person on all of their lists. Wins must be independent of each other: where people come back, count people (Chapelle, Joachims, Radlinski and Yue,
/// "Large-scale validation and analysis of interleaved search evaluation", ACM TOIS 30, 2012).
/// </summary>
public readonly record struct InterleavingScore(long WinsA, long WinsB, long Ties)
{
    /// <summary>In [-½, ½]: above 0 where B is preferred; ties count half to each.</summary>
    public double PreferenceForB => WinsA + WinsB + Ties == 0 ? 0 : (WinsB + 0.5 * Ties) / (WinsA + WinsB + Ties) - 0.5;

    /// <summary>Of those that somebody won, the share that B won, in [0, 1]; ½ where nobody won any.</summary>
    public double ShareOfB => WinsA + WinsB == 0 ? 0.5 : WinsB / (double)(WinsA + WinsB);

    /// <summary>Holds the true share of B at all looks together, with 95 %; cut to [0, 1].</summary>
    public Interval AlwaysValidShareOfB
    {
        get
        {
            if (WinsA + WinsB == 0)
            {
                return new Interval(0, 1);
            }
            // A win is a coin of ±1: the share is half as wide.
            var half = MixtureRatio.HalfWidth(1.0 / (WinsA + WinsB), Mixing, 0.05) / 2;
            return new Interval(Math.Max(0, ShareOfB - half), Math.Min(1, ShareOfB + half));
        }
    }

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
        : MixtureRatio.PValue((WinsB - WinsA) / (double)(WinsA + WinsB), 1.0 / (WinsA + WinsB), Mixing);

    private const double Mixing = 0.1 * 0.1;
}
