using System.Globalization;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Platform.Experiments;

/// <summary>What experiments hold about people: which variant they were shown, and what they did then. The sums by day name nobody and stay.</summary>
internal sealed class ExperimentPersonalData(Database database) : IPersonalData
{
    public async Task<IReadOnlyList<PersonalRecord>> ExportAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct) => [.. await UnitsAsync(subjects, ct), .. await ChoicesAsync(subjects, ct)];

    private Task<List<PersonalRecord>> ChoicesAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct) => database.ReadAsync(s => s.QueryAsync("""
        select c.subject_id, e.name, c.outcome_id, c.variant, c.chosen_at
        from experiment_choices c join experiments e on e.id = c.experiment_id where c.subject_id in @subjects order by c.subject_id, c.chosen_at
        """, new { subjects }, r => PersonalRecord.Of(r.Guid(0), "experiment_choice", ("experiment", r.Text(1)), ("chosen", r.Guid(2).ToString()), ("variant", Number(r.Long(3) + 1)), ("chosen_at", r.Time(4).ToString("u", CultureInfo.InvariantCulture))), ct), ct);

    private Task<List<PersonalRecord>> UnitsAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct) => database.ReadAsync(s => s.QueryAsync("""
        select u.subject_id, e.name, u.variant, u.first_seen_at, u.last_day, u.clicks, u.conversions, u.revenue_minor, u.lead
        from experiment_units u join experiments e on e.id = u.experiment_id where u.subject_id in @subjects order by u.subject_id, u.first_seen_at
        """, new { subjects }, r => PersonalRecord.Of(r.Guid(0), "experiment", ("experiment", r.Text(1)), ("variant", Number(r.Long(2) + 1)), ("first_seen", r.Time(3).ToString("u", CultureInfo.InvariantCulture)),
            ("last_day", r.Text(4)), ("clicks", Number(r.Long(5))), ("conversions", Number(r.Long(6))), ("revenue_minor", Number(r.Long(7))), ("lead", Number(r.Long(8)))), ct), ct);

    public async Task EraseAsync(IReadOnlyCollection<Guid> subjects, Transaction tx, CancellationToken ct)
    {
        await tx.ExecuteAsync("delete from experiment_units where subject_id in @subjects", new { subjects }, ct);
        await tx.ExecuteAsync("delete from experiment_choices where subject_id in @subjects", new { subjects }, ct);
        await tx.ExecuteAsync("delete from experiment_outcomes where subject_id in @subjects", new { subjects }, ct);
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
