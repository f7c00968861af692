namespace Wellmet.Platform.Access.Keys;

/// <summary>One of the places whose visitors are recorded, e.g. a storefront.</summary>
public sealed record Site(Guid SiteId, string Name);

/// <summary>What write keys can be bound to. A module answers, because the platform knows no shop.</summary>
public interface ISites
{
    Task<IReadOnlyList<Site>> SitesAsync(CancellationToken ct);
}
