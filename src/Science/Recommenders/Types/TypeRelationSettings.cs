namespace Wellmet.Science.Recommenders.Types;

/// <summary>What makes two types complements or substitutes.</summary>
public sealed record TypeRelationSettings
{
    /// <summary>The companion comes in the same order or so many days later.</summary>
    public double Days { get; init; } = 30;

    /// <summary>A view belongs to an order that follows within so many hours.</summary>
    public double SessionHours { get; init; } = 12;

    /// <summary>How many times as often as chance would give, at least.</summary>
    public double MinStrength { get; init; } = 2;

    /// <summary>How many times as strong as the other relation, at least.</summary>
    public double MinRatio { get; init; } = 1.5;

    /// <summary>
    /// Pairs that were seen, and would by chance be seen, less often than this are judged by their parents, then by content, unless the little there is
    /// leaves no doubt.
    /// </summary>
    public int MinObservations { get; init; } = 20;

    /// <summary>Fewest times that a pair was seen, whatever the evidence.</summary>
    public int MinMet { get; init; } = 5;

    /// <summary>
    /// Least evidence (Dunning's G²); 10.8 is p &lt; .001 for one degree of freedom. To it comes 2 ln(types), about the same p for each type against all
    /// others: among thousands of pairs one in a thousand would be many.
    /// </summary>
    public double MinLogLikelihoodRatio { get; init; } = 10.8;

    /// <summary>Meetings, as seen and as expected, of prior belief that two types have nothing to do with each other.</summary>
    public double Shrinkage { get; init; } = 5;

    /// <summary>The relation goes one way where chance would do that less often than this.</summary>
    public double DirectionLevel { get; init; } = 0.01;

    /// <summary>Types about which nothing else is known do the same where their texts are as close as this (cosine).</summary>
    public double SubstituteContent { get; init; } = 0.8;
}
