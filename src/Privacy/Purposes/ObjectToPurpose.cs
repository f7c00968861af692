using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Contract;

namespace Wellmet.Privacy.Purposes;

/// <summary>Records that a person objects to a use of their data; it holds at once.</summary>
public sealed class ObjectToPurpose(Database database, ICustomers customers, CurrentActor actor, AuditLog audit, TimeProvider time)
{
    /// <summary>Whose objection to what.</summary>
    public sealed record Request(Guid CustomerId, Purpose Purpose);

    /// <exception cref="ProblemException"><c>objection_impossible</c>.</exception>
    public async Task RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(PrivacyPermissions.Edit);
        var customer = (await customers.CustomersOfAsync([request.CustomerId], ct))[request.CustomerId];
        await database.WriteAsync(async tx =>
        {
            if (!(await PurposeRule.ReadAsync(tx, ct))[request.Purpose].MayObject)
            {
                throw new ProblemException("objection_impossible", "One cannot object to this use: a contract or the law demands it.");
            }
            var now = time.GetUtcNow();
            var added = await tx.ExecuteAsync(
                "insert into privacy_objections (subject_id, purpose, at, source) values (@customer, @Purpose, @now, 'staff') on conflict do nothing",
                new { customer, request.Purpose, now }, ct);
            if (added > 0)
            {
                await audit.RecordAsync(tx, "privacy.objection_raised", $"customer:{customer}", null, ct, EnumText.Of(request.Purpose));
                tx.Append(new ObjectionRaised(customer, now, request.Purpose, "staff"));
            }
        }, ct);
    }
}
