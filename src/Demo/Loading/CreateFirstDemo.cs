using Wellmet.Demo.Generator;
using Wellmet.Platform.Audit;

namespace Wellmet.Demo.Loading;

/// <summary>
/// Enters the usual demo shop on the very first start: a newcomer sees a living shop at once. Whatever fills a shop is in the audit log, and so is a demo shop that was
/// removed: where the log holds anything, this is not the first start.
/// </summary>
public sealed class CreateFirstDemo(DemoLedger ledger, CreateDemo create)
{
    /// <returns>Whether there is going to be one.</returns>
    public async Task<bool> RunAsync(CancellationToken ct)
    {
        if (!await ledger.Database.ReadAsync(s => AuditLog.IsEmptyAsync(s, ct), ct))
        {
            return false;
        }
        await create.RunAsync(new(DemoPlan.DefaultCustomers, DemoPlan.DefaultMonths, DemoPlan.DefaultSeed), ct);
        return true;
    }
}
