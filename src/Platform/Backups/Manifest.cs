using System.Security.Cryptography;
using System.Text.Json;

namespace Wellmet.Platform.Backups;

/// <summary>What a backup folder holds; written last, so a folder without it is not a whole backup.</summary>
/// <param name="Artefact"><c>data</c> or <c>keys</c>: two artefacts, kept in two places.</param>
/// <param name="Pair">The same in both artefacts of one backup.</param>
/// <param name="Files">Relative path → SHA-256.</param>
public sealed record Manifest(string Artefact, Guid Pair, string Engine, string Version, DateTimeOffset TakenAt, IReadOnlyDictionary<string, string> Files)
{
    private const string FileName = "manifest.json";
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static async Task<Manifest> WriteAsync(string folder, string artefact, Guid pair, string engine, DateTimeOffset takenAt, CancellationToken ct)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            files[Path.GetRelativePath(folder, file)] = await HashAsync(file, ct);
        }
        var version = typeof(Manifest).Assembly.GetName().Version?.ToString(3) ?? "?";
        var manifest = new Manifest(artefact, pair, engine, version, takenAt, files);
        Vault.DurableFile.Write(Path.Combine(folder, FileName), JsonSerializer.Serialize(manifest, Format),
            UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return manifest;
    }

    /// <summary>Reads the manifest and compares every file with it.</summary>
    /// <exception cref="ProblemException"><c>backup_incomplete</c>, <c>backup_damaged</c>.</exception>
    public static async Task<Manifest> VerifyAsync(string folder, CancellationToken ct)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            throw new ProblemException("backup_incomplete", "{0} is not a whole backup: it has no manifest.json.", 400, folder);
        }
        var manifest = JsonSerializer.Deserialize<Manifest>(await File.ReadAllTextAsync(path, ct), Format)!;
        foreach (var (file, hash) in manifest.Files)
        {
            var full = Path.Combine(folder, file);
            if (!File.Exists(full) || await HashAsync(full, ct) != hash)
            {
                throw new ProblemException("backup_damaged", "The backup {0} is damaged: {1} is missing or was changed.", 400, folder, file);
            }
        }
        return manifest;
    }

    private static async Task<string> HashAsync(string file, CancellationToken ct)
    {
        await using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, ct));
    }
}
