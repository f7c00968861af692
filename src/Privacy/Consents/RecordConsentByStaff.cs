using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Contract;

namespace Wellmet.Privacy.Consents;

/// <summary>Writes down what a customer told a member of staff: on the phone, at the till, by letter.</summary>
public sealed class RecordConsentByStaff(Database database, ConsentLedger ledger, CurrentActor actor, AuditLog audit, TimeProvider time)
{
    /// <param name="Decision">Given or withdrawn.</param>
    /// <param name="Method">How they said it: <c>spoken</c>, <c>written</c>, <c>signed</c>.</param>
    /// <param name="Note">Where and when it was said; demanded, because it is the proof.</param>
    public sealed record Request(Guid CustomerId, Purpose Purpose, Channel Channel, ConsentDecision Decision, string? Address, string? Method, string? Note);

    /// <exception cref="ProblemException"><c>consent_decision_invalid</c>, <c>consent_note_missing</c>, and those of <see cref="ConsentLedger.PrepareAsync"/>.</exception>
    public async Task RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(PrivacyPermissions.Write);
        if (request.Decision is not (ConsentDecision.Given or ConsentDecision.Withdrawn))
        {
            throw new ProblemException("consent_decision_invalid", "Say whether the consent is given or withdrawn.");
        }
        var said = new NewConsent(request.CustomerId, request.Purpose, request.Channel, request.Decision, time.GetUtcNow(), ConsentSource.Staff)
        {
            Method = request.Method,
            Proof = new ConsentProof(Address: Clean(request.Address), Note: Clean(request.Note) ?? throw new ProblemException("consent_note_missing", "Write down how and when they told you: it is the proof.")),
        };
        var prepared = await ledger.PrepareAsync([said], ct);
        await database.WriteAsync(async tx =>
        {
            await ConsentLedger.WriteAsync(tx, prepared, ct);
            await audit.RecordAsync(tx, request.Decision == ConsentDecision.Given ? "consent.given" : "consent.withdrawn", $"customer:{request.CustomerId}", null, ct,
                $"{EnumText.Of(request.Purpose)} {EnumText.Of(request.Channel)}");
            tx.Append(new ConsentRecorded(request.CustomerId, said.OccurredAt, said.ConsentId, said.Purpose, said.Channel, said.Decision, said.Source));
        }, ct);
    }

    private static string? Clean(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
