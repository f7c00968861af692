using Wellmet.Platform.Log;

namespace Wellmet.Recommendations.Models;

/// <summary>
/// Says when a new model is due, by looking at what came into the log since the last one. It needs no cursor and no row of its own: a
/// model states the position it was trained at, and what lies behind that position is new.
/// </summary>
public sealed class TrainingSchedule(LogReader log, LogHistory history, DemoModel demo, TrainingOptions options, TimeProvider time)
{
    private IReadOnlyDictionary<int, long>? seen;
    private DateTimeOffset? firstNews;
    private DateTimeOffset? latestNews;
    private DateTimeOffset? triedAt;
    private bool views;

    /// <summary>Until it is worth looking again.</summary>
    public Task WaitAsync(CancellationToken ct) => Task.Delay(options.Poll, time, ct);

    /// <param name="model">The model that serves; null where there is none.</param>
    public async Task<bool> IsDueAsync(ModelCard? model, CancellationToken ct)
    {
        if (!await demo.MayLearnAsync(ct))
        {
            return false;
        }
        if (await demo.DropOutlivedAsync(ct))
        {
            // Whatever is in the log is new.
            (model, seen, firstNews, latestNews, views) = (null, null, null, null, false);
        }
        var heads = await history.HeadsAsync(ct);
        seen ??= GoOnFrom(model, heads);
        if (heads.Any(h => h.Value != seen.GetValueOrDefault(h.Key)))
        {
            if (await log.AnyAfterAsync(seen, PurchaseHistory.Events, ct))
            {
                HearNews();
            }
            if (!views && await log.AnyAfterAsync(seen, ViewHistory.Events, ct))
            {
                HearViews(model);
            }
            seen = heads;
        }
        var now = time.GetUtcNow();
        var settled = now - latestNews >= options.Quiet || now - firstNews >= options.Patience;
        var rested = triedAt is null || now - triedAt >= options.Interval;
        return rested && (settled || (views && now - model?.TrainedAt >= options.Views));
    }

    /// <summary>A training begins.</summary>
    public void Begin()
    {
        (firstNews, latestNews, views) = (null, null, false);
        triedAt = time.GetUtcNow();
    }

    /// <summary>A training ended: what lies behind its position is new.</summary>
    public void Complete(ModelCard model) => seen = model.Position;

    /// <summary>The training came to nothing: it is due again after the usual interval.</summary>
    public void Fail() => HearNews();

    private IReadOnlyDictionary<int, long> GoOnFrom(ModelCard? model, IReadOnlyDictionary<int, long> heads)
    {
        var position = model?.Position ?? new Dictionary<int, long>();
        if (heads.All(h => h.Value >= position.GetValueOrDefault(h.Key)))
        {
            return position;
        }
        // The log is shorter than the one that the model knows: a backup was restored.
        HearNews();
        return heads;
    }

    /// <summary>The first model waits for nothing.</summary>
    private void HearViews(ModelCard? model)
    {
        views = true;
        if (model is null)
        {
            HearNews();
        }
    }

    private void HearNews()
    {
        latestNews = time.GetUtcNow();
        firstNews ??= latestNews;
    }
}
