using Microsoft.Extensions.Logging;
using Wellmet.Platform.Storage;
using Wellmet.Science.Recommenders;

namespace Wellmet.Recommendations.Models;

/// <summary>
/// The model that answers now, and its file in the data folder, from which a restart serves at once. The file holds nothing that training
/// could not bring back: a damaged one is discarded.
/// </summary>
public sealed class ModelStore(StorageOptions storage, ModelVersions versions, ILogger<ModelStore> logger)
{
    private ShopModel? current;

    /// <summary>Null until something was trained. Take it once per request: another may take its place at any time.</summary>
    public ShopModel? Current => Volatile.Read(ref current);

    public string File { get; } = Path.Combine(storage.DataFolder, "models", "recommendations.model");

    /// <summary>Takes up the file, where there is a sound one.</summary>
    public void Load()
    {
        if (!System.IO.File.Exists(File))
        {
            return;
        }
        try
        {
            using var stream = System.IO.File.OpenRead(File);
            Volatile.Write(ref current, ModelFile.Read(stream));
        }
        catch (Exception e) when (e is ModelFileException or IOException or UnauthorizedAccessException)
        {
            logger.LogWarning("The model of recommendations cannot be used and is trained anew: {Reason}", e.Message);
            Discard();
        }
    }

    /// <summary>Puts a model in place of the current one, for all requests from now on, and keeps it for the next start. One of another day can serve again (<see cref="ModelVersions"/>).</summary>
    public void Publish(ShopModel model)
    {
        var before = Interlocked.Exchange(ref current, model);
        try
        {
            if (before is not null && before.Card.Day != model.Card.Day && System.IO.File.Exists(File))
            {
                versions.PutAside(File, before.Card);
            }
            Save(model);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.LogWarning("The model of recommendations serves, but could not be kept for the next start: {Reason}", e.Message);
        }
    }

    /// <summary>The same model with weights that followed the orders, unless another one has taken its place meanwhile. The file keeps what was trained.</summary>
    internal void Refine(ShopModel model, ShopModel current) => Interlocked.CompareExchange(ref this.current, current, model);

    /// <summary>There is no model any more, and none after the next start.</summary>
    public void Drop()
    {
        Volatile.Write(ref current, null);
        Discard();
    }

    /// <summary>Whole or not at all: a reader never meets half a file. After a power cut the checksums tell.</summary>
    private void Save(ShopModel model)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        var unfinished = File + ".new";
        using (var stream = System.IO.File.Create(unfinished))
        {
            ModelFile.Write(stream, model);
        }
        System.IO.File.Move(unfinished, File, overwrite: true);
    }

    private void Discard()
    {
        try
        {
            System.IO.File.Delete(File);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.LogWarning("The unusable model file could not be deleted: {Reason}", e.Message);
        }
    }
}
