using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Imports;

/// <summary>Lets an uploaded import that stopped go on from its checkpoint.</summary>
public sealed class ContinueImport(ImportLedger ledger, ImportNews news, CurrentActor actor)
{
    /// <exception cref="ProblemException"><c>import_unknown</c>, <c>import_not_ready</c>.</exception>
    public async Task RunAsync(Guid importId, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Import);
        var import = await ledger.GetAsync(importId, ct);
        if (import.FileId is null || !await ledger.MoveAsync(importId, [ImportState.Cancelled, ImportState.Failed], ImportState.Queued, ct))
        {
            throw new ProblemException("import_not_ready", "This import cannot do that now: it is in the state '{0}'.", 409, EnumText.Of(import.State));
        }
        news.Wake();
    }
}
