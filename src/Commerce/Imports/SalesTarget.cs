using Wellmet.Commerce.Storefronts;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Imports;

/// <summary>Takes sales files of one layout.</summary>
internal sealed class SalesTarget(ISalesLayout layout, ImportStorefront storefronts, SalesStores stores, UndoSales undo) : IImportTarget
{
    public string Layout => layout.Name;
    public string Title => layout.Title;
    public IReadOnlyList<ImportField> Fields => layout.Fields;
    public bool NeedsMapping => layout.NeedsMapping;
    public bool? DayFirst => layout.DayFirst;

    public string? GroupOf(ImportLine line) => layout.GroupOf(line);

    public async Task<IImportReader> StartAsync(ImportRun run, CancellationToken ct) =>
        new SalesImport(layout, run, await storefronts.RunAsync(run.StorefrontId, layout.Currency, run.ImportId, ct), stores);

    public Task DemandUndoableAsync(Guid importId, CancellationToken ct) => stores.Database.ReadAsync(s => HandledOrders.DemandNoneAsync(s, importId, ct), ct);

    public Task<bool> UndoSomeAsync(Transaction tx, Guid importId, CancellationToken ct) => undo.RunAsync(tx, importId, ct);
}
