using System.Text.Json;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;
using Wellmet.Privacy.Contract;

namespace Wellmet.Privacy.Consents;

/// <summary>A record of what a person said, with its proof opened.</summary>
/// <param name="RecordedBy">Who recorded it, as the audit log names them.</param>
/// <param name="Wording">The very words that were shown; null where none are kept.</param>
/// <param name="Proof">Empty where the person was erased.</param>
public sealed record ConsentRecord(
    Guid SubjectId, Guid ConsentId, Purpose Purpose, Channel Channel, ConsentDecision Decision, DateTimeOffset OccurredAt, DateTimeOffset RecordedAt, string RecordedBy,
    ConsentSource Source, string? Method, string? Wording, string? WordingVersion, string? Language, ConsentProof Proof);

/// <summary>Reads the records of subjects.</summary>
public sealed class ConsentHistory(Database database, KeyStore store)
{
    private const string Select = """
        select c.subject_id, c.consent_id, c.purpose, c.channel, c.decision, c.occurred_at, c.recorded_at, c.recorded_by, c.source, c.method, w.text,
          c.wording_version, c.language, c.proof
        from privacy_consents c left join privacy_wordings w on w.wording_id = c.wording_id
        """;

    /// <summary>All, newest first; one that was kept with several subjects of a customer once.</summary>
    public async Task<IReadOnlyList<ConsentRecord>> ReadAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct)
    {
        var keys = await store.KeysAsync(subjects, create: false, ct);
        var records = await database.ReadAsync(s => s.QueryAsync(
            Select + " where c.subject_id in @subjects order by c.occurred_at desc, c.consent_id desc, c.subject_id", new { subjects }, r => Read(r, keys), ct), ct);
        return [.. records.DistinctBy(r => r.ConsentId)];
    }

    /// <summary>One; null where there is none any more.</summary>
    public async Task<ConsentRecord?> FindAsync(Guid subjectId, Guid consentId, CancellationToken ct)
    {
        var keys = await store.KeysAsync([subjectId], create: false, ct);
        return await database.ReadAsync(s => s.FirstAsync(Select + " where c.subject_id = @subjectId and c.consent_id = @consentId", new { subjectId, consentId }, r => Read(r, keys), ct), ct);
    }

    private static ConsentRecord Read(Row row, SubjectKeys keys)
    {
        var proof = keys.Open(row.Guid(0), ConsentLedger.ProofColumn, row.Sealed(13));
        return new ConsentRecord(row.Guid(0), row.Guid(1), row.Enum<Purpose>(2), row.Enum<Channel>(3), row.Enum<ConsentDecision>(4), row.Time(5), row.Time(6), row.Text(7),
            row.Enum<ConsentSource>(8), row.TextOrNull(9), row.TextOrNull(10), row.TextOrNull(11), row.TextOrNull(12),
            proof is null ? ConsentProof.None : JsonSerializer.Deserialize<ConsentProof>(proof, ConsentLedger.ProofFormat)!);
    }
}
