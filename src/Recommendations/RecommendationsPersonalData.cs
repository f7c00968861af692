using System.Globalization;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Recommendations;

/// <summary>What Recommendations holds about people: what they said about products, and what was picked out for them. It goes with them; a model holds nobody's name or id.</summary>
internal sealed class RecommendationsPersonalData(Database database) : IPersonalData
{
    public async Task<IReadOnlyList<PersonalRecord>> ExportAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct) =>
        [.. await OpinionsAsync(subjects, ct), .. await SuggestionsAsync(subjects, ct)];

    private Task<List<PersonalRecord>> SuggestionsAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct) => database.ReadAsync(s => s.QueryAsync(
        "select subject_id, product_id, kind, made_at from recommendations_suggestions where subject_id in @subjects order by subject_id, place", new { subjects },
        r => PersonalRecord.Of(r.Guid(0), "suggestion", ("product", r.Guid(1).ToString()), ("kind", r.Text(2)), ("made_at", r.Time(3).ToString("u", CultureInfo.InvariantCulture))), ct), ct);

    private Task<List<PersonalRecord>> OpinionsAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct) => database.ReadAsync(s => s.QueryAsync(
        "select subject_id, product_id, opinion, said_at from recommendations_opinions where subject_id in @subjects order by said_at, product_id", new { subjects },
        r => PersonalRecord.Of(r.Guid(0), "product_opinion", ("product", r.Guid(1).ToString()), ("opinion", r.Text(2)), ("said_at", r.Time(3).ToString("u", CultureInfo.InvariantCulture))), ct), ct);

    public async Task EraseAsync(IReadOnlyCollection<Guid> subjects, Transaction tx, CancellationToken ct)
    {
        await tx.ExecuteAsync("delete from recommendations_opinions where subject_id in @subjects", new { subjects }, ct);
        await tx.ExecuteAsync("delete from recommendations_suggestions where subject_id in @subjects", new { subjects }, ct);
    }
}
