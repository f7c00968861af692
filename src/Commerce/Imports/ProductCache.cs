using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Imports;

/// <summary>Products by their code, as far as the file has named them: each code is looked up once.</summary>
internal sealed class ProductCache(Database database)
{
    private readonly Dictionary<string, ProductEntry> bySku = [];

    public Guid? IdOf(string sku) => bySku.TryGetValue(sku, out var entry) ? entry.ProductId : null;

    /// <summary>The name to keep on a line: null where it is the product's own.</summary>
    public string? NameOnLine(SalesLine line) =>
        line.Name.Length == 0 || (bySku.TryGetValue(line.Sku, out var entry) && entry.Name == line.Name) ? null : line.Name;

    /// <summary>Looks up the codes of the lines and makes those that are sold for the first time; answers the new ones.</summary>
    public Task<List<NewProduct>> LoadAsync(IReadOnlyCollection<SalesLine> lines, CancellationToken ct) => database.ReadAsync(s => LoadAsync(s, lines, ct), ct);

    /// <summary>The same as the session sees it.</summary>
    public async Task<List<NewProduct>> LoadAsync(Session session, IReadOnlyCollection<SalesLine> lines, CancellationToken ct)
    {
        var unknown = lines.Where(l => l.Kind != Orders.LineKind.Charge && !bySku.ContainsKey(l.Sku)).Select(l => l.Sku).Distinct().ToList();
        foreach (var page in unknown.Chunk(5000))
        {
            var found = await session.QueryAsync("select sku, product_id, name from commerce_products where sku in @page", new { page },
                r => (Sku: r.Text(0), Entry: new ProductEntry(r.Guid(1), r.Text(2))), ct);
            found.ForEach(f => bySku[f.Sku] = f.Entry);
        }
        return Create(lines.Where(l => l.Kind == Orders.LineKind.Product && !bySku.ContainsKey(l.Sku)));
    }

    /// <summary>Somebody else was faster: their products are looked up again.</summary>
    public void Forget(IEnumerable<NewProduct> made)
    {
        foreach (var product in made)
        {
            bySku.Remove(product.Sku);
        }
    }

    private List<NewProduct> Create(IEnumerable<SalesLine> lines)
    {
        var made = new List<NewProduct>();
        foreach (var product in lines.GroupBy(l => l.Sku).ToList())
        {
            var named = product.FirstOrDefault(l => l.Name.Length > 0);
            var entry = new ProductEntry(Id.New(), named?.Name ?? product.Key);
            bySku[product.Key] = entry;
            made.Add(new NewProduct(entry.ProductId, product.Key, entry.Name, product.First().Currency));
        }
        return made;
    }

    private sealed record ProductEntry(Guid ProductId, string Name);
}

/// <summary>A product that a file sells for the first time.</summary>
internal sealed record NewProduct(Guid ProductId, string Sku, string Name, string Currency);
