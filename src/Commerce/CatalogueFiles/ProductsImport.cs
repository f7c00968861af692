using System.Runtime.InteropServices;
using Wellmet.Commerce.Catalog;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.CatalogueFiles;

/// <summary>Reads a catalogue file into what it says of products.</summary>
/// <param name="currency">Of prices that name none.</param>
internal sealed class ProductsImport(ImportRun run, string currency, Database database, WriteProducts write) : IImportReader
{
    private readonly ProductLines lines = new(run.Format, currency);

    public void Skip(IReadOnlyList<ImportLine> skipped)
    {
        foreach (var line in skipped)
        {
            lines.Read(line, out _);
        }
        lines.TakeRemarks();
    }

    public async Task<IImportBatch> PrepareAsync(IReadOnlyList<ImportLine> read, CancellationToken ct)
    {
        var batch = new ProductsBatch(run.ImportId, currency, write);
        var said = new List<(long Line, SaidProduct Said)>(read.Count);
        foreach (var line in read)
        {
            if (lines.Read(line, out var rejected) is { } product)
            {
                said.Add((line.Number, product));
            }
            else
            {
                batch.Count(rejected ? "rejected" : "passed", 1);
            }
        }
        await TakeAsync(batch, said, ct);
        batch.Remarks.AddRange(lines.TakeRemarks());
        return batch;
    }

    public Task CompleteAsync(CancellationToken ct) => Task.CompletedTask;

    /// <summary>What the catalogue would refuse is refused here, where it can be remarked.</summary>
    private async Task TakeAsync(ProductsBatch batch, List<(long Line, SaidProduct Said)> said, CancellationToken ct)
    {
        var soldIn = (await database.ReadAsync(s => s.QueryAsync("select sku, currency, unit_price from commerce_products where sku in @skus", new { skus = said.Select(l => l.Said.Sku).Distinct() },
            r => (Sku: r.Text(0), Currency: r.IsNull(2) ? null : r.Text(1)), ct), ct)).ToDictionary(p => p.Sku, p => p.Currency);
        foreach (var (line, product) in said)
        {
            var known = soldIn.TryGetValue(product.Sku, out var standing);
            if (!known && !product.Facts.Name.IsTold)
            {
                lines.Note(line, RemarkKind.Rejected, "name_missing", product.Sku);
                batch.Count("rejected", 1);
            }
            else if (standing is not null && product.Facts.Price.Value is { } price && price.Currency != standing)
            {
                lines.Note(line, RemarkKind.Rejected, "price_currency", $"{price.Currency}, {standing}");
                batch.Count("rejected", 1);
            }
            else
            {
                soldIn.TryAdd(product.Sku, null);
                batch.Said.Add(product);
                batch.Count("product", 1);
            }
        }
    }
}

/// <summary>Lines of a catalogue file that are ready to be written.</summary>
internal sealed class ProductsBatch(Guid importId, string currency, WriteProducts write) : IImportBatch
{
    private readonly Dictionary<string, long> counts = [];

    public List<ImportRemark> Remarks { get; } = [];
    public List<SaidProduct> Said { get; } = [];

    IReadOnlyList<ImportRemark> IImportBatch.Remarks => Remarks;
    public IReadOnlyDictionary<string, long> Counts => counts;

    public void Count(string name, long lines) => CollectionsMarshal.GetValueRefOrAddDefault(counts, name, out _) += lines;

    public async Task WriteAsync(Transaction tx, CancellationToken ct)
    {
        var written = await write.RunAsync(tx, Said, currency, importId, ct);
        await CatalogueWords.KeepAsync(tx, importId, [.. Said.Zip(written)], ct);
    }
}
