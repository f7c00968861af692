using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;
using Wellmet.Science.Recommenders;

namespace Wellmet.Recommendations.Models;

/// <summary>The last model of an earlier day (UTC), which can serve again.</summary>
public sealed record ModelVersion(DateOnly Day, ModelCard Card);

/// <summary>
/// The last models of earlier days, in files beside the current one. A model that learnt from somebody who was erased since is deleted: nobody can go back to it.
/// </summary>
public sealed class ModelVersions(StorageOptions storage, LogReader log, ILogger<ModelVersions> logger)
{
    /// <summary>So many days are kept.</summary>
    public const int Kept = 5;

    private readonly string folder = Path.Combine(storage.DataFolder, "models");

    private volatile IReadOnlySet<DateOnly> pinned = new HashSet<DateOnly>();

    /// <summary>Whether there is one of the day.</summary>
    public bool Has(DateOnly day) => File.Exists(FileOf(day, "json")) && File.Exists(FileOf(day, "model"));

    /// <summary>These days are kept however many newer ones there are.</summary>
    internal void Pin(IReadOnlySet<DateOnly> days) => pinned = days;

    /// <summary>Newest first.</summary>
    public IReadOnlyList<ModelVersion> All() => !Directory.Exists(folder) ? []
        : [.. Directory.EnumerateFiles(folder, "recommendations-*.json").Select(Read).OfType<ModelVersion>().OrderByDescending(v => v.Day)];

    /// <summary>Null where there is none of the day, or its file is damaged.</summary>
    public ShopModel? Load(DateOnly day)
    {
        try
        {
            using var stream = File.OpenRead(FileOf(day, "model"));
            return ModelFile.Read(stream);
        }
        catch (Exception e) when (e is ModelFileException or IOException or UnauthorizedAccessException)
        {
            logger.LogWarning("The model of {Day:yyyy-MM-dd} cannot be used: {Reason}", day, e.Message);
            return null;
        }
    }

    /// <summary>Deletes what learnt from somebody who was erased since.</summary>
    public async Task ForgetErasedAsync(CancellationToken ct)
    {
        foreach (var version in All())
        {
            if (await log.AnyAfterAsync(version.Card.Position, [typeof(CustomerErased)], ct))
            {
                Delete(version.Day);
            }
        }
    }

    /// <summary>None of them may serve again.</summary>
    internal void DropAll()
    {
        foreach (var version in All())
        {
            Delete(version.Day);
        }
    }

    /// <summary>Puts the file of a model aside as the one of its day, and lets go of those that are too many.</summary>
    internal void PutAside(string file, ModelCard card)
    {
        File.Move(file, FileOf(card.Day, "model"), overwrite: true);
        File.WriteAllText(FileOf(card.Day, "json"), JsonSerializer.Serialize(card));
        foreach (var old in All().Where(v => !pinned.Contains(v.Day)).Skip(Kept))
        {
            Delete(old.Day);
        }
    }

    private void Delete(DateOnly day)
    {
        File.Delete(FileOf(day, "json"));
        File.Delete(FileOf(day, "model"));
    }

    private string FileOf(DateOnly day, string kind) => Path.Combine(folder, $"recommendations-{day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}.{kind}");

    private ModelVersion? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<ModelCard>(File.ReadAllText(file)) is { Position: not null } card && File.Exists(FileOf(card.Day, "model")) ? new ModelVersion(card.Day, card) : null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
