namespace Wellmet.Commerce.Contract;

/// <summary>The last time that somebody looked at a product.</summary>
public readonly record struct ProductView(Guid SubjectId, Guid ProductId, DateTimeOffset ViewedAt);

/// <summary>
/// What other modules may ask about what shoppers looked at: at most two hundred products of each subject, for sixty days. Whoever chooses something for
/// a person by it asks the purpose gate first.
/// </summary>
public interface IViews
{
    /// <summary>What these subjects, as one customer, looked at: each product once, at its last time, newest first.</summary>
    Task<IReadOnlyList<ProductView>> OfAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct);

    /// <summary>All that is kept, subject by subject, earliest first; for models that are trained on all.</summary>
    Task ForEachAsync(Action<ProductView> visit, CancellationToken ct);
}
