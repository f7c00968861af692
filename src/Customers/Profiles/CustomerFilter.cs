using System.Globalization;
using Wellmet.Platform;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Profiles;

/// <summary>The SQL of <see cref="ListCustomers"/>: conditions, order and place in the list.</summary>
internal sealed class CustomerFilter(ListCustomers.Request request, IReadOnlyCollection<Guid>? found)
{
    private readonly (long Key, Guid Id)? place = Parse(request.Before ?? request.After);

    public int Limit { get; } = Math.Clamp(request.Limit, 1, ListCustomers.MostRows);
    public bool Backwards => request.Before is not null;

    private string Key => request.Sort switch { CustomerSort.Revenue => "revenue_minor", CustomerSort.FirstSeen => "first_seen_at", _ => "recency" };

    /// <param name="few">
    /// Few customers fit: they are picked first and then sorted. Many: the list is followed in its order until the page is full.
    /// </param>
    public Task<List<CustomerSummary>> RowsAsync(Session session, bool few, CancellationToken ct)
    {
        var (order, beyond) = request.Ascending != Backwards ? ("asc", ">") : ("desc", "<");
        var from = place is null ? "" : $"and ({Key}, subject_id) {beyond} (@key, @id)";
        var sql = $"""
            with fitting as {(few ? "materialized" : "not materialized")} (select * from customers_summaries where {Conditions})
            select subject_id, country, orders, items, currency, revenue_minor, cancelled_minor, first_seen_at, first_order_at, last_order_at, recency
            from fitting where 1 = 1 {from} order by {Key} {order}, subject_id {order} limit @limit
            """;
        // The key is a time for one sort and a number for the others, and each engine wants it as its column is.
        return request.Sort == CustomerSort.FirstSeen
            ? session.QueryAsync(sql, Parameters(Clock.FromMicroseconds(place?.Key ?? 0)), CustomerSummary.Read, ct)
            : session.QueryAsync(sql, Parameters(place?.Key ?? 0), CustomerSummary.Read, ct);
    }

    public Task<long> CountAsync(Session session, int most, CancellationToken ct) => session.CountAsync(
        $"select count(*) from (select 1 from customers_summaries where {Conditions} limit {most}) counted", Parameters(0L), ct);

    public string CursorOf(CustomerSummary row) => string.Create(CultureInfo.InvariantCulture, $"{KeyOf(row)}_{row.Id:N}");

    private long KeyOf(CustomerSummary row) => request.Sort switch
    {
        CustomerSort.Revenue => row.RevenueMinor,
        CustomerSort.FirstSeen => Clock.ToMicroseconds(row.FirstSeenAt),
        _ => row.Recency,
    };

    public bool IsNarrow => request.Country is not null || request.MinOrders is not null || request.MaxOrders is not null
        || request.LastOrderFrom is not null || request.LastOrderBefore is not null || found is not null;

    private string Conditions => string.Join(" and ", new[]
    {
        "anonymous = @Anonymous",
        request.Country is null ? null : "country = @Country",
        request.MinOrders is null ? null : "orders >= @MinOrders",
        request.MaxOrders is null ? null : "orders <= @MaxOrders",
        request.LastOrderFrom is null ? null : "recency >= @lastFrom",
        request.LastOrderBefore is null ? null : "recency between 1 and @lastBefore - 1",
        found is null ? null : "subject_id in @found",
    }.OfType<string>());

    private object Parameters<TKey>(TKey key) => new
    {
        request.Anonymous, request.Country, request.MinOrders, request.MaxOrders,
        lastFrom = Microseconds(request.LastOrderFrom), lastBefore = Microseconds(request.LastOrderBefore),
        found = found ?? [], key, id = place?.Id ?? Guid.Empty, limit = Limit + 1,
    };

    private static long Microseconds(DateTimeOffset? time) => time is { } t ? Clock.ToMicroseconds(t) : 0;

    private static (long Key, Guid Id)? Parse(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor))
        {
            return null;
        }
        var parts = cursor.Split('_');
        return parts.Length == 2 && long.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var key) && Guid.TryParseExact(parts[1], "N", out var id)
            ? (key, id)
            : throw new ProblemException("cursor_unknown", "This place in the list does not exist. Start again from the first page.");
    }
}

/// <summary>A row of customers_summaries.</summary>
internal sealed record CustomerSummary(
    Guid Id, string? Country, long Orders, long Items, string? Currency, long RevenueMinor, long CancelledMinor,
    DateTimeOffset FirstSeenAt, DateTimeOffset? FirstOrderAt, DateTimeOffset? LastOrderAt, long Recency)
{
    public static CustomerSummary Read(Row r) => new(
        r.Guid(0), r.TextOrNull(1), r.Long(2), r.Long(3), r.TextOrNull(4), r.Long(5), r.Long(6), r.Time(7), r.TimeOrNull(8), r.TimeOrNull(9), r.Long(10));

    public CustomerRow Show(CustomerProfile profile) => new(
        profile, Country, Orders, Items, Currency is null ? null : new Money(RevenueMinor, Currency),
        Currency is null || CancelledMinor == 0 ? null : new Money(CancelledMinor, Currency), FirstSeenAt, FirstOrderAt, LastOrderAt);
}
