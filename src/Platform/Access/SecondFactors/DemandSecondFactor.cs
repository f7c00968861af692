using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Access.SecondFactors;

/// <summary>Turns on or off that owners need a second factor.</summary>
public sealed class DemandSecondFactor(Database database, CurrentActor actor, AuditLog audit)
{
    public Task RunAsync(bool on, CancellationToken ct)
    {
        actor.Demand(AccessPermissions.ManageStaff);
        return database.WriteAsync(async tx =>
        {
            await SecondFactorRule.SetAsync(tx, on, ct);
            await audit.RecordAsync(tx, on ? "second_factor.demanded" : "second_factor.not_demanded", "role:owner", null, ct);
        }, ct);
    }
}
