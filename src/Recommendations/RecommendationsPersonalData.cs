using System.Globalization;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Recommendations;

/// <summary>What Recommendations holds about people: what they said about products, what was picked out for them, which of what was shown to them they chose, and what is foretold of them. It goes with them; a model holds nobody's name or id.</summary>
internal sealed class RecommendationsPersonalData(Database database) : IPersonalData
{
    public async Task<IReadOnlyList<PersonalRecord>> ExportAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct) =>
        [.. await OpinionsAsync(subjects, ct), .. await SuggestionsAsync(subjects, ct), .. await SentAsync(subjects, ct), .. await ChoicesAsync(subjects, ct), .. await PredictionsAsync(subjects, ct)];

    private Task<List<PersonalRecord>> PredictionsAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct) => database.ReadAsync(s => s.QueryAsync(
        "select subject_id, chance, next_type, next_share, due, reasons, predicted_at from recommendations_predictions where subject_id in @subjects order by subject_id", new { subjects },
        r => PersonalRecord.Of(r.Guid(0), "prediction", ("chance_in_millionths", r.LongOrNull(1)?.ToString(CultureInfo.InvariantCulture)), ("next_type", r.TextOrNull(2)),
            ("next_type_in_millionths", r.LongOrNull(3)?.ToString(CultureInfo.InvariantCulture)), ("due", r.Text(4)), ("reasons", r.Text(5)), ("predicted_at", r.Time(6).ToString("u", CultureInfo.InvariantCulture))), ct), ct);

    private Task<List<PersonalRecord>> SuggestionsAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct) => database.ReadAsync(s => s.QueryAsync(
        "select subject_id, product_id, kind, made_at from recommendations_suggestions where subject_id in @subjects order by subject_id, place", new { subjects },
        r => PersonalRecord.Of(r.Guid(0), "suggestion", ("product", r.Guid(1).ToString()), ("kind", r.Text(2)), ("made_at", r.Time(3).ToString("u", CultureInfo.InvariantCulture))), ct), ct);

    private Task<List<PersonalRecord>> SentAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct) => database.ReadAsync(s => s.QueryAsync(
        "select subject_id, made_at, sent_at from recommendations_sent_suggestions where subject_id in @subjects order by subject_id, made_at", new { subjects },
        r => PersonalRecord.Of(r.Guid(0), "sent_suggestions", ("made_at", r.Time(1).ToString("u", CultureInfo.InvariantCulture)), ("sent_at", r.Time(2).ToString("u", CultureInfo.InvariantCulture))), ct), ct);

    private Task<List<PersonalRecord>> ChoicesAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct) => database.ReadAsync(s => s.QueryAsync(
        "select subject_id, product_id, placement, chosen_at from recommendations_choices where subject_id in @subjects order by chosen_at, product_id", new { subjects },
        r => PersonalRecord.Of(r.Guid(0), "chosen_recommendation", ("product", r.Guid(1).ToString()), ("placement", r.Text(2)), ("chosen_at", r.Time(3).ToString("u", CultureInfo.InvariantCulture))), ct), ct);

    private Task<List<PersonalRecord>> OpinionsAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct) => database.ReadAsync(s => s.QueryAsync(
        "select subject_id, product_id, opinion, said_at from recommendations_opinions where subject_id in @subjects order by said_at, product_id", new { subjects },
        r => PersonalRecord.Of(r.Guid(0), "product_opinion", ("product", r.Guid(1).ToString()), ("opinion", r.Text(2)), ("said_at", r.Time(3).ToString("u", CultureInfo.InvariantCulture))), ct), ct);

    public async Task EraseAsync(IReadOnlyCollection<Guid> subjects, Transaction tx, CancellationToken ct)
    {
        await tx.ExecuteAsync("delete from recommendations_opinions where subject_id in @subjects", new { subjects }, ct);
        await tx.ExecuteAsync("delete from recommendations_choices where subject_id in @subjects", new { subjects }, ct);
        await tx.ExecuteAsync("delete from recommendations_suggestions where subject_id in @subjects", new { subjects }, ct);
        await tx.ExecuteAsync("delete from recommendations_sent_suggestions where subject_id in @subjects", new { subjects }, ct);
        await tx.ExecuteAsync("delete from recommendations_predictions where subject_id in @subjects", new { subjects }, ct);
    }
}
