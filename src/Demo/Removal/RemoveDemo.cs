using Wellmet.Demo.Contract;
using Wellmet.Demo.Loading;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;

namespace Wellmet.Demo.Removal;

/// <summary>Asks for the demo shop to be removed; <see cref="RunRemoval"/> does it.</summary>
public sealed class RemoveDemo(DemoLedger ledger, AuditLog audit, CurrentActor actor)
{
    /// <exception cref="ProblemException"><c>demo_missing</c> (404).</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        actor.Demand(DemoPermissions.Manage);
        var row = await ledger.RowAsync(ct) ?? throw new ProblemException("demo_missing", "There is no demo shop.", 404);
        await ledger.Database.WriteAsync(async tx =>
        {
            if (await DemoLedger.BeginRemovalAsync(tx, ct))
            {
                await audit.RecordAsync(tx, "demo.removed", $"demo:{row.DemoId}", reason: null, ct);
            }
        }, ct);
    }
}
