using System.Text;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;
using Wellmet.Segments.Members;
using Wellmet.Tests.Insights;

namespace Wellmet.Tests.Customers;

/// <summary>Everything that is in a shop, to compare before and after.</summary>
internal static class WholeDatabase
{
    /// <summary>Kept apart: they say how far the log and its receivers have come, which imports there were, who did what, and which numbers were given.</summary>
    private static readonly string[] Aside =
        ["log_partitions", "log_cursors", "log_leases", "log_nodes", "customers_imports", "customers_undone_imports", "insights_undone_imports", "insights_rollup_state", "customers_import_mappings",
        "segments_words", "segments_counters", "segments_imports"];

    /// <summary>Everything, once receivers and background work have come to rest.</summary>
    public static async Task<SortedDictionary<string, string[]>> SettledAsync(TestShop shop)
    {
        await shop.DrainAsync();
        var last = await ReadAsync(shop);
        for (var still = 0; still < 3;)
        {
            await shop.CountSalesAsync();
            await shop.UseAsync<ForgetImports>(f => f.RunAsync(default));
            await Task.Delay(500);
            var now = await ReadAsync(shop);
            still = last.All(t => t.Value.SequenceEqual(now[t.Key])) ? still + 1 : 0;
            last = now;
        }
        return last;
    }

    /// <summary>Table → its rows as text, in order. Of the log, events of undone imports are left out.</summary>
    private static async Task<SortedDictionary<string, string[]>> ReadAsync(TestShop shop)
    {
        var tables = (await shop.Database.ReadAsync(s => s.QueryAsync(s.Pick(
                "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'", "select tablename from pg_tables where schemaname = current_schema()"), null, r => r.Text(0), default), default))
            .Where(t => !Aside.Contains(t) && !t.StartsWith("access_", StringComparison.Ordinal) && !t.StartsWith("audit_", StringComparison.Ordinal));
        var content = new SortedDictionary<string, string[]>();
        foreach (var table in tables)
        {
            content[table] = await RowsAsync(shop.Database, table);
        }
        foreach (var table in new[] { "vault_keys", "vault_tokens", "vault_identifiers" })
        {
            content[table] = await RowsAsync(shop.Get<KeyStore>().Database, table);
        }
        return content;
    }

    private static Task<string[]> RowsAsync(Database database, string table) => database.ReadAsync(async session =>
    {
        var rows = new List<string>();
        await using var command = session.Command(table == "log_events"
            ? "select subject_id, type, occurred_at, live, payload, import_id from log_events where type <> 'customers.import_undone'"
            // Packed with numbers that depend on what came before: who has one.
            : table == "segments_histories" ? "select subject_id, customer_id from segments_histories where length(facts) > 1"
            : $"select * from {table}");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var row = new StringBuilder();
            for (var i = 0; i < reader.FieldCount; i++)
            {
                row.Append(reader.GetName(i)).Append('=').Append(reader.GetValue(i) switch { byte[] b => Convert.ToHexString(b), var v => v }).Append(' ');
            }
            rows.Add(row.ToString());
        }
        return rows.Order(StringComparer.Ordinal).ToArray();
    }, default);
}
