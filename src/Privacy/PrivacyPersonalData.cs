using System.Globalization;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Privacy;

/// <summary>What Privacy holds about people: their objections. An erased person's go, too: there is nothing left to object to.</summary>
internal sealed class PrivacyPersonalData(Database database) : IPersonalData
{
    public async Task<IReadOnlyList<PersonalRecord>> ExportAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct) =>
        await database.ReadAsync(s => s.QueryAsync("select subject_id, purpose, at, source from privacy_objections where subject_id in @subjects order by at",
            new { subjects }, r => new PersonalRecord(r.Guid(0), "objection", new Dictionary<string, string>
            {
                ["purpose"] = r.Text(1),
                ["at"] = r.Time(2).ToString("u", CultureInfo.InvariantCulture),
                ["source"] = r.Text(3),
            }), ct), ct);

    public Task EraseAsync(IReadOnlyCollection<Guid> subjects, Transaction tx, CancellationToken ct) =>
        tx.ExecuteAsync("delete from privacy_objections where subject_id in @subjects", new { subjects }, ct);
}
