using System.Globalization;
using System.Runtime.InteropServices;
using Wellmet.Platform.Log;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Platform.Doctor;

/// <summary>How a <see cref="Finding"/> is to be taken.</summary>
public enum Verdict
{
    Good,

    /// <summary>Worth a look; nothing is wrong yet.</summary>
    Attention,

    /// <summary>Something is at risk or broken.</summary>
    Bad,
}

/// <summary>One thing that was looked at.</summary>
/// <param name="Name">In snake_case, e.g. <c>disk_free</c>.</param>
/// <param name="Value">What was found, for people.</param>
public sealed record Finding(string Name, Verdict Verdict, string Value);

/// <summary>Examines an installation; each finding says what was looked at and what was seen.</summary>
public sealed class Doctor(StorageOptions storage, Database database, KeyStore keys, LogReader log, Parking parking)
{
    private static readonly TimeSpan TolerableSkew = TimeSpan.FromSeconds(2);
    private const long LeastFreeBytes = 1L << 30;

    public async Task<IReadOnlyList<Finding>> ExamineAsync(CancellationToken ct) =>
    [
        new("version", Verdict.Good, typeof(Doctor).Assembly.GetName().Version?.ToString(3) ?? "?"),
        new("runtime", Verdict.Good, $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}"),
        await EngineAsync(ct),
        await DurabilityAsync("durability", database, ct),
        await DurabilityAsync("durability_of_keys", keys.Database, ct),
        await IntegrityAsync(ct),
        await RootKeyAsync(ct),
        RootKeyPermissions(),
        Folders(),
        await ClockAsync(ct),
        Disk(),
        .. await LogAsync(ct),
    ];

    private async Task<Finding> EngineAsync(CancellationToken ct)
    {
        var version = await database.ReadAsync(s => s.FirstAsync(s.Pick("select sqlite_version()", "show server_version"), null, r => r.Text(0), ct), ct);
        return new("engine", Verdict.Good, $"{(database.Engine == Engine.Sqlite ? "SQLite" : "PostgreSQL")} {version}");
    }

    private static async Task<Finding> DurabilityAsync(string name, Database examined, CancellationToken ct)
    {
        var weak = await Durability.WeaknessesAsync(examined, ct);
        return weak.Count == 0
            ? new(name, Verdict.Good, "what is acknowledged survives a power cut")
            : new(name, Verdict.Bad, string.Join("; ", weak));
    }

    private async Task<Finding> IntegrityAsync(CancellationToken ct)
    {
        if (database.Engine == Engine.Postgres)
        {
            var checksums = await database.ReadAsync(s => s.FirstAsync("show data_checksums", null, r => r.Text(0), ct), ct);
            return checksums == "on"
                ? new("integrity", Verdict.Good, "page checksums are on")
                : new("integrity", Verdict.Attention, "page checksums are off: initdb --data-checksums finds damaged pages");
        }
        var result = await database.ReadAsync(s => s.FirstAsync("pragma quick_check(1)", null, r => r.Text(0), ct), ct);
        return new("integrity", result == "ok" ? Verdict.Good : Verdict.Bad, result ?? "no answer");
    }

    private async Task<Finding> RootKeyAsync(CancellationToken ct)
    {
        try
        {
            await keys.SearchKeyAsync(ct);
            return new("root_key", Verdict.Good, "opens the key store");
        }
        catch (ProblemException e)
        {
            return new("root_key", Verdict.Bad, e.Message);
        }
    }

    private Finding RootKeyPermissions()
    {
        var file = RootKey.FileIn(storage.KeysFolder);
        return PrivateFolder.IsOpenToOthers(file)
            ? new("root_key_file", Verdict.Bad, $"others can read {file}: chmod 600")
            : new("root_key_file", Verdict.Good, "only its owner can read it");
    }

    private Finding Folders()
    {
        var open = new[] { storage.DataFolder, storage.KeysFolder }.Where(PrivateFolder.IsOpenToOthers).ToList();
        return open.Count == 0
            ? new("folders", Verdict.Good, "only their owner can look into them")
            : new("folders", open.Contains(storage.KeysFolder) ? Verdict.Bad : Verdict.Attention, $"others can look into {string.Join(" and ", open)}: chmod 700");
    }

    private async Task<Finding> ClockAsync(CancellationToken ct)
    {
        if (database.Engine == Engine.Sqlite)
        {
            return new("clock", Verdict.Good, "the database uses this machine's clock");
        }
        var there = await database.ReadAsync(s => s.FirstAsync("select clock_timestamp()", null, r => r.Time(0), ct), ct);
        var skew = (TimeProvider.System.GetUtcNow() - there).Duration();
        return new("clock", skew <= TolerableSkew ? Verdict.Good : Verdict.Attention,
            string.Create(CultureInfo.InvariantCulture, $"{skew.TotalSeconds:F1} s apart from the database"));
    }

    private Finding Disk()
    {
        var drive = new DriveInfo(storage.DataFolder);
        return new("disk_free", drive.AvailableFreeSpace >= LeastFreeBytes ? Verdict.Good : Verdict.Attention,
            string.Create(CultureInfo.InvariantCulture, $"{drive.AvailableFreeSpace / (double)(1L << 30):F1} GiB in {storage.DataFolder}"));
    }

    private async Task<IEnumerable<Finding>> LogAsync(CancellationToken ct)
    {
        var lag = await log.LagAsync(ct);
        var dead = await parking.DeadLettersAsync(100, ct);
        return
        [
            new("log_behind", Verdict.Good, lag.Count == 0 ? "no receiver has run yet" : string.Join(", ", lag.Select(l => $"{l.Receiver}: {l.Behind}"))),
            new("dead_letters", dead.Count == 0 ? Verdict.Good : Verdict.Attention, dead.Count == 0 ? "none" : $"{dead.Count} refused for good: see Settings, Dead letters"),
        ];
    }
}
