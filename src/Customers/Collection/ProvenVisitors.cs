using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Customers.Collection;

/// <summary>See <see cref="IProvenVisitors"/>. Of the proof only the user's number is used.</summary>
internal sealed class ProvenVisitors(IdentityProof proofs, IdentifierClaims claims, Database database, TimeProvider time) : IProvenVisitors
{
    public async Task<Guid?> CustomerOfAsync(Guid keyId, string? proof, CancellationToken ct)
    {
        if (await proofs.ReadAsync(new CollectionSource(keyId, null, Trusted: false), proof, time.GetUtcNow(), ct) is not { } proved)
        {
            return null;
        }
        return await OwnerAsync(IdentityKind.ExternalId, proved.UserId, ct);
    }

    public async Task<Guid?> ClaimedAsync(string? anonymousId, CancellationToken ct) => string.IsNullOrEmpty(anonymousId) ? null : await OwnerAsync(IdentityKind.AnonymousId, anonymousId, ct);

    private async Task<Guid?> OwnerAsync(IdentityKind kind, string value, CancellationToken ct)
    {
        if (IdentityText.IdentifierOf(kind, value) is not { } identifier || !(await claims.OwnersAsync([identifier], ct)).TryGetValue(identifier, out var subject))
        {
            return null;
        }
        return (await database.ReadAsync(s => CustomerLinks.CustomersOfAsync(s, [subject], ct), ct)).GetValueOrDefault(subject, subject);
    }
}
