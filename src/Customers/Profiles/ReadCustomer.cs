using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Profiles;

/// <summary>What a customer bought in one currency.</summary>
public sealed record CurrencyFigures(
    string Currency, long Orders, long Items, Money Revenue, Money Cancelled, DateTimeOffset? FirstOrderAt, DateTimeOffset? LastOrderAt)
{
    /// <summary>Null where there is no order.</summary>
    public Money? AverageOrder => Orders == 0 ? null : new Money((long)Math.Round((decimal)Revenue.Minor / Orders, MidpointRounding.AwayFromZero), Currency);
}

/// <summary>A merge in force.</summary>
/// <param name="SubjectId">The subject that led the customer which joined.</param>
public sealed record MergeInForce(Guid SubjectId, Guid MergeId, MergeReason Reason, DateTimeOffset At);

/// <summary>Everything that stands on the customer page, apart from the timeline and other modules' panels.</summary>
/// <param name="Figures">One for each currency, most orders first.</param>
/// <param name="ErasedAt">When the person was forgotten; nothing personal is left then.</param>
public sealed record CustomerView(
    CustomerProfile Profile, IReadOnlyList<Guid> Subjects, DateTimeOffset FirstSeenAt, bool Anonymous, DateTimeOffset? ErasedAt,
    IReadOnlyList<CurrencyFigures> Figures, IReadOnlyList<MergeInForce> Merges)
{
    public Guid CustomerId => Profile.CustomerId;
}

/// <summary>Reads one customer by any of its subjects.</summary>
public sealed class ReadCustomer(Database database, ProfileReader profiles, CurrentActor actor)
{
    /// <exception cref="ProblemException"><c>customer_unknown</c>.</exception>
    public async Task<CustomerView> RunAsync(Guid subjectId, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Read);
        var view = await database.ReadAsync(s => ReadAsync(s, subjectId, ct), ct)
            ?? throw new ProblemException("customer_unknown", "This customer does not exist, or was erased.", 404);
        return view with { Profile = (await profiles.ReadAsync([view.CustomerId], ct))[view.CustomerId] };
    }

    private static async Task<CustomerView?> ReadAsync(Session session, Guid subjectId, CancellationToken ct)
    {
        var customer = (await CustomerLinks.CustomersOfAsync(session, [subjectId], ct))[subjectId];
        var subjects = await session.QueryAsync("""
            select s.subject_id, s.first_seen_at, s.anonymous, s.erased_at from customers_links l join customers_subjects s on s.subject_id = l.subject_id
            where l.customer_id = @customer order by s.first_seen_at, s.subject_id
            """, new { customer }, r => new { Id = r.Guid(0), FirstSeenAt = r.Time(1), Anonymous = r.Bool(2), ErasedAt = r.TimeOrNull(3) }, ct);
        if (subjects.Count == 0)
        {
            return null;
        }
        var ids = subjects.ConvertAll(s => s.Id);
        return new CustomerView(
            new CustomerProfile(customer, null, null, null, null, null, []), ids, subjects[0].FirstSeenAt, subjects.TrueForAll(s => s.Anonymous),
            subjects.Find(s => s.ErasedAt is not null)?.ErasedAt, await FiguresAsync(session, ids, ct), await MergesAsync(session, ids, ct));
    }

    private static Task<List<CurrencyFigures>> FiguresAsync(Session session, List<Guid> subjects, CancellationToken ct) => session.QueryAsync("""
        select currency, sum(orders), sum(items), sum(revenue_minor), sum(cancelled_minor), min(first_order_at), max(last_order_at)
        from customers_figures where subject_id in @subjects group by currency order by sum(orders) desc, currency
        """, new { subjects }, r => new CurrencyFigures(
            r.Text(0), r.Long(1), r.Long(2), new Money(r.Long(3), r.Text(0)), new Money(r.Long(4), r.Text(0)), r.TimeOrNull(5), r.TimeOrNull(6)), ct);

    private static Task<List<MergeInForce>> MergesAsync(Session session, List<Guid> subjects, CancellationToken ct) => session.QueryAsync(
        "select subject_id, merge_id, reason, merged_at from customers_merges where subject_id in @subjects order by merged_at desc, subject_id",
        new { subjects }, r => new MergeInForce(r.Guid(0), r.Guid(1), r.Enum<MergeReason>(2), r.Time(3)), ct);
}
