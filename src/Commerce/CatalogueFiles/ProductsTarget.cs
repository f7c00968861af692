using Wellmet.Commerce.Catalog;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.CatalogueFiles;

/// <summary>
/// Products from any shop system: one line for each product or variant. Headings of the product exports of Shopify and WooCommerce and of Google's product feeds are recognised. An empty cell
/// says nothing: what stands stays.
/// </summary>
internal sealed class ProductsTarget(Database database, WriteProducts write) : IImportTarget
{
    public const string Name = "products-csv";

    public string Layout => Name;
    public string Title => "Products from any shop";
    public bool NeedsMapping => true;
    public bool? DayFirst => null;
    public IReadOnlyList<ImportField> Fields => ProductColumns.Fields;

    /// <summary>Shopify writes the variants of a product one below the other.</summary>
    public string? GroupOf(ImportLine line) => line[ProductColumns.Handle] is { Length: > 0 } handle ? handle : null;

    public async Task<IImportReader> StartAsync(ImportRun run, CancellationToken ct) => new ProductsImport(run, await write.CurrencyAsync(ct), database, write);

    public Task DemandUndoableAsync(Guid importId, CancellationToken ct) => Task.CompletedTask;

    public Task<bool> UndoSomeAsync(Transaction tx, Guid importId, CancellationToken ct) => CatalogueWords.UndoSomeAsync(tx, importId, ct);
}
