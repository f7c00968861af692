namespace Wellmet.Science.Recommenders;

/// <summary>
/// Joins lists whose scores cannot be compared by what a place in each of them is worth: reciprocal rank fusion (Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion
/// outperforms Condorcet and individual Rank Learning Methods", SIGIR 2009).
/// </summary>
public static class ReciprocalRank
{
    /// <summary>The constant of the paper: how little the first places of a list stand out.</summary>
    public const float Flat = 60;

    /// <summary>What a place is worth, above 0.</summary>
    /// <param name="rank">From 1.</param>
    public static float Worth(int rank) => 1 / (Flat + rank);
}
