using Microsoft.Extensions.Logging;
using Wellmet.Platform.Storage;
using Wellmet.Science.Predictions;
using Wellmet.Science.Recommenders;

namespace Wellmet.Recommendations.Intent;

/// <summary>The model of visits: one node learns it, all of them serve with it.</summary>
public sealed class IntentStore(Database database, ILogger<IntentStore> logger)
{
    private sealed record Loaded(DateTimeOffset MadeAt, PurchaseIntent? Model);

    private Loaded? loaded;

    /// <param name="model">Null for none.</param>
    internal Task SaveAsync(PurchaseIntent? model, DateTimeOffset madeAt, CancellationToken ct)
    {
        using var bytes = new MemoryStream();
        model?.Save(bytes);
        var file = bytes.ToArray();
        return database.WriteAsync(async tx =>
        {
            await tx.ExecuteAsync("delete from recommendations_intent", null, ct);
            if (model is not null)
            {
                await tx.ExecuteAsync("insert into recommendations_intent (made_at, model) values (@madeAt, @file)", new { madeAt, file }, ct);
            }
        }, ct);
    }

    /// <summary>Null where there is none, or one of another version of the program.</summary>
    internal async Task<PurchaseIntent?> CurrentAsync(CancellationToken ct)
    {
        if (await database.ReadAsync(s => s.FirstAsync("select made_at from recommendations_intent", null, r => (DateTimeOffset?)r.Time(0), ct), ct) is not { } madeAt)
        {
            return null;
        }
        if (Volatile.Read(ref loaded) is { } known && known.MadeAt == madeAt)
        {
            return known.Model;
        }
        var found = await database.ReadAsync(s => s.FirstAsync("select made_at, model from recommendations_intent", null, r => new Loaded(r.Time(0), Read(r.Bytes(1))), ct), ct);
        Volatile.Write(ref loaded, found);
        return found?.Model;
    }

    private PurchaseIntent? Read(byte[] file)
    {
        try
        {
            return PurchaseIntent.Load(new MemoryStream(file));
        }
        catch (ModelFileException e)
        {
            logger.LogWarning("The model of visits cannot be used and is learnt anew with the next predictions: {Reason}", e.Message);
            return null;
        }
    }
}
