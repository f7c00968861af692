namespace Wellmet.Segments.Contract;

/// <summary>A segment as other modules show it.</summary>
/// <param name="Size">Customers who belong now.</param>
public sealed record SegmentLabel(Guid SegmentId, string Name, long Size);

/// <summary>
/// What other modules may ask about segments. A membership is a fact about a person, like a country: whoever acts on it asks the purpose gate for that use.
/// </summary>
public interface ISegments
{
    /// <summary>All that are in force, by name.</summary>
    Task<IReadOnlyList<SegmentLabel>> AllAsync(CancellationToken ct);

    /// <summary>Which segments the customer of this subject belongs to now.</summary>
    Task<IReadOnlySet<Guid>> OfAsync(Guid subject, CancellationToken ct);

    /// <summary>Customers who belong to a segment, in the order of their ids, after one of them.</summary>
    Task<IReadOnlyList<Guid>> MembersAsync(Guid segmentId, Guid after, int limit, CancellationToken ct);
}
