using Wellmet.Platform.Storage;

namespace Wellmet.Recommendations.Suggestions;

/// <summary>Which lists were sent. It is a fact of its own: it stands when the list is made anew, and when the customer withdraws their consent afterwards.</summary>
internal static class SentSuggestions
{
    /// <summary>When the list that was made then was sent; null where it was not.</summary>
    public static async Task<DateTimeOffset?> AtAsync(Session session, IReadOnlyCollection<Guid> subjects, DateTimeOffset made, CancellationToken ct) =>
        (await session.QueryAsync("select min(sent_at) from recommendations_sent_suggestions where subject_id in @subjects and made_at = @made", new { subjects, made }, r => r.TimeOrNull(0), ct)).Single();

    /// <summary>False where that was said before.</summary>
    public static async Task<bool> AddAsync(Transaction tx, Guid subject, DateTimeOffset made, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync("insert into recommendations_sent_suggestions (subject_id, made_at, sent_at) values (@subject, @made, @now) on conflict do nothing", new { subject, made, now }, ct) == 1;
}
