namespace Wellmet.Science.Recommenders;

/// <summary>
/// How far the number of customers of two items lies above what chance would give: (N - E) / sqrt(E), for one item and any other.
/// One instance per thread.
/// </summary>
internal sealed class Unusualness(Interactions interactions)
{
    private int _item;
    private long _otherPurchases;

    public void MoveTo(int item)
    {
        (_item, _otherPurchases) = (item, 0);
        foreach (var user in interactions.Items.Columns(item))
        {
            _otherPurchases += interactions.Users.RowLength(user) - 1;
        }
    }

    /// <param name="threshold">Standard deviations.</param>
    /// <param name="both">Customers of both, N.</param>
    /// <param name="other">The other item.</param>
    public bool IsAtLeast(double threshold, double both, int other) =>
        // 1 - (1 - p)^d is at most p d, and unusualness falls as the expectation grows: passing with the bound is passing.
        Deviations(both, ExpectationAtMost(other)) >= threshold || Deviations(both, Expectation(other)) >= threshold;

    /// <summary>Whether chance would give fewer than so many customers of both.</summary>
    public bool ChanceIsBelow(double customers, int other) => ExpectationAtMost(other) < customers || Expectation(other) < customers;

    private static double Deviations(double both, double expected) => (both - expected) / Math.Sqrt(Math.Max(expected, 1e-12));

    private double Share(int other) => (double)interactions.Items.RowLength(other) / interactions.Users.Count;

    private double ExpectationAtMost(int other) => Share(other) * _otherPurchases;

    private double Expectation(int other)
    {
        var log = Math.Log(1 - Math.Min(Share(other), 1 - 1e-12));
        var expected = 0.0;
        foreach (var user in interactions.Items.Columns(_item))
        {
            expected += 1 - Math.Exp((interactions.Users.RowLength(user) - 1) * log);
        }

        return expected;
    }
}
