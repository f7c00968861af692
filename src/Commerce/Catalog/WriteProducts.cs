using Microsoft.EntityFrameworkCore;
using Wellmet.Commerce.Contract;
using Wellmet.Commerce.Imports;
using Wellmet.Platform;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Catalog;

/// <summary>What is said of one product, by the shop's own code.</summary>
public sealed record SaidProduct(string Sku, ProductFacts Facts)
{
    public const int LongestSku = 100;

    /// <summary>The same, trimmed and within the bounds.</summary>
    /// <exception cref="ProblemException"><c>sku_invalid</c>, <c>sku_of_charge</c>, and those of <see cref="ProductFacts.Checked"/>.</exception>
    public SaidProduct Checked()
    {
        var sku = Sku.Trim();
        if (sku.Length is 0 or > LongestSku || sku.Any(char.IsControl))
        {
            throw new ProblemException("sku_invalid", "A product's code has 1 to {0} characters.", 422, LongestSku);
        }
        return StockCodes.IsCharge(sku)
            ? throw new ProblemException("sku_of_charge", "The code {0} stands for a charge, such as postage, and not for a product.", 422, sku)
            : new SaidProduct(sku, Facts.Checked());
    }
}

/// <summary>What became of what was said.</summary>
public enum WriteResult
{
    Added,
    Changed,

    /// <summary>Nobody knows the product, and it has no name.</summary>
    NameMissing,

    /// <summary>It was sold in another currency than that of the price.</summary>
    OtherCurrency,
}

/// <summary>A product before and after what was said of it.</summary>
/// <param name="ProductId">Null, as the rest is, where nothing was written.</param>
/// <param name="Before">All of it; of a new one as it came.</param>
public sealed record WrittenProduct(WriteResult Result, Guid? ProductId, ProductFacts? Before, ProductFacts? After);

/// <summary>Writes what is said of products, by their codes, in its order: makes those that nobody knows yet and that have a name, and changes the others.</summary>
public sealed class WriteProducts(IStorefronts storefronts, TimeProvider time)
{
    private const string NoCurrency = "EUR";

    /// <summary>In which prices are meant that name no currency, and new products sold.</summary>
    public async Task<string> CurrencyAsync(CancellationToken ct) => await storefronts.CurrencyAsync(ct) ?? NoCurrency;

    /// <param name="rows">Checked.</param>
    /// <param name="main">See <see cref="CurrencyAsync"/>.</param>
    /// <param name="importId">The import that makes new ones; null for the shop itself.</param>
    /// <returns>One for each row.</returns>
    public async Task<List<WrittenProduct>> RunAsync(Transaction tx, IReadOnlyList<SaidProduct> rows, string main, Guid? importId, CancellationToken ct)
    {
        var added = (await AddAsync(tx, rows, main, importId, ct)).ToHashSet();
        var categories = await CategoryNames.IdsAsync(tx, rows.Select(r => r.Facts.Category.Value).OfType<string>(), importId, ct);
        var skus = rows.Select(r => r.Sku).Distinct().ToList();
        var products = await tx.Use<CommerceDb>().Products.Where(p => skus.Contains(p.Sku)).ToDictionaryAsync(p => p.Sku, ct);
        var names = await CategoryNames.OfAsync(tx, products.Values.Select(p => p.CategoryId).OfType<Guid>(), ct);
        foreach (var (name, id) in categories)
        {
            names[id] = name;
        }
        return [.. rows.Select(r => Write(r, products.GetValueOrDefault(r.Sku), added.Remove(r.Sku), categories, names))];
    }

    private static WrittenProduct Write(SaidProduct said, Product? product, bool isNew, Dictionary<string, Guid> categories, Dictionary<Guid, string> names)
    {
        if (product is null)
        {
            return new(WriteResult.NameMissing, null, null, null);
        }
        if (said.Facts.Price.Value is { } price && !product.Takes(price))
        {
            return new(WriteResult.OtherCurrency, null, null, null);
        }
        var before = All(product);
        product.Tell(said.Facts, said.Facts.Category.Value is { } name ? categories[name] : null);
        return new(isNew ? WriteResult.Added : WriteResult.Changed, product.ProductId, before, All(product));

        ProductFacts All(Product told) => told.Facts(told.CategoryId is { } id ? names.GetValueOrDefault(id) : null);
    }

    /// <returns>The codes of those that were made; somebody else may be faster.</returns>
    private async Task<IEnumerable<string>> AddAsync(Transaction tx, IReadOnlyList<SaidProduct> rows, string main, Guid? importId, CancellationToken ct)
    {
        var known = (await tx.QueryAsync("select sku from commerce_products where sku in @skus", new { skus = rows.Select(r => r.Sku).Distinct() }, r => r.Text(0), ct)).ToHashSet();
        var fresh = rows.Where(r => !known.Contains(r.Sku) && r.Facts.Name.IsTold).DistinctBy(r => r.Sku).OrderBy(r => r.Sku, StringComparer.Ordinal) // one order for all nodes: no deadlocks
            .Select(r => new Imports.ProductRow(new NewProduct(Id.New(), r.Sku, r.Facts.Name.Value!, r.Facts.Price.Value?.Currency ?? main), InferredType.Of(r.Facts.Name.Value!), time.GetUtcNow(), importId)).ToList();
        return (await SalesTables.ToldProducts.AddedAsync(tx, fresh, ct)).Select(r => r.Product.Sku);
    }
}
