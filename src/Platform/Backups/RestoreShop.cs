using Microsoft.Data.Sqlite;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Platform.Backups;

/// <summary>Puts a backup back into an empty installation, after every file of both artefacts was compared with its manifest.</summary>
public static class RestoreShop
{
    /// <param name="data">The folder <c>data-…</c>.</param>
    /// <param name="keys">The folder <c>keys-…</c> of the same backup.</param>
    /// <param name="rootKeyFile">The saved root key; null where it lies in its place already.</param>
    /// <exception cref="ProblemException">A damaged or mismatched backup, or a target that is not empty; nothing was changed.</exception>
    public static async Task RunAsync(StorageOptions storage, string data, string keys, string? rootKeyFile, CancellationToken ct)
    {
        var dataManifest = await Manifest.VerifyAsync(data, ct);
        var keysManifest = await Manifest.VerifyAsync(keys, ct);
        if (dataManifest.Artefact != "data" || keysManifest.Artefact != "keys" || dataManifest.Pair != keysManifest.Pair)
        {
            throw new ProblemException("backup_mismatch", "{0} and {1} are not the two artefacts of one backup.", 400, data, keys);
        }
        if (dataManifest.Engine != EnumText.Of(storage.Engine))
        {
            throw new ProblemException("backup_other_engine", "The backup is of {0}; this installation runs on {1}.", 400, dataManifest.Engine, EnumText.Of(storage.Engine));
        }
        var rootKey = RootKey.FileIn(storage.KeysFolder);
        if (rootKeyFile is null && !File.Exists(rootKey))
        {
            throw new ProblemException("root_key_missing", "Say where the saved root key is (--root-key FILE): a backup never holds it.", 400);
        }
        if (rootKeyFile is not null)
        {
            RootKey.Read(rootKeyFile);
        }
        await (storage.Engine == Engine.Sqlite ? RestoreSqliteAsync(storage, data, keys, ct) : RestorePostgresAsync(storage, data, keys, ct));
        CopyFiles(Path.Combine(data, "files"), Path.Combine(storage.DataFolder, "files"));
        if (rootKeyFile is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(rootKey)!);
            DurableFile.Write(rootKey, await File.ReadAllTextAsync(rootKeyFile, ct), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private static async Task RestoreSqliteAsync(StorageOptions storage, string data, string keys, CancellationToken ct)
    {
        if (File.Exists(storage.SqliteFile))
        {
            throw new ProblemException("restore_not_empty", "{0} is there already. Restore into an empty folder, then swap the folders.", 409, storage.SqliteFile);
        }
        string dataCopy = Path.Combine(data, "data.db"), keysCopy = Path.Combine(keys, "keys.db");
        await DemandIntactAsync(dataCopy, ct);
        await DemandIntactAsync(keysCopy, ct);
        Directory.CreateDirectory(storage.KeysFolder);
        File.Copy(dataCopy, storage.SqliteFile);
        File.Copy(keysCopy, storage.KeysSqliteFile);
    }

    private static async Task RestorePostgresAsync(StorageOptions storage, string data, string keys, CancellationToken ct)
    {
        await using (var connection = new Npgsql.NpgsqlConnection(storage.Postgres))
        {
            await connection.OpenAsync(ct);
            await using var command = new Npgsql.NpgsqlCommand("select count(*) from information_schema.tables where table_name = 'platform_migrations'", connection);
            if ((long)(await command.ExecuteScalarAsync(ct))! > 0)
            {
                throw new ProblemException("restore_not_empty", "The database is not empty. Create an empty one, restore into it, then switch over.", 409);
            }
        }
        await PostgresTools.RunAsync("pg_restore", storage.Postgres!, ["--exit-on-error", "--no-owner", "--dbname=" + DatabaseName(storage), Path.Combine(data, "data.dump")], ct);
        await PostgresTools.RunAsync("pg_restore", storage.Postgres!, ["--exit-on-error", "--no-owner", "--dbname=" + DatabaseName(storage), Path.Combine(keys, "keys.dump")], ct);
    }

    private static string DatabaseName(StorageOptions storage) => new Npgsql.NpgsqlConnectionStringBuilder(storage.Postgres).Database!;

    private static async Task DemandIntactAsync(string file, CancellationToken ct)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        await connection.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = "pragma integrity_check(1)";
        if (await command.ExecuteScalarAsync(ct) is not "ok")
        {
            throw new ProblemException("backup_damaged", "The backup {0} is damaged: {1} is missing or was changed.", 400, Path.GetDirectoryName(file)!, Path.GetFileName(file));
        }
    }

    private static void CopyFiles(string source, string target)
    {
        if (!Directory.Exists(source))
        {
            return;
        }
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
    }
}
