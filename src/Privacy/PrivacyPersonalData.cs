using System.Globalization;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;
using Wellmet.Privacy.Consents;

namespace Wellmet.Privacy;

/// <summary>
/// What Privacy holds about people: what they said about the use of their data. An erasure takes the proof with the key of the subject; what stays says
/// that somebody whom nothing names consented or withdrew, and when, so that the shop can show that it asked; and, as keyed hashes, the addresses that they do
/// not want to be written to, with nobody beside them (<see cref="ErasedReceiver"/>).
/// </summary>
internal sealed class PrivacyPersonalData(ConsentHistory history, KeepRefusals refusals) : IPersonalData
{
    public async Task<IReadOnlyList<PersonalRecord>> ExportAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct) =>
        [.. (await history.ReadAsync(subjects, ct)).Select(c => PersonalRecord.Of(c.SubjectId, "consent",
            ("purpose", EnumText.Of(c.Purpose)), ("channel", EnumText.Of(c.Channel)), ("decision", EnumText.Of(c.Decision)), ("occurred_at", At(c.OccurredAt)),
            ("recorded_at", At(c.RecordedAt)), ("source", EnumText.Of(c.Source)), ("method", c.Method), ("wording", c.Wording), ("wording_version", c.WordingVersion),
            ("language", c.Language), ("address", c.Proof.Address), ("place", c.Proof.Place), ("network", c.Proof.Network), ("browser", c.Proof.UserAgent),
            ("evidence", c.Proof.Evidence), ("note", c.Proof.Note)))];

    /// <summary>Consents only grow, and their proof goes with the key: what is left to do is to keep what stands for the addresses, as long as they can be read.</summary>
    public Task EraseAsync(IReadOnlyCollection<Guid> subjects, Transaction tx, CancellationToken ct) => refusals.RunAsync(subjects, tx, ct);

    private static string At(DateTimeOffset time) => time.ToString("u", CultureInfo.InvariantCulture);
}
