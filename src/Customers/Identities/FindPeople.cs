using Wellmet.Customers.Contract;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Customers.Identities;

/// <summary>Finds whom texts mean, by keyed hashes alone. See <see cref="ICustomers.FindAsync"/>.</summary>
internal sealed class FindPeople(Database database, IdentifierClaims claims, SearchTokens search)
{
    public async Task<ILookup<string, Guid>> RunAsync(IReadOnlyCollection<string> texts, CancellationToken ct)
    {
        var wanted = texts.Select(t => t.Trim()).Where(t => t.Length is > 0 and <= PersonClaim.MaxLength).Distinct(StringComparer.Ordinal).ToList();
        var owners = await OwnersAsync(wanted, ct);
        var numbers = owners.Where(o => o.IsNumber).Select(o => o.Text).ToHashSet(StringComparer.Ordinal);
        // An address need not be how somebody is known, nor be one customer's: sources may have said it of several.
        var open = wanted.Where(t => !numbers.Contains(t)).ToList();
        var said = await SaidAsync("email", IdentityKind.Email, open.Where(t => t.Contains('@', StringComparison.Ordinal)), ct);
        said.AddRange(await SaidAsync("phone", IdentityKind.Phone, open.Where(t => !t.Contains('@', StringComparison.Ordinal) && t.Any(char.IsAsciiDigit)), ct));
        var named = owners.Select(o => (o.Text, o.Subject)).Concat(said).ToList();
        var known = await KnownAsync([.. named.Select(n => n.Subject).Distinct()], ct);
        // Of several subjects of one customer the first stands for them.
        return named.Where(n => known.ContainsKey(n.Subject)).DistinctBy(n => (n.Text, known[n.Subject])).ToLookup(n => n.Text, n => n.Subject, StringComparer.Ordinal);
    }

    /// <param name="IsNumber">By an id or the shop's own number, which is one subject's alone.</param>
    private readonly record struct Owner(string Text, Guid Subject, bool IsNumber);

    private async Task<List<Owner>> OwnersAsync(List<string> texts, CancellationToken ct)
    {
        var named = texts.ConvertAll(t => (Text: t, Number: IdentityText.IdentifierOf(IdentityKind.ExternalId, t)!.Value, Addresses: new[] { IdentityKind.Email, IdentityKind.Phone }.Select(k => IdentityText.IdentifierOf(k, t)!.Value).ToList()));
        var owners = await claims.OwnersAsync([.. named.SelectMany(n => n.Addresses.Prepend(n.Number)).Distinct()], ct);
        return [.. named.SelectMany(n => Guid.TryParseExact(n.Text, "D", out var id) ? [new Owner(n.Text, id, IsNumber: true)]
            : owners.TryGetValue(n.Number, out var numbered) ? [new Owner(n.Text, numbered, IsNumber: true)]
            : n.Addresses.Where(owners.ContainsKey).Select(a => new Owner(n.Text, owners[a], IsNumber: false)))];
    }

    private async Task<List<(string Text, Guid Subject)>> SaidAsync(string field, IdentityKind kind, IEnumerable<string> texts, CancellationToken ct)
    {
        var values = texts.ToLookup(t => IdentityText.Normalise(kind, t)!, t => t);
        var found = await search.FindExactAsync(field, [.. values.Select(v => v.Key)], ct);
        return [.. found.SelectMany(f => values[f.Key].SelectMany(text => f.Select(subject => (text, subject))))];
    }

    /// <summary>The customer of each that stands and was not erased.</summary>
    private Task<Dictionary<Guid, Guid>> KnownAsync(List<Guid> subjects, CancellationToken ct) => database.ReadAsync(async s =>
    {
        var known = new Dictionary<Guid, Guid>();
        foreach (var page in subjects.Chunk(1000))
        {
            var standing = await s.QueryAsync("select subject_id from customers_subjects where subject_id in @page and erased_at is null", new { page }, r => r.Guid(0), ct);
            foreach (var (subject, customer) in await CustomerLinks.CustomersOfAsync(s, standing, ct))
            {
                known[subject] = customer;
            }
        }
        return known;
    }, ct);
}
