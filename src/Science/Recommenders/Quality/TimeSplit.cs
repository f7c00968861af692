namespace Wellmet.Science.Recommenders.Quality;

/// <summary>
/// Interactions cut at one moment: what was bought before is learned from, and what known customers bought for the first time after it is to be foretold. One cut for all, so that nothing
/// of the future leaks into what is learned.
/// </summary>
public sealed class TimeSplit
{
    private TimeSplit(Interactions before, long cut, IReadOnlyList<(int User, int[] New)> later) => (Before, Cut, Later) = (before, cut, later);

    /// <summary>What is learned from; the same users and items.</summary>
    public Interactions Before { get; }

    /// <summary>The moment, seconds since 1970-01-01 UTC; what was bought at it is later.</summary>
    public long Cut { get; }

    /// <summary>Customers who had bought before, and the items that they bought for the first time after the cut; ascending.</summary>
    public IReadOnlyList<(int User, int[] New)> Later { get; }

    /// <param name="interactions">What was bought.</param>
    /// <param name="share">Of the time from the first order to the last, so much at the end is to be foretold; above 0, below 1.</param>
    public static TimeSplit Of(Interactions interactions, double share = 0.1)
    {
        ArgumentNullException.ThrowIfNull(interactions);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(share, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(share, 1);
        var cut = interactions.LatestTime - (long)((interactions.LatestTime - interactions.EarliestTime) * share);
        var (learned, after) = (interactions.OfTimes(time => time < cut), interactions.OfTimes(time => time >= cut));
        return new TimeSplit(learned, cut, [.. Enumerable.Range(0, learned.UserCount).Where(user => learned.Users.RowLength(user) > 0)
            .Select(user => (user, New: (int[])[.. after.Users.Columns(user).ToArray().Except(learned.Users.Columns(user).ToArray())])).Where(l => l.New.Length > 0)]);
    }
}
