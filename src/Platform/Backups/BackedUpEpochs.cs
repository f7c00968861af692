using System.Globalization;
using Microsoft.Data.Sqlite;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Backups;

/// <summary>Looks into a backup of keys, which is not restored yet, for the wrapped keys of its epochs: the root key must open them.</summary>
internal static class BackedUpEpochs
{
    /// <returns>Epoch and its wrapped key.</returns>
    public static async Task<IReadOnlyList<(int Epoch, byte[] WrappedKey)>> ReadAsync(StorageOptions storage, string keys, CancellationToken ct)
    {
        var epochs = storage.Engine == Engine.Sqlite ? await OfFileAsync(Path.Combine(keys, "keys.db"), ct) : await OfDumpAsync(storage, Path.Combine(keys, "keys.dump"), ct);
        return epochs.Count > 0 ? epochs : throw new ProblemException("backup_incomplete", "{0} is not a whole backup: it holds no keys.", 400, keys);
    }

    private static async Task<List<(int, byte[])>> OfFileAsync(string file, CancellationToken ct)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        await connection.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = "select epoch, wrapped_key from vault_epochs";
        await using var reader = await command.ExecuteReaderAsync(ct);
        var epochs = new List<(int, byte[])>();
        while (await reader.ReadAsync(ct))
        {
            epochs.Add((reader.GetInt32(0), reader.GetFieldValue<byte[]>(1)));
        }
        return epochs;
    }

    /// <summary>Without a database: the rows of one table as COPY's text, one per line, tabs between the columns, bytes as <c>\\x0a…</c>.</summary>
    private static async Task<List<(int, byte[])>> OfDumpAsync(StorageOptions storage, string file, CancellationToken ct)
    {
        var text = await PostgresTools.RunAsync("pg_restore", storage.Postgres!, ["--data-only", "--schema=" + StorageOptions.KeysSchema, "--table=vault_epochs", "--file=-", file], ct);
        return [.. text.Split('\n').SkipWhile(line => !line.StartsWith("COPY ", StringComparison.Ordinal)).Skip(1).TakeWhile(line => line != "\\.")
            .Select(line => line.Split('\t')).Select(row => (int.Parse(row[0], CultureInfo.InvariantCulture), Convert.FromHexString(row[1].AsSpan(3))))];
    }
}
