using Wellmet.Customers.Identities;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Traits;

/// <summary>Derives the row that lists show of a customer from the subjects' figures and profiles.</summary>
internal static class Summaries
{
    private const string Columns = "anonymous, first_seen_at, country, orders, items, currency, revenue_minor, cancelled_minor, first_order_at, last_order_at, recency";

    /// <summary>Brings the summaries of these subjects' customers up to date; a customer that is no more loses its row.</summary>
    public static async Task RefreshAsync(Transaction tx, IReadOnlyCollection<Guid> subjects, CancellationToken ct)
    {
        foreach (var page in subjects.Distinct().Chunk(500))
        {
            var customers = await CustomerLinks.LockAsync(tx, page, ct);
            await RefreshCustomersAsync(tx, [.. customers.Union(page)], ct);
        }
    }

    private static async Task RefreshCustomersAsync(Transaction tx, IReadOnlyCollection<Guid> customers, CancellationToken ct)
    {
        var updates = string.Join(", ", Columns.Split(", ").Select(c => $"{c} = excluded.{c}"));
        var standing = await tx.QueryAsync($"""
            with members as (
              select l.customer_id, l.subject_id, s.anonymous, s.first_seen_at
              from customers_links l join customers_subjects s on s.subject_id = l.subject_id
              where l.customer_id in @customers and s.erased_at is null),
            people as (
              select customer_id, min(case when anonymous then 1 else 0 end) = 1 as anonymous, min(first_seen_at) as first_seen_at
              from members group by customer_id),
            money as (
              select m.customer_id, f.currency, sum(f.orders) as orders, sum(f.items) as items, sum(f.revenue_minor) as revenue_minor,
                sum(f.cancelled_minor) as cancelled_minor, min(f.first_order_at) as first_order_at, max(f.last_order_at) as last_order_at
              from members m join customers_figures f on f.subject_id = m.subject_id group by m.customer_id, f.currency),
            ranked as (
              select customer_id, currency, revenue_minor, cancelled_minor,
                row_number() over (partition by customer_id order by orders desc, currency) as place,
                sum(orders) over (partition by customer_id) as orders, sum(items) over (partition by customer_id) as items,
                min(first_order_at) over (partition by customer_id) as first_order_at, max(last_order_at) over (partition by customer_id) as last_order_at
              from money),
            said as (
              select customer_id, country, row_number() over (partition by customer_id order by weight, said_at desc, import_id desc, subject_id) as place from (
                select m.customer_id, m.subject_id, pr.country, case when pr.import_id = @none then 0 else 1 end as weight, pr.said_at, pr.import_id
                from members m join customers_profiles pr on pr.subject_id = m.subject_id where pr.country is not null
                union all
                select m.customer_id, m.subject_id, t.code, case when t.trusted then 1 else 2 end, t.said_at, @none
                from members m join customers_traits t on t.subject_id = m.subject_id and t.name = 'country' where t.code is not null) statements)
            insert into customers_summaries (subject_id, {Columns})
            select p.customer_id, p.anonymous, p.first_seen_at,
              nullif(c.country, ''),
              coalesce(r.orders, 0), coalesce(r.items, 0), r.currency, coalesce(r.revenue_minor, 0), coalesce(r.cancelled_minor, 0),
              r.first_order_at, r.last_order_at,
              coalesce({tx.Pick("r.last_order_at", "(extract(epoch from r.last_order_at) * 1000000)::bigint")}, 0)
            from people p left join ranked r on r.customer_id = p.customer_id and r.place = 1
            left join said c on c.customer_id = p.customer_id and c.place = 1
            where true
            on conflict (subject_id) do update set {updates}
            returning subject_id
            """, new { customers, none = Guid.Empty }, r => r.Guid(0), ct);
        if (customers.Except(standing).ToList() is { Count: > 0 } gone)
        {
            await tx.ExecuteAsync("delete from customers_summaries where subject_id in @gone", new { gone }, ct);
        }
    }
}
