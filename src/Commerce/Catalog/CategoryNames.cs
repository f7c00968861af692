using Wellmet.Platform;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Catalog;

/// <summary>Groups of products, by the shop's own words.</summary>
internal static class CategoryNames
{
    /// <summary>The ids of categories by their names; those that are new are made.</summary>
    /// <param name="importId">What makes them; a category that stands already stays its own.</param>
    public static async Task<Dictionary<string, Guid>> IdsAsync(Transaction tx, IEnumerable<string> names, Guid? importId, CancellationToken ct)
    {
        var wanted = names.Distinct().Order(StringComparer.Ordinal).ToList(); // one order for all nodes: no deadlocks
        if (wanted.Count == 0)
        {
            return [];
        }
        var ids = await FindAsync(tx, wanted, ct);
        foreach (var name in wanted.Where(n => !ids.ContainsKey(n)))
        {
            await tx.ExecuteAsync("insert into commerce_categories (category_id, name, import_id) values (@id, @name, @importId) on conflict do nothing", new { id = Id.New(), name, importId }, ct);
        }
        return ids.Count == wanted.Count ? ids : await FindAsync(tx, wanted, ct);
    }

    /// <summary>Their names by their ids.</summary>
    public static async Task<Dictionary<Guid, string>> OfAsync(Transaction tx, IEnumerable<Guid> categories, CancellationToken ct) =>
        (await tx.QueryAsync("select category_id, name from commerce_categories where category_id in @ids", new { ids = categories.Distinct() }, r => (Id: r.Guid(0), Name: r.Text(1)), ct)).ToDictionary(c => c.Id, c => c.Name);

    private static async Task<Dictionary<string, Guid>> FindAsync(Transaction tx, List<string> names, CancellationToken ct) =>
        (await tx.QueryAsync("select name, category_id from commerce_categories where name in @names", new { names }, r => (Name: r.Text(0), Id: r.Guid(1)), ct)).ToDictionary(c => c.Name, c => c.Id);
}
