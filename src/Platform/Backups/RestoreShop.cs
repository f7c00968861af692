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
        var rootKey = ChooseRootKey(RootKey.FileIn(storage.KeysFolder), rootKeyFile);
        RootKey.Read(rootKey).Demand(await BackedUpEpochs.ReadAsync(storage, keys, ct));
        await (storage.Engine == Engine.Sqlite ? RestoreSqliteAsync(storage, data, keys, rootKey, ct) : RestorePostgresAsync(storage, data, keys, rootKey, ct));
        PrivateFolder.Copy(Path.Combine(data, "files"), Path.Combine(storage.DataFolder, "files"));
    }

    /// <summary>The saved key, or the one that lies in its place; never one in the place of another.</summary>
    private static string ChooseRootKey(string place, string? saved)
    {
        if (saved is null)
        {
            return File.Exists(place) ? place
                : throw new ProblemException("root_key_missing", "Say where the saved root key is (--root-key FILE): a backup never holds it.", 400);
        }
        return !File.Exists(place) || RootKey.Read(place).IsSameAs(RootKey.Read(saved)) ? saved
            : throw new ProblemException("root_key_other", "Another root key lies at {0}. It may be the only one that opens something: move it away first.", 409, place);
    }

    private static async Task RestoreSqliteAsync(StorageOptions storage, string data, string keys, string rootKey, CancellationToken ct)
    {
        if (File.Exists(storage.SqliteFile))
        {
            throw new ProblemException("restore_not_empty", "{0} is there already. Restore into an empty folder, then swap the folders.", 409, storage.SqliteFile);
        }
        string dataCopy = Path.Combine(data, "data.db"), keysCopy = Path.Combine(keys, "keys.db");
        await DemandIntactAsync(dataCopy, ct);
        await DemandIntactAsync(keysCopy, ct);
        PlaceRootKey(storage, rootKey);
        PrivateFolder.CopyFile(dataCopy, storage.SqliteFile);
        PrivateFolder.CopyFile(keysCopy, storage.KeysSqliteFile);
    }

    private static async Task RestorePostgresAsync(StorageOptions storage, string data, string keys, string rootKey, CancellationToken ct)
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
        PlaceRootKey(storage, rootKey);
        await PostgresTools.RunAsync("pg_restore", storage.Postgres!, ["--exit-on-error", "--no-owner", "--dbname=" + DatabaseName(storage), Path.Combine(data, "data.dump")], ct);
        await PostgresTools.RunAsync("pg_restore", storage.Postgres!, ["--exit-on-error", "--no-owner", "--dbname=" + DatabaseName(storage), Path.Combine(keys, "keys.dump")], ct);
    }

    private static void PlaceRootKey(StorageOptions storage, string rootKey)
    {
        PrivateFolder.Create(storage.DataFolder);
        PrivateFolder.Create(storage.KeysFolder);
        RootKey.Read(rootKey).WriteTo(RootKey.FileIn(storage.KeysFolder));
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
}
