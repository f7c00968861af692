using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Platform.Backups;

/// <summary>Where the two artefacts of a backup were written.</summary>
public sealed record BackupPlaces(string Data, string Keys, long Bytes);

/// <summary>
/// Takes a backup while the shop runs, as two artefacts: <c>data-…</c> and <c>keys-…</c>. Whoever has only the data can read nothing
/// personal. The data is taken first: a key is durable before anything is sealed under it, so the later keys cover the earlier data.
/// The root key is in neither; it is kept by hand.
/// </summary>
public sealed class BackupShop(StorageOptions storage, Database database, KeyStore keys, TimeProvider time)
{
    public async Task<BackupPlaces> RunAsync(string folder, CancellationToken ct)
    {
        var stamp = time.GetUtcNow();
        var pair = Id.New();
        var data = Create(folder, $"data-{stamp:yyyyMMdd-HHmmss}");
        var keysFolder = Create(folder, $"keys-{stamp:yyyyMMdd-HHmmss}");
        await CopyAsync(database, Path.Combine(data, "data"), ["--exclude-schema=" + StorageOptions.KeysSchema], ct);
        PrivateFolder.Copy(Path.Combine(storage.DataFolder, "files"), Path.Combine(data, "files"));
        await CopyAsync(keys.Database, Path.Combine(keysFolder, "keys"), ["--schema=" + StorageOptions.KeysSchema], ct);
        var engine = EnumText.Of(storage.Engine);
        await Manifest.WriteAsync(data, "data", pair, engine, stamp, ct);
        await Manifest.WriteAsync(keysFolder, "keys", pair, engine, stamp, ct);
        var bytes = new[] { data, keysFolder }.SelectMany(f => Directory.EnumerateFiles(f, "*", SearchOption.AllDirectories)).Sum(f => new FileInfo(f).Length);
        return new BackupPlaces(data, keysFolder, bytes);
    }

    private static string Create(string folder, string name)
    {
        var path = Path.Combine(Path.GetFullPath(folder), name);
        if (Directory.Exists(path))
        {
            throw new ProblemException("backup_exists", "{0} exists already: try again in a second.", 409, path);
        }
        return PrivateFolder.Create(path).FullName;
    }

    private async Task CopyAsync(Database source, string target, string[] dumpOptions, CancellationToken ct)
    {
        if (source.Engine == Engine.Sqlite)
        {
            // VACUUM INTO sees one consistent moment while others write; copying the file does not.
            await source.ReadAsync(s => s.ExecuteAsync("vacuum into @target", new { target = target + ".db" }, ct), ct);
            PrivateFolder.Protect(target + ".db");
            return;
        }
        await PostgresTools.RunAsync("pg_dump", storage.Postgres!, ["--format=custom", "--no-owner", $"--file={target}.dump", .. dumpOptions], ct);
        PrivateFolder.Protect(target + ".dump");
    }
}
