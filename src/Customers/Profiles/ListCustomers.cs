using System.Globalization;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Customers.Profiles;

/// <summary>What the list can be sorted by; never sealed data.</summary>
public enum CustomerSort
{
    LastOrder,
    Revenue,
    FirstSeen,
}

/// <summary>One line of the list.</summary>
/// <param name="Revenue">In the currency of most of the customer's orders; null where there is none.</param>
public sealed record CustomerRow(
    CustomerProfile Profile, string? Country, long Orders, long Items, Money? Revenue, Money? Cancelled,
    DateTimeOffset FirstSeenAt, DateTimeOffset? FirstOrderAt, DateTimeOffset? LastOrderAt)
{
    public Guid CustomerId => Profile.CustomerId;
}

/// <summary>Lists customers, found, filtered and sorted, page by page by key.</summary>
public sealed class ListCustomers(Database database, SearchTokens search, FindByIdentifier identifiers, ProfileReader profiles, CurrentActor actor)
{
    public const int MostRows = 1000;
    private const int MostFound = 2000, MostCounted = 10_000;

    /// <param name="Query">Beginnings of words of a name, e-mail address, phone number or external id; one too short to look for is passed over.</param>
    /// <param name="MinOrders">At least so many orders.</param>
    /// <param name="LastOrderFrom">Last order at or after.</param>
    /// <param name="LastOrderBefore">Last order before; customers without orders are not among them.</param>
    /// <param name="Anonymous">People of whom no identifier is known, instead of those who are known.</param>
    /// <param name="After">The cursor of an earlier page's end.</param>
    /// <param name="Before">The cursor of a later page's beginning.</param>
    public sealed record Request(
        string? Query = null, string? Country = null, long? MinOrders = null, long? MaxOrders = null,
        DateTimeOffset? LastOrderFrom = null, DateTimeOffset? LastOrderBefore = null, bool Anonymous = false,
        CustomerSort Sort = CustomerSort.LastOrder, bool Ascending = false, string? After = null, string? Before = null, int Limit = 50)
    {
        /// <summary>Only those who are known by this very identifier; see <see cref="FindByIdentifier"/>.</summary>
        public (IdentityKind Kind, string Value)? Identifier { get; init; }
    }

    /// <param name="Total">How many there are, or how many there are at least.</param>
    /// <param name="TotalIsExact">False where more were found than are looked through (the first ones seen are), or counted.</param>
    public sealed record Page(IReadOnlyList<CustomerRow> Rows, string? Previous, string? Next, long Total, bool TotalIsExact);

    /// <exception cref="ProblemException"><c>cursor_unknown</c>.</exception>
    public async Task<Page> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Read);
        var (found, all) = request.Identifier is { } known ? (await identifiers.RunAsync(known.Kind, known.Value, ct), true) : await FoundAsync(request.Query, ct);
        var filter = new CustomerFilter(request, found);
        var (rows, total) = await database.ReadAsync(async s =>
        {
            var total = await filter.CountAsync(s, MostCounted + 1, ct);
            return (await filter.RowsAsync(s, few: filter.IsNarrow && total <= MostCounted, ct), total);
        }, ct);
        var more = rows.Count > filter.Limit;
        if (more)
        {
            rows.RemoveAt(rows.Count - 1);
        }
        if (filter.Backwards)
        {
            rows.Reverse();
        }
        var opened = await profiles.ReadAsync(rows.ConvertAll(r => r.Id), ct);
        return new Page(
            rows.ConvertAll(r => r.Show(opened[r.Id])),
            rows.Count > 0 && (filter.Backwards ? more : request.After is not null) ? filter.CursorOf(rows[0]) : null,
            rows.Count > 0 && (filter.Backwards || more) ? filter.CursorOf(rows[^1]) : null,
            total, all && total <= MostCounted);
    }

    /// <summary>Countries to filter by: jumps from one to the next along the index.</summary>
    public Task<List<string>> CountriesAsync(CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Read);
        return database.ReadAsync(s => s.QueryAsync("""
            with recursive c (country) as (
              select min(country) from customers_summaries where anonymous = @anonymous
              union all
              select (select min(country) from customers_summaries where anonymous = @anonymous and country > c.country) from c where c.country is not null)
            select country from c where country is not null
            """, new { anonymous = false }, r => r.Text(0), ct), ct);
    }

    /// <summary>Null where nothing is looked for; and whether these are all that fit.</summary>
    private async Task<(IReadOnlyCollection<Guid>? Customers, bool All)> FoundAsync(string? query, CancellationToken ct)
    {
        if (query is not { Length: > 0 and <= PersonClaim.MaxLength } || !SearchTokens.CanFind(query))
        {
            return (null, true);
        }
        var subjects = await search.FindAsync(query, MostFound + 1, ct);
        var all = subjects.Count <= MostFound;
        return ((await database.ReadAsync(s => CustomerLinks.CustomersOfAsync(s, subjects, ct), ct)).Values.ToHashSet(), all);
    }
}
