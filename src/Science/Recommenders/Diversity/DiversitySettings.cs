namespace Wellmet.Science.Recommenders.Diversity;

/// <summary>How varied a list is to be.</summary>
public sealed record DiversitySettings
{
    /// <summary>Weight of the score against unlikeness to what already stands in the list, in [0, 1].</summary>
    public float Relevance { get; init; } = 0.85f;

    /// <summary>The limits below hold in every run of so many places.</summary>
    public int Window { get; init; } = 20;

    /// <summary>Products of one type in a window.</summary>
    public int PerType { get; init; } = 3;

    /// <summary>Products of one brand in a window.</summary>
    public int PerBrand { get; init; } = 4;

    /// <summary>Share of products that few know, at least.</summary>
    public double LongTailFloor { get; init; } = 0.2;
}
