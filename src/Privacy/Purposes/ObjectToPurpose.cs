using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Consents;
using Wellmet.Privacy.Contract;
using Wellmet.Privacy.Rules;

namespace Wellmet.Privacy.Purposes;

/// <summary>Records that a person objects to a use of their data, on all channels; it holds at once.</summary>
public sealed class ObjectToPurpose(Database database, ConsentLedger ledger, CurrentActor actor, AuditLog audit, TimeProvider time)
{
    /// <summary>Whose objection to what.</summary>
    /// <param name="BySelf">They said it themselves on a page of the shop; else staff did for them.</param>
    public sealed record Request(Guid CustomerId, Purpose Purpose, bool BySelf = false)
    {
        internal ConsentSource Source => BySelf ? ConsentSource.Form : ConsentSource.Staff;

        /// <summary>As in <see cref="ObjectionRaised.Source"/>.</summary>
        internal string Who => BySelf ? "customer" : "staff";
    }

    /// <exception cref="ProblemException"><c>objection_impossible</c>, <c>customer_unknown</c>.</exception>
    public async Task RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(PrivacyPermissions.Write);
        await DemandPossibleAsync(database, request.Purpose, ct);
        var now = time.GetUtcNow();
        var said = new NewConsent(request.CustomerId, request.Purpose, Channel.Any, ConsentDecision.Withdrawn, now, request.Source) { Method = "objection" };
        var prepared = await ledger.PrepareAsync([said], ct);
        await database.WriteAsync(async tx =>
        {
            await ConsentLedger.WriteAsync(tx, prepared, ct);
            await audit.RecordAsync(tx, "privacy.objection_raised", $"customer:{request.CustomerId}", null, ct, EnumText.Of(request.Purpose));
            tx.Append(new ObjectionRaised(request.CustomerId, now, request.Purpose, request.Who));
        }, ct);
    }

    internal static async Task DemandPossibleAsync(Database database, Purpose purpose, CancellationToken ct)
    {
        if (!(await database.ReadAsync(s => RuleBook.ReadAsync(s, ct), ct)).Find(new DataUse(purpose)).MayObject)
        {
            throw new ProblemException("objection_impossible", "One cannot object to this use: a contract or the law demands it.");
        }
    }
}
