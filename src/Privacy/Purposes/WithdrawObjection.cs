using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Contract;

namespace Wellmet.Privacy.Purposes;

/// <summary>Records that a person takes an objection back, whichever of the customer's subjects raised it.</summary>
public sealed class WithdrawObjection(Database database, ICustomers customers, CurrentActor actor, AuditLog audit, TimeProvider time)
{
    /// <summary>Whose objection to what.</summary>
    public sealed record Request(Guid CustomerId, Purpose Purpose);

    public async Task RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(PrivacyPermissions.Edit);
        var customer = (await customers.CustomersOfAsync([request.CustomerId], ct))[request.CustomerId];
        var subjects = await customers.SubjectsOfAsync(customer, ct);
        await database.WriteAsync(async tx =>
        {
            var raised = await tx.QueryAsync("delete from privacy_objections where subject_id in @subjects and purpose = @Purpose returning subject_id",
                new { subjects, request.Purpose }, r => r.Guid(0), ct);
            foreach (var subject in raised)
            {
                await audit.RecordAsync(tx, "privacy.objection_withdrawn", $"customer:{subject}", null, ct, EnumText.Of(request.Purpose));
                tx.Append(new ObjectionWithdrawn(subject, time.GetUtcNow(), request.Purpose, "staff"));
            }
        }, ct);
    }
}
