using System.Globalization;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;
using Wellmet.Segments.Lifecycles;
using Wellmet.Segments.Members;

namespace Wellmet.Segments;

/// <summary>What segments hold about people: which they belong to, and belonged to; and how they were scored last. The histories repeat what the log and the orders hold, and go with an erasure, too.</summary>
internal sealed class SegmentsPersonalData(Database database) : IPersonalData
{
    public async Task<IReadOnlyList<PersonalRecord>> ExportAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct) => [.. await SegmentsAsync(subjects, ct), .. await ScoresAsync(subjects, ct)];

    private async Task<List<PersonalRecord>> ScoresAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct) => (await database.ReadAsync(s => s.QueryAsync(
        $"select {CustomerScore.Columns} from segments_scores where subject_id in @subjects", new { subjects }, CustomerScore.Read, ct), ct)).ConvertAll(s => PersonalRecord.Of(s.CustomerId, "score",
            ("lifecycle_stage", EnumText.Of(s.Stage)), ("recency", Number(s.Recency)), ("frequency", Number(s.Frequency)), ("monetary", Number(s.Monetary)), ("usual_days_between_purchases", s.RhythmDays?.ToString("0.#", CultureInfo.InvariantCulture))));

    private static string? Number(int? number) => number?.ToString(CultureInfo.InvariantCulture);

    private async Task<List<PersonalRecord>> SegmentsAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct) => await database.ReadAsync(s => s.QueryAsync("""
        select m.subject_id, s.name, m.entered_at, m.left_at from (
          select subject_id, segment_id, entered_at, null as left_at from segments_members where subject_id in @subjects
          union all select subject_id, segment_id, entered_at, left_at from segments_stays where subject_id in @subjects) m join segments_segments s on s.segment_id = m.segment_id
        order by m.entered_at
        """, new { subjects }, r => PersonalRecord.Of(r.Guid(0), "segment", ("name", r.Text(1)), ("from", r.Time(2).ToString("O", CultureInfo.InvariantCulture)),
            ("until", r.TimeOrNull(3)?.ToString("O", CultureInfo.InvariantCulture))), ct), ct);

    public Task EraseAsync(IReadOnlyCollection<Guid> subjects, Transaction tx, CancellationToken ct) => FollowFacts.EraseAsync(tx, subjects, ct);
}
