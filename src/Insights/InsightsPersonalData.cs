using System.Globalization;
using Wellmet.Platform;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Insights;

/// <summary>
/// What Insights holds about people: which of their sales count into the shop's figures. An erased person's sales go on counting, as orders
/// stay in the books: the rows hold amounts and days under an id that leads to nobody any more.
/// </summary>
internal sealed class InsightsPersonalData(Database database) : IPersonalData
{
    public async Task<IReadOnlyList<PersonalRecord>> ExportAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct) => await database.ReadAsync(s => s.QueryAsync("""
        select subject_id, kind, day, amount_minor, currency, items, country from (
          select subject_id, kind, day, amount_minor, currency, items, country, occurred_at, seq from insights_sales where subject_id in @subjects
          union all select subject_id, kind, day, amount_minor, currency, items, country, occurred_at, seq from insights_waiting where subject_id in @subjects) sales
        order by occurred_at, seq
        """, new { subjects }, r => PersonalRecord.Of(r.Guid(0), "counted_sale", ("what", r.Text(1)), ("day", r.Text(2)),
            ("amount", new Money(r.Long(3), r.Text(4)).ToString()), ("items", r.Long(5).ToString(CultureInfo.InvariantCulture)), ("country", r.Text(6))), ct), ct);

    public Task EraseAsync(IReadOnlyCollection<Guid> subjects, Transaction tx, CancellationToken ct) => Task.CompletedTask;
}
