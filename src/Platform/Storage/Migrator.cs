using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace Wellmet.Platform.Storage;

/// <summary>
/// Runs each module's <c>Migrations/0001_name.sql</c> once, in order, one transaction each. Several nodes may start together: one migrates, the
/// others wait.
/// </summary>
public sealed partial class Migrator(TimeProvider time, ILogger<Migrator> logger)
{
    private const string History = "platform_migrations";

    /// <summary>All migrations found in the assemblies, in the order in which they run.</summary>
    /// <param name="store"><c>null</c> for the main database, <c>vault</c> for the key store.</param>
    public static IReadOnlyList<MigrationText> Find(IEnumerable<Assembly> assemblies, string? store = null) =>
        [.. assemblies.SelectMany(assembly => assembly.GetManifestResourceNames()
            .Select(resource => (resource, match: ResourceName().Match(resource)))
            .Where(r => r.match.Success && (r.match.Groups["room"].Value == "Vault") == (store == "vault"))
            .Select(r => Read(assembly, r.resource, r.match))
            .OrderBy(m => m.Module, StringComparer.Ordinal).ThenBy(m => m.Number))
            .GroupBy(m => m.Module).SelectMany(WithoutDropped)];

    private static IEnumerable<MigrationText> WithoutDropped(IEnumerable<MigrationText> ofModule)
    {
        var migrations = ofModule.ToList();
        return migrations.Select((m, i) => m with { DroppedLater = migrations.Skip(i + 1).SelectMany(later => later.Drops).ToHashSet() });
    }

    /// <summary>Brings the database to the state this program needs; answers how many migrations ran.</summary>
    /// <exception cref="ProblemException"><c>database_newer</c>: a newer version of the program was here; <c>migration_changed</c>.</exception>
    public async Task<int> RunAsync(Database database, IReadOnlyList<MigrationText> migrations, string? schema, CancellationToken ct)
    {
        await database.WriteAsync(tx => PrepareAsync(tx, schema, ct), ct);
        var ran = 0;
        foreach (var migration in migrations)
        {
            ran += await database.WriteAsync(tx => RunOneAsync(tx, migrations, migration, ct), ct);
        }
        return ran;
    }

    /// <summary>Migrations that have not run yet.</summary>
    public static async Task<int> PendingAsync(Database database, IReadOnlyList<MigrationText> migrations, CancellationToken ct) =>
        migrations.Count - (await database.ReadAsync(s => AppliedAsync(s, ct), ct)).Count;

    private static async Task PrepareAsync(Transaction tx, string? schema, CancellationToken ct)
    {
        if (tx.Engine == Engine.Postgres)
        {
            await tx.ExecuteAsync("select pg_advisory_xact_lock(7311880)", null, ct);
            if (schema is not null)
            {
                await tx.ExecuteAsync($"create schema if not exists {schema}", null, ct);
            }
        }
        await tx.ExecuteAsync($"""
            create table if not exists {History} (
                module text not null, number integer not null, name text not null, checksum text not null,
                applied_at {tx.Pick("integer", "timestamptz")} not null, primary key (module, number))
            """, null, ct);
    }

    private async Task<int> RunOneAsync(Transaction tx, IReadOnlyList<MigrationText> known, MigrationText migration, CancellationToken ct)
    {
        if (tx.Engine == Engine.Postgres)
        {
            await tx.ExecuteAsync("select pg_advisory_xact_lock(7311880)", null, ct);
        }
        var applied = await AppliedAsync(tx, ct);
        Verify(applied, known);
        if (applied.Any(a => a.Module == migration.Module && a.Number == migration.Number))
        {
            return 0;
        }
        foreach (var statement in migration.Statements(tx.Engine))
        {
            await tx.ExecuteAsync(statement, null, ct);
        }
        await tx.ExecuteAsync($"insert into {History} values (@Module, @Number, @Name, @Checksum, @At)",
            new { migration.Module, migration.Number, migration.Name, migration.Checksum, At = time.GetUtcNow() }, ct);
        logger.LogDebug("Migration {Module} {Number} {Name} ran", migration.Module, migration.Number, migration.Name);
        return 1;
    }

    private static void Verify(List<Applied> applied, IReadOnlyList<MigrationText> known)
    {
        foreach (var a in applied)
        {
            var mine = known.FirstOrDefault(m => m.Module == a.Module && m.Number == a.Number)
                ?? throw new ProblemException("database_newer",
                    "The database was made by a newer version of Wellmet (it has {0} {1}, unknown here). Start that version, or restore a backup.", 409, a.Module, a.Number);
            if (mine.Checksum != a.Checksum)
            {
                throw new ProblemException("migration_changed",
                    "Migration {0} {1} is not the one that ran on this database. Start the version that made it.", 409, a.Module, a.Number);
            }
        }
    }

    private static Task<List<Applied>> AppliedAsync(Session session, CancellationToken ct) =>
        session.QueryAsync($"select module, number, checksum from {History}", null, r => new Applied(r.Text(0), r.Int(1), r.Text(2)), ct);

    private static MigrationText Read(Assembly assembly, string resource, Match match)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        var room = match.Groups["room"].Value;
        var module = match.Groups["module"].Value.ToLowerInvariant() + (room.Length == 0 ? "" : "." + room.ToLowerInvariant());
        return new MigrationText(module, int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture), match.Groups["name"].Value, reader.ReadToEnd());
    }

    private sealed record Applied(string Module, int Number, string Checksum);

    [GeneratedRegex(@"^Wellmet\.(?<module>\w+)\.(?:(?<room>\w+)\.)?Migrations\.(?<number>\d{4})_(?<name>\w+)\.sql$", RegexOptions.None, 1000)]
    private static partial Regex ResourceName();
}
