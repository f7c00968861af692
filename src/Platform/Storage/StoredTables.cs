using Wellmet.Platform.Modules;

namespace Wellmet.Platform.Storage;

/// <summary>A table as the migrations declare it and as it stands.</summary>
/// <param name="Key">Columns of the primary key.</param>
public sealed record StoredTable(string Name, TableClass Class, IReadOnlyList<string> Columns, IReadOnlyList<string> Key)
{
    /// <summary>Deletes at most <paramref name="limit"/> rows with this id in a column; answers how many.</summary>
    public Task<int> DeleteSomeAsync(Transaction tx, string column, Guid id, int limit, CancellationToken ct)
    {
        var key = string.Join(", ", Key);
        return tx.ExecuteAsync($"delete from {Name} where ({key}) in (select {key} from {Name} where {column} = @id limit @limit)", new { id, limit }, ct);
    }
}

/// <summary>The tables of the main database, whichever modules there are: for what must reach every one of them.</summary>
public sealed class StoredTables(Database database, ModuleCatalog catalog)
{
    public async Task<IReadOnlyList<StoredTable>> ReadAsync(CancellationToken ct)
    {
        var declared = Migrator.Find(catalog.Assemblies).SelectMany(m => m.Tables);
        return await database.ReadAsync(async session =>
        {
            var tables = new List<StoredTable>();
            foreach (var table in declared)
            {
                // A later migration may have dropped it.
                if (await NamesAsync(session, Columns(session), table, ct) is { Count: > 0 } columns)
                {
                    tables.Add(new StoredTable(table.Name, table.Class, columns, await NamesAsync(session, Key(session), table, ct)));
                }
            }
            return tables;
        }, ct);
    }

    /// <summary>Deletes the subjects' rows from tables that have any.</summary>
    public static async Task DeleteAsync(Transaction tx, IEnumerable<StoredTable> tables, IReadOnlyCollection<Guid> subjects, CancellationToken ct)
    {
        foreach (var table in tables)
        {
            await tx.ExecuteAsync($"delete from {table.Name} where subject_id in @subjects", new { subjects }, ct);
        }
    }

    private static Task<List<string>> NamesAsync(Session session, string sql, DeclaredTable table, CancellationToken ct) => session.QueryAsync(sql, new { table.Name }, r => r.Text(0), ct);

    private static string Columns(Session session) => session.Pick(
        "select name from pragma_table_info(@Name)",
        "select column_name from information_schema.columns where table_schema = current_schema() and table_name = @Name");

    private static string Key(Session session) => session.Pick(
        "select name from pragma_table_info(@Name) where pk > 0 order by pk",
        "select a.attname::text from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey) where i.indisprimary and i.indrelid = to_regclass(@Name)");
}
