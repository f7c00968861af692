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
        if (await proofs.ReadAsync(new CollectionSource(keyId, null, Trusted: false), proof, time.GetUtcNow(), ct) is not { } proved
            || IdentityText.IdentifierOf(IdentityKind.ExternalId, proved.UserId) is not { } identifier
            || !(await claims.OwnersAsync([identifier], ct)).TryGetValue(identifier, out var subject))
        {
            return null;
        }
        return (await database.ReadAsync(s => CustomerLinks.CustomersOfAsync(s, [subject], ct), ct)).GetValueOrDefault(subject, subject);
    }
}
