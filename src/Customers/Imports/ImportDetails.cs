using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;

namespace Wellmet.Customers.Imports;

/// <summary>An import with what was remarked on its lines.</summary>
/// <param name="Sample">The first remarks.</param>
public sealed record ImportReport(Import Import, IReadOnlyList<RemarkCount> Remarks, IReadOnlyList<OpenRemark> Sample);

/// <summary>One import, for its page.</summary>
public sealed class ImportDetails(ImportLedger ledger, ImportRemarks remarks, CurrentActor actor)
{
    private const int SampleSize = 50;

    public async Task<ImportReport> RunAsync(Guid importId, RemarkKind? kind, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Import);
        var import = await ledger.GetAsync(importId, ct);
        return new ImportReport(import, await remarks.CountsAsync(importId, ct), await remarks.ReadAsync(importId, kind, (-1, ""), SampleSize, ct));
    }
}
