namespace Wellmet.Customers.Contract;

/// <summary>Who is signed in at a page of the shop, as the shop's server proves it.</summary>
public interface IProvenVisitors
{
    /// <summary>The customer whom a proof names; null where there is no proof, none that holds for this write key, or nobody of that number. Nobody becomes known by it.</summary>
    /// <param name="keyId">The write key with whose secret the proof was signed.</param>
    Task<Guid?> CustomerOfAsync(Guid keyId, string? proof, CancellationToken ct);
}
