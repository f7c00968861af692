using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wellmet.Platform.Storage;

namespace Wellmet.Recommendations.Effects;

/// <summary>
/// Adds up what pages saw and writes it every two seconds: a busy page would else write the same rows at every visit. What a crash loses is at most that; choices, which say what a place brought,
/// are not counted here alone (<see cref="TellShown"/>).
/// </summary>
public sealed class ShownCounter(Database database, TimeProvider time, ILogger<ShownCounter> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private static readonly BulkInsert<KeyValuePair<Key, Counts>> Add = new("recommendations_shown",
        new("product_id", typeof(Guid), c => c.Key.ProductId),
        new("placement", typeof(string), c => c.Key.Placement),
        new("day", typeof(DateOnly), c => c.Key.Day),
        new("shown", typeof(long), c => c.Value.Shown),
        new("chosen", typeof(long), c => c.Value.Chosen))
    {
        OnConflict = "on conflict (product_id, placement, day) do update set shown = recommendations_shown.shown + excluded.shown, chosen = recommendations_shown.chosen + excluded.chosen",
    };

    private static readonly BulkInsert<KeyValuePair<Key, Counts>> AddTried = new("recommendations_tried",
        new("product_id", typeof(Guid), c => c.Key.ProductId),
        new("experiment_id", typeof(Guid), c => c.Key.Experiment),
        new("variant", typeof(int), c => c.Key.Variant),
        new("shown", typeof(long), c => c.Value.Shown),
        new("chosen", typeof(long), c => c.Value.Chosen))
    {
        OnConflict = "on conflict (product_id, experiment_id, variant) do update set shown = recommendations_tried.shown + excluded.shown, chosen = recommendations_tried.chosen + excluded.chosen",
    };

    private readonly Lock gate = new();
    private Dictionary<Key, Counts> waiting = [];

    /// <summary>At a placement, today.</summary>
    internal void Count(string placement, IEnumerable<Guid> shown, Guid? chosen) =>
        Count(product => new Key(product, placement, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime), Guid.Empty, 0), shown, chosen);

    /// <summary>As a variant of an experiment.</summary>
    internal void Count(Guid experiment, int variant, IEnumerable<Guid> shown, Guid? chosen) => Count(product => new Key(product, "", default, experiment, variant), shown, chosen);

    private void Count(Func<Guid, Key> keyOf, IEnumerable<Guid> shown, Guid? chosen)
    {
        lock (gate)
        {
            foreach (var product in shown.Distinct())
            {
                Of(product).Shown++;
            }
            if (chosen is { } one)
            {
                Of(one).Chosen++;
            }
        }

        Counts Of(Guid product)
        {
            var key = keyOf(product);
            return waiting.TryGetValue(key, out var counts) ? counts : waiting[key] = new Counts();
        }
    }

    /// <summary>Writes what waits; where that fails it waits on.</summary>
    public async Task FlushAsync(CancellationToken ct)
    {
        Dictionary<Key, Counts> taken;
        lock (gate)
        {
            (taken, waiting) = (waiting, []);
        }
        if (taken.Count == 0)
        {
            return;
        }
        try
        {
            // One order for all nodes: no deadlocks.
            var rows = taken.OrderBy(c => c.Key.ProductId).ThenBy(c => c.Key.Placement, StringComparer.Ordinal).ThenBy(c => c.Key.Day).ThenBy(c => c.Key.Experiment).ThenBy(c => c.Key.Variant).ToList();
            await database.WriteAsync(async tx =>
            {
                await Add.RunAsync(tx, rows.FindAll(r => r.Key.Experiment == Guid.Empty), ct);
                await AddTried.RunAsync(tx, rows.FindAll(r => r.Key.Experiment != Guid.Empty), ct);
            }, ct);
        }
        catch
        {
            PutBack(taken);
            throw;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await TryFlushAsync(stoppingToken);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryFlushAsync(cancellationToken);
    }

    private async Task TryFlushAsync(CancellationToken ct)
    {
        try
        {
            await FlushAsync(ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.LogWarning(e, "What pages showed could not be counted now; tried again in {Interval}", Interval);
        }
    }

    private void PutBack(Dictionary<Key, Counts> taken)
    {
        lock (gate)
        {
            foreach (var (key, counts) in taken)
            {
                if (waiting.TryGetValue(key, out var newer))
                {
                    newer.Shown += counts.Shown;
                    newer.Chosen += counts.Chosen;
                }
                else
                {
                    waiting[key] = counts;
                }
            }
        }
    }

    /// <summary>Either of a placement and a day, or of an experiment (empty for none) and its variant.</summary>
    private readonly record struct Key(Guid ProductId, string Placement, DateOnly Day, Guid Experiment, int Variant);

    private sealed class Counts
    {
        public long Shown { get; set; }
        public long Chosen { get; set; }
    }
}
