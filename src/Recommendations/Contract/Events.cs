using Wellmet.Platform.Log;

namespace Wellmet.Recommendations.Contract;

/// <summary>What somebody says about a product that is offered to them, or that they bought.</summary>
public enum ProductOpinion
{
    /// <summary>It must not be offered again, and says what else they would not like.</summary>
    NotInterested,

    /// <summary>They bought it for somebody else: it says nothing about what they have or like.</summary>
    Gift,
}

/// <summary>A person said something about a product; it holds from the next answer on.</summary>
public sealed record ProductOpinionGiven(Guid SubjectId, DateTimeOffset OccurredAt, Guid ProductId, ProductOpinion Opinion) : ITimelineEntry
{
    public TimelineText Describe() => new("profile", Opinion switch
    {
        ProductOpinion.Gift => "Said that a product was a gift for somebody else",
        _ => "Is not interested in a product",
    }, [], $"/console/products/{ProductId}");
}

/// <summary>Products were picked out to suggest to a person.</summary>
public sealed record SuggestionsMade(Guid SubjectId, DateTimeOffset OccurredAt, IReadOnlyList<Guid> Products) : ITimelineEntry
{
    public TimelineText Describe() => new("profile", "Products were picked out: {0}", [Products.Count], $"/console/recommendations?customer={SubjectId}");
}

/// <summary>Products that were picked out for a person were sent to them by e-mail.</summary>
public sealed record SuggestionsSent(Guid SubjectId, DateTimeOffset OccurredAt, IReadOnlyList<Guid> Products) : ITimelineEntry
{
    public TimelineText Describe() => new("profile", "Products that were picked out were sent by e-mail: {0}", [Products.Count], $"/console/recommendations?customer={SubjectId}");
}

/// <summary>A person took back what they had said about a product.</summary>
public sealed record ProductOpinionTakenBack(Guid SubjectId, DateTimeOffset OccurredAt, Guid ProductId, ProductOpinion Opinion) : ITimelineEntry
{
    public TimelineText Describe() => new("profile", Opinion switch
    {
        ProductOpinion.Gift => "Took back that a product was a gift",
        _ => "Took back not being interested in a product",
    }, [], $"/console/products/{ProductId}");
}
