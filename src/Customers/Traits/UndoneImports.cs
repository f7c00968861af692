using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Traits;

/// <summary>
/// Which imports were taken back. Another node may hold events of such an import that it read before they were deleted: on PostgreSQL a
/// lock for each import makes it wait for the undo, and then find the import in this list.
/// </summary>
internal static class UndoneImports
{
    /// <summary>Of the imports those that were taken back; the answer holds until the transaction ends.</summary>
    public static async Task<HashSet<Guid>> AmongAsync(Transaction tx, IReadOnlyCollection<Guid> imports, CancellationToken ct)
    {
        await LockAsync(tx, "pg_advisory_xact_lock_shared", imports, ct);
        return [.. await tx.QueryAsync("select import_id from customers_undone_imports where import_id in @imports", new { imports }, r => r.Guid(0), ct)];
    }

    public static async Task AddAsync(Transaction tx, IReadOnlyCollection<Guid> imports, DateTimeOffset at, CancellationToken ct)
    {
        await LockAsync(tx, "pg_advisory_xact_lock", imports, ct);
        foreach (var import in imports)
        {
            await tx.ExecuteAsync("insert into customers_undone_imports (import_id, undone_at) values (@import, @at) on conflict do nothing",
                new { import, at }, ct);
        }
    }

    private static async Task LockAsync(Transaction tx, string function, IEnumerable<Guid> imports, CancellationToken ct)
    {
        if (tx.Engine == Engine.Sqlite)
        {
            return;
        }
        foreach (var import in imports.Order())
        {
            // The end of an id is random, its beginning is the time.
            await tx.QueryAsync($"select 1 from {function}(@key)", new { key = BitConverter.ToInt64(import.ToByteArray(), 8) }, r => r.Int(0), ct);
        }
    }
}
