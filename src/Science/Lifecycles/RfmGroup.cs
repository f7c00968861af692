namespace Wellmet.Science.Lifecycles;

/// <summary>What customers are called by how lately, how often and for how much they bought.</summary>
public enum RfmGroup
{
    Champions,
    Loyal,
    PotentialLoyal,
    New,
    Promising,
    NeedsAttention,
    AboutToSleep,
    AtRisk,
    CannotLose,
    Hibernating,
    Lost,
}

/// <summary>The table of names: the score of recency against that of frequency and monetary value together.</summary>
public static class RfmGroups
{
    private const RfmGroup C = RfmGroup.Champions, L = RfmGroup.Loyal, P = RfmGroup.PotentialLoyal, N = RfmGroup.New, Pr = RfmGroup.Promising, Na = RfmGroup.NeedsAttention, Sl = RfmGroup.AboutToSleep,
        R = RfmGroup.AtRisk, Cl = RfmGroup.CannotLose, H = RfmGroup.Hibernating, X = RfmGroup.Lost;

    /// <summary>Rows: recency 1 to 5; columns: value 1 to 5.</summary>
    private static readonly RfmGroup[][] Table =
    [
        [X, X, R, Cl, Cl],
        [H, H, R, R, R],
        [Sl, Na, Na, L, L],
        [Pr, P, L, L, C],
        [N, P, L, C, C],
    ];

    /// <summary>Frequency and monetary value as one score: their mean, halves upwards.</summary>
    public static int ValueOf(int frequency, int monetary) => (frequency + monetary + 1) / 2;

    /// <param name="recency">1 to 5, 5 the most recent.</param>
    /// <param name="value">Of <see cref="ValueOf"/>.</param>
    public static RfmGroup Of(int recency, int value) => Table[recency - 1][value - 1];
}
