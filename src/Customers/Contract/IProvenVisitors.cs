using Wellmet.Platform;

namespace Wellmet.Customers.Contract;

/// <summary>Who is signed in at a page of the shop, as the shop's server proves it.</summary>
public interface IProvenVisitors
{
    /// <summary>The customer whom a proof names; null where there is no proof, none that holds for this write key, or nobody of that number. Nobody becomes known by it.</summary>
    /// <param name="keyId">The write key with whose secret the proof was signed.</param>
    Task<Guid?> CustomerOfAsync(Guid keyId, string? proof, CancellationToken ct);

    /// <summary>
    /// Whose visitor number this is: a customer, where the visitor became known. Null where nothing was told of it. Anybody can name any number: enough to count by, not to use what is known of
    /// somebody, unless the shop's own server asks with a secret key.
    /// </summary>
    Task<Guid?> ClaimedAsync(string? anonymousId, CancellationToken ct);

    /// <summary>For what only who is signed in may do.</summary>
    static ProblemException Refused() => new("proof_refused", "There is no proof of who is signed in, or it does not hold: it must be signed with this write key's secret and not be over.", 422);
}
