using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Keys;

namespace Wellmet.Recommendations.Serving;

/// <summary>
/// Who sits at a page of the shop, which holds a write key that everybody can read. So nothing is known or done on the page's word: only for who is proved to be signed in.
/// </summary>
public sealed class PageVisitor(IProvenVisitors visitors, CurrentKey key, CurrentActor actor)
{
    /// <summary>The customer whom the proof names; null where it names nobody. From here on the key may do this and nothing else: what is asked after it was decided here.</summary>
    public async Task<Guid?> EnterAsync(string? proof, Permission may, CancellationToken ct)
    {
        actor.Demand(AccessPermissions.WriteEvents);
        var keyId = key.Id ?? throw new InvalidOperationException("Only for requests with a key.");
        actor.Value = new Actor(null, actor.Value.Name, null, p => p == may);
        return await visitors.CustomerOfAsync(keyId, proof, ct);
    }

    /// <summary>By whom may be counted what happens on the page: the customer, or else the visitor whose number the page names. What is known of that one is not used.</summary>
    public async Task<Guid?> CountedAsync(Guid? customer, string? anonymousId, CancellationToken ct) => customer ?? await visitors.ClaimedAsync(anonymousId, ct);

    /// <exception cref="ProblemException"><c>proof_refused</c> (422).</exception>
    public async Task<Guid> DemandAsync(string? proof, Permission may, CancellationToken ct) => await EnterAsync(proof, may, ct) ?? throw IProvenVisitors.Refused();
}
