using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Customers.Profiles;

/// <summary>Customers who are known by one very identifier. An address that several sources gave to several customers finds them all.</summary>
public sealed class FindByIdentifier(Database database, IdentifierClaims claims, SearchTokens search, ProfileReader profiles, CurrentActor actor)
{
    private const int MostRead = 200;

    /// <exception cref="ForbiddenException">For anything but the shop's own number: whether an address is known is personal, too.</exception>
    /// <exception cref="ProblemException"><c>personal_data_too_long</c>.</exception>
    public async Task<IReadOnlyCollection<Guid>> RunAsync(IdentityKind kind, string value, CancellationToken ct)
    {
        actor.Demand(kind == IdentityKind.ExternalId ? CustomersPermissions.Read : CustomersPermissions.ReadPersonal);
        if (IdentityText.IdentifierOf(kind, value) is not { } identifier)
        {
            return [];
        }
        var owners = await CustomersOfAsync((await claims.OwnersAsync([identifier], ct)).Values, ct);
        if (kind == IdentityKind.ExternalId)
        {
            return owners;
        }
        var found = await CustomersOfAsync(await search.FindAsync(identifier.Value, MostRead, ct), ct);
        var said = await profiles.ReadAsync(found, ct);
        return [.. owners.Union(found.Where(c => Says(said[c], kind, identifier.Value)))];
    }

    private async Task<IReadOnlyCollection<Guid>> CustomersOfAsync(IEnumerable<Guid> subjects, CancellationToken ct) =>
        [.. (await database.ReadAsync(s => CustomerLinks.CustomersOfAsync(s, [.. subjects], ct), ct)).Values.Distinct()];

    /// <summary>The search finds beginnings of words, and what was once said; only what is said now counts.</summary>
    private static bool Says(CustomerProfile profile, IdentityKind kind, string value) =>
        IdentityText.Normalise(kind, kind == IdentityKind.Email ? profile.Email : profile.Phone) == value
        || profile.Identities.Any(i => i.Kind == kind && IdentityText.Normalise(kind, i.Value) == value);
}
