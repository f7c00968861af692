using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Consents;
using Wellmet.Privacy.Contract;

namespace Wellmet.Privacy.Purposes;

/// <summary>Records that a person takes an objection back, whichever of the customer's subjects raised it. It gives no consent, and brings none back.</summary>
public sealed class WithdrawObjection(Database database, ConsentLedger ledger, CurrentActor actor, AuditLog audit, TimeProvider time)
{
    /// <exception cref="ProblemException"><c>objection_impossible</c>, <c>customer_unknown</c>.</exception>
    public async Task RunAsync(ObjectToPurpose.Request request, CancellationToken ct)
    {
        actor.Demand(PrivacyPermissions.Write);
        await ObjectToPurpose.DemandPossibleAsync(database, request.Purpose, ct);
        var now = time.GetUtcNow();
        var said = new NewConsent(request.CustomerId, request.Purpose, Channel.Any, ConsentDecision.Lifted, now, request.Source) { Method = "objection_withdrawn" };
        var prepared = await ledger.PrepareAsync([said], ct);
        await database.WriteAsync(async tx =>
        {
            await ConsentLedger.WriteAsync(tx, prepared, ct);
            await audit.RecordAsync(tx, "privacy.objection_withdrawn", $"customer:{request.CustomerId}", null, ct, EnumText.Of(request.Purpose));
            tx.Append(new ObjectionWithdrawn(request.CustomerId, now, request.Purpose, request.Who));
        }, ct);
    }
}
