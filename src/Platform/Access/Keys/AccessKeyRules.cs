using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Modules;

namespace Wellmet.Platform.Access.Keys;

/// <summary>What may be asked of a new key.</summary>
public sealed class AccessKeyRules(ModuleCatalog catalog, IEnumerable<ISites> sites)
{
    public const int MaxLifeDays = 3650;

    public async Task<IReadOnlyList<Site>> SitesAsync(CancellationToken ct)
    {
        var all = new List<Site>();
        foreach (var source in sites)
        {
            all.AddRange(await source.SitesAsync(ct));
        }
        return all;
    }

    /// <summary>The request with what its kind implies: a write key sends events of its site and does nothing else.</summary>
    /// <exception cref="ProblemException"><c>name_invalid</c>, <c>life_invalid</c>, <c>scopes_missing</c>, <c>scope_unknown</c>, <c>site_unknown</c>.</exception>
    internal async Task<CreateAccessKey.Request> DemandAsync(CreateAccessKey.Request request, CancellationToken ct)
    {
        var name = StaffAccounts.DemandName(request.Name);
        if (request.LifeDays is < 1 or > MaxLifeDays)
        {
            throw new ProblemException("life_invalid", "A key lives from 1 to {0} days, or until it is revoked.", 400, MaxLifeDays);
        }
        if (request.Kind == AccessKeyKind.Secret)
        {
            return request with { Name = name, SiteId = null, Scopes = DemandScopes(request.Scopes) };
        }
        if (!(await SitesAsync(ct)).Any(s => s.SiteId == request.SiteId))
        {
            throw new ProblemException("site_unknown", "Choose the storefront whose events the key sends.");
        }
        return request with { Name = name, Scopes = [AccessPermissions.WriteEvents.Code] };
    }

    private string[] DemandScopes(IReadOnlyCollection<string> asked)
    {
        if (asked.Count == 0)
        {
            throw new ProblemException("scopes_missing", "Choose at least one thing that the key may do.");
        }
        var unknown = asked.FirstOrDefault(code => !catalog.Scopes.ContainsKey(new Permission(code)));
        return unknown is null ? [.. asked.Distinct().Order(StringComparer.Ordinal)] : throw new ProblemException("scope_unknown", "There is no scope {0}.", 400, unknown[..Math.Min(unknown.Length, 100)]);
    }
}
