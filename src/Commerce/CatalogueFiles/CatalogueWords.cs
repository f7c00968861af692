using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Wellmet.Commerce.Catalog;
using Wellmet.Commerce.Imports;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.CatalogueFiles;

/// <summary>
/// Keeps what catalogue files say of products, and takes a file back: each field is then what the last of the other files says, or what the first one found. A field that a person or the shop's server
/// changed since stays. A product that nothing else names or sold goes.
/// </summary>
internal static class CatalogueWords
{
    private const int Most = 500;
    private const string Columns = "product_id, import_id, names, said, found";

    /// <summary>What was not told is not there.</summary>
    private static readonly JsonSerializerOptions Format = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault };

    private static readonly BulkInsert<Word> Rows = new("commerce_catalogue_words",
        new("product_id", typeof(Guid), w => w.ProductId),
        new("import_id", typeof(Guid), w => w.ImportId),
        new("names", typeof(bool), w => w.Said.ContainsKey(nameof(ProductFacts.Name))),
        new("said", typeof(Json), w => new Json(w.Said.ToJsonString())),
        new("found", typeof(Json), w => new Json(w.Found.ToJsonString())))
    {
        OnConflict = "on conflict (product_id, import_id) do update set names = excluded.names, said = excluded.said, found = excluded.found",
    };

    public static async Task KeepAsync(Transaction tx, Guid importId, IReadOnlyCollection<(SaidProduct Said, WrittenProduct Written)> lines, CancellationToken ct)
    {
        var ids = lines.Select(l => l.Written.ProductId).OfType<Guid>().Distinct().ToList();
        // An earlier batch of the file may have spoken of the same product.
        var words = (await tx.QueryAsync($"select {Columns} from commerce_catalogue_words where import_id = @importId and product_id in @ids", new { importId, ids }, Read, ct)).ToDictionary(w => w.ProductId);
        foreach (var (said, written) in lines)
        {
            if (written.ProductId is not { } product)
            {
                continue;
            }
            if (!words.TryGetValue(product, out var word))
            {
                words[product] = word = new Word(product, importId, [], ObjectOf(written.Before!));
            }
            foreach (var (field, value) in ObjectOf(said.Facts))
            {
                word.Said[field] = value?.DeepClone();
            }
        }
        await Rows.RunAsync(tx, [.. words.Values.OrderBy(w => w.ProductId)], ct); // one order for all nodes: no deadlocks
    }

    /// <summary>The products are the shop's own word from now on: no file takes anything of them back.</summary>
    public static Task ForgetAsync(Transaction tx, IReadOnlyCollection<Guid> products, CancellationToken ct) =>
        tx.ExecuteAsync("delete from commerce_catalogue_words where product_id in @products", new { products }, ct);

    /// <summary>True when nothing is left.</summary>
    public static async Task<bool> UndoSomeAsync(Transaction tx, Guid importId, CancellationToken ct)
    {
        var ids = await tx.QueryAsync($"select product_id from commerce_catalogue_words where import_id = @importId limit {Most}", new { importId }, r => r.Guid(0), ct);
        if (ids.Count > 0)
        {
            await TakeBackAsync(tx, importId, ids, ct);
            return false;
        }
        if (await UndoProducts.RunAsync(tx, importId, ct))
        {
            return false;
        }
        await tx.ExecuteAsync("""
            delete from commerce_categories where import_id = @importId and not exists (select 1 from commerce_products p where p.category_id = commerce_categories.category_id)
            """, new { importId }, ct);
        // One that another file uses is that file's from now on; else the shop's own.
        await tx.ExecuteAsync("""
            update commerce_categories set import_id = (
              select w.import_id from commerce_catalogue_words w join commerce_products p on p.product_id = w.product_id where p.category_id = commerce_categories.category_id order by w.import_id limit 1)
            where import_id = @importId
            """, new { importId }, ct);
        return true;
    }

    private static async Task TakeBackAsync(Transaction tx, Guid importId, List<Guid> ids, CancellationToken ct)
    {
        var words = (await tx.QueryAsync($"select {Columns} from commerce_catalogue_words where product_id in @ids order by import_id", new { ids }, Read, ct)).ToLookup(w => w.ProductId);
        var products = await tx.Use<CommerceDb>().Products.Where(p => ids.Contains(p.ProductId)).ToListAsync(ct);
        var names = await CategoryNames.OfAsync(tx, products.Select(p => p.CategoryId).OfType<Guid>(), ct);
        var back = products.ConvertAll(p => (Product: p, Facts: Without(importId, [.. words[p.ProductId]], ObjectOf(p.Facts(p.CategoryId is { } id ? names.GetValueOrDefault(id) : null)))));
        var categories = await CategoryNames.IdsAsync(tx, back.Select(b => b.Facts.Category.Value).OfType<string>(), null, ct);
        foreach (var (product, facts) in back)
        {
            var takes = facts.Price.Value is not { } price || product.Takes(price);
            product.Tell(takes ? facts : facts with { Price = default }, facts.Category.Value is { } name ? categories[name] : null);
        }
        await Rows.RunAsync(tx, [.. words.SelectMany(w => w).Where(w => w.ImportId != importId)], ct);
        await tx.ExecuteAsync("delete from commerce_catalogue_words where product_id in @ids and import_id = @importId", new { ids, importId }, ct);
    }

    /// <summary>What a product goes back to without the file. What the file found, the next one that says the same field finds.</summary>
    /// <param name="all">What all files say of the product, earliest first.</param>
    private static ProductFacts Without(Guid importId, List<Word> all, JsonObject now)
    {
        var (mine, back) = (all.Single(w => w.ImportId == importId), new JsonObject());
        foreach (var field in mine.Said.Select(f => f.Key))
        {
            var (saying, others) = (all.FindAll(w => w.Said.ContainsKey(field)), all.FindAll(w => w.ImportId != importId && w.Said.ContainsKey(field)));
            if (JsonNode.DeepEquals(now[field], saying[^1].Said[field]))
            {
                back[field] = (others is [.., var last] ? last.Said : mine.Found)[field]?.DeepClone();
            }
            if (saying[0] == mine && others is [var next, ..])
            {
                next.Found[field] = mine.Found[field]?.DeepClone();
            }
        }
        return back.Deserialize<ProductFacts>(Format)!;
    }

    private static Word Read(Row r) => new(r.Guid(0), r.Guid(1), JsonNode.Parse(r.Text(3))!.AsObject(), JsonNode.Parse(r.Text(4))!.AsObject());

    private static JsonObject ObjectOf(ProductFacts facts) => JsonSerializer.SerializeToNode(facts, Format)!.AsObject();

    /// <param name="Said">The fields that the file says, as <see cref="ProductFacts"/>.</param>
    /// <param name="Found">All fields as they stood before.</param>
    private sealed record Word(Guid ProductId, Guid ImportId, JsonObject Said, JsonObject Found);
}
