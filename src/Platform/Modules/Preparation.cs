using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Platform.Modules;

/// <summary>What must hold before the program serves: folders, the root key, the schema, durable settings.</summary>
public sealed class Preparation(StorageOptions storage, ModuleCatalog catalog, Migrator migrator, IServiceProvider services)
{
    /// <exception cref="ProblemException">One clear sentence about what is in the way.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        DemandFolder(storage.DataFolder);
        DemandFolder(storage.KeysFolder);
        var keys = Get<KeyStore>();
        var database = Get<Database>();
        await migrator.RunAsync(keys.Database, KeyMigrations, storage.Engine == Engine.Postgres ? StorageOptions.KeysSchema : null, ct);
        await migrator.RunAsync(database, Migrations, null, ct);
        await keys.SearchKeyAsync(ct);
        var weak = await Durability.WeaknessesAsync(database, ct);
        if (weak.Count > 0)
        {
            throw new ProblemException("durability_weak",
                "The database could lose what it acknowledged: {0}. Set it right and start again.", 503, string.Join("; ", weak));
        }
    }

    public IReadOnlyList<MigrationText> Migrations => Migrator.Find(catalog.Assemblies);

    public static IReadOnlyList<MigrationText> KeyMigrations => Migrator.Find([typeof(Preparation).Assembly], "vault");

    private static void DemandFolder(string folder)
    {
        try
        {
            PrivateFolder.Create(folder);
            var probe = Path.Combine(folder, ".write-test");
            File.WriteAllText(probe, "");
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException("folder_not_writable", "The folder {0} cannot be written: {1}", 500, folder, e.Message);
        }
    }

    private T Get<T>() where T : notnull => (T)services.GetService(typeof(T))!;
}
