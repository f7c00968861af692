namespace Wellmet.Platform.Storage;

/// <summary>Where everything is kept.</summary>
/// <param name="DataFolder">Holds the SQLite file, the files and, below <c>keys/</c>, the key store and the root key.</param>
/// <param name="Postgres">An Npgsql connection string, or null for SQLite in <paramref name="DataFolder"/>.</param>
public sealed record StorageOptions(string DataFolder, string? Postgres)
{
    public Engine Engine => Postgres is null ? Engine.Sqlite : Engine.Postgres;

    /// <summary>Pages of 4 KB in SQLite's write-ahead log before it is copied into the file: 64 MB.</summary>
    public int LogPages { get; init; } = 16_000;

    public string KeysFolder => Path.Combine(DataFolder, "keys");
    public string SqliteFile => Path.Combine(DataFolder, "wellmet.db");
    public string KeysSqliteFile => Path.Combine(KeysFolder, "keys.db");

    /// <summary>PostgreSQL schema of the key store: apart from the data, so that a dump of the data holds no key.</summary>
    public const string KeysSchema = "wellmet_keys";
}
