using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;

namespace Wellmet.Customers.Imports;

/// <summary>Stops an import at the end of its batch; what it brought stays until it is undone, and it can go on later.</summary>
public sealed class CancelImport(ImportLedger ledger, ImportNews news, CurrentActor actor)
{
    public async Task RunAsync(Guid importId, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Import);
        await ledger.GetAsync(importId, ct);
        await ledger.StopAsync(importId, ct);
        news.Changed(importId);
    }
}
