using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Joining;

/// <summary>A row of customers_evidence: a subject is an account's, as a proved source said.</summary>
/// <param name="SubjectId">A browser, an address, a number of the shop's own kind.</param>
/// <param name="UserId">The account's subject.</param>
/// <param name="At">When it was first said, by the time of the event (UTC).</param>
/// <param name="Token">Breaks a tie of times in the same way in whatever order messages arrive.</param>
/// <param name="SourceId">The key it came with; null where it is not known any more.</param>
/// <param name="Held">Why it was not joined; null where it was.</param>
internal sealed record Evidence(Guid SubjectId, Guid UserId, string Kind, DateTimeOffset At, string Token, Guid? SourceId, HoldReason? Held = null)
{
    private const int Page = 1000;
    private const string Columns = "subject_id, user_id, kind, said_at, token, source_id, held";

    public (Guid, Guid) Pair => (SubjectId, UserId);

    /// <summary>The earlier comes first; a message decides between equal times.</summary>
    public static readonly Comparer<Evidence> ByTime = Comparer<Evidence>.Create((a, b) => a.At.CompareTo(b.At) is not 0 and var order ? order : string.CompareOrdinal(a.Token, b.Token));

    private static readonly BulkInsert<Evidence> Rows = new("customers_evidence",
        new("subject_id", typeof(Guid), e => e.SubjectId),
        new("user_id", typeof(Guid), e => e.UserId),
        new("kind", typeof(string), e => e.Kind),
        new("said_at", typeof(DateTimeOffset), e => e.At),
        new("token", typeof(string), e => e.Token),
        new("source_id", typeof(Guid), e => e.SourceId),
        new("held", typeof(string), e => e.Held is { } held ? EnumText.Of(held) : null))
    {
        OnConflict = """
            on conflict (subject_id, user_id) do update set said_at = excluded.said_at, token = excluded.token, source_id = excluded.source_id
              where excluded.said_at < customers_evidence.said_at or (excluded.said_at = customers_evidence.said_at and excluded.token < customers_evidence.token)
            """,
    };

    /// <summary>Of what is told that which is not known, or is earlier than what is known (<c>Earlier</c>); each pair once.</summary>
    public static async Task<List<(Evidence Evidence, bool Earlier)>> NewsAsync(Session session, IEnumerable<Evidence> told, CancellationToken ct)
    {
        var first = told.GroupBy(e => e.Pair).Select(g => g.Min(ByTime)!).ToList();
        var known = new Dictionary<(Guid, Guid), Evidence>();
        foreach (var page in first.Chunk(Page))
        {
            var rows = await session.QueryAsync($"select {Columns} from customers_evidence where subject_id in @subjects and user_id in @users",
                new { subjects = page.Select(e => e.SubjectId).Distinct(), users = page.Select(e => e.UserId).Distinct() }, Read, ct);
            rows.ForEach(r => known[r.Pair] = r);
        }
        return [.. first.Where(e => !known.TryGetValue(e.Pair, out var row) || ByTime.Compare(e, row) < 0).Select(e => (e, known.ContainsKey(e.Pair)))];
    }

    /// <summary>Keeps the earliest of each pair, in one order for everybody.</summary>
    public static Task WriteAsync(Transaction tx, IEnumerable<Evidence> news, CancellationToken ct) => Rows.RunAsync(tx, [.. news.OrderBy(e => e.SubjectId).ThenBy(e => e.UserId)], ct);

    public static Task<List<Evidence>> OfSubjectsAsync(Session session, IReadOnlyCollection<Guid> subjects, CancellationToken ct) => OfAsync(session, "subject_id", subjects, ct);

    public static Task<List<Evidence>> OfUsersAsync(Session session, IReadOnlyCollection<Guid> users, CancellationToken ct) => OfAsync(session, "user_id", users, ct);

    /// <summary>How many pairs name it, counted up to a few more than <see cref="ReleaseHeld.MostAllowed"/>.</summary>
    public static Task<long> CountAsync(Session session, Guid id, CancellationToken ct) => session.CountAsync(
        "select count(*) from (select 1 from customers_evidence where subject_id = @id or user_id = @id limit @Bound) pairs", new { id, Bound = ReleaseHeld.MostAllowed + 1 }, ct);

    /// <summary>The latest pairs that name any of these, at most so many as subjects and so many as accounts.</summary>
    public static async Task<List<Evidence>> LatestAsync(Session session, IReadOnlyCollection<Guid> ids, int most, CancellationToken ct)
    {
        var found = new List<Evidence>();
        foreach (var page in ids.Distinct().Chunk(Page))
        {
            foreach (var column in new[] { "subject_id", "user_id" })
            {
                found.AddRange(await session.QueryAsync($"select {Columns} from customers_evidence where {column} in @page order by said_at desc limit @most", new { page, most }, Read, ct));
            }
        }
        return [.. found.DistinctBy(e => e.Pair)];
    }

    /// <summary>Notes why a pair is held back, or that it is not.</summary>
    public Task HoldAsync(Transaction tx, HoldReason? held, CancellationToken ct) => tx.ExecuteAsync(
        "update customers_evidence set held = @held where subject_id = @SubjectId and user_id = @UserId", new { held = held is { } reason ? EnumText.Of(reason) : null, SubjectId, UserId }, ct);

    /// <summary>What names any of these subjects goes with them.</summary>
    public static async Task ForgetAsync(Transaction tx, IReadOnlyCollection<Guid> subjects, CancellationToken ct)
    {
        await tx.ExecuteAsync("delete from customers_evidence where subject_id in @subjects", new { subjects }, ct);
        await tx.ExecuteAsync("delete from customers_evidence where user_id in @subjects", new { subjects }, ct);
        await tx.ExecuteAsync("delete from customers_shared where subject_id in @subjects", new { subjects }, ct);
    }

    private static async Task<List<Evidence>> OfAsync(Session session, string column, IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        var found = new List<Evidence>();
        foreach (var page in ids.Distinct().Chunk(Page))
        {
            found.AddRange(await session.QueryAsync($"select {Columns} from customers_evidence where {column} in @page", new { page }, Read, ct));
        }
        return found;
    }

    public static Evidence Read(Row r) => new(r.Guid(0), r.Guid(1), r.Text(2), r.Time(3), r.Text(4), r.GuidOrNull(5), r.IsNull(6) ? null : r.Enum<HoldReason>(6));
}
