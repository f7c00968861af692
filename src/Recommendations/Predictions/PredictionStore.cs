using System.Text.Json;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Contract;

namespace Wellmet.Recommendations.Predictions;

/// <summary>Keeps the predictions of customers, and the card of each day's run.</summary>
public sealed class PredictionStore(Database database, LogReader log)
{
    internal const string Columns = "subject_id, chance, next_type, next_share, due, reasons, last_order_at, predicted_at";

    /// <summary>Chances are kept in millionths, so that lists are sorted and paged by whole numbers.</summary>
    internal const int Whole = 1_000_000;

    private const int DeletedAtOnce = 1_000;

    /// <summary>What has not come to its end by then broke off with its node, and another one takes it up.</summary>
    private static readonly TimeSpan GivenUp = TimeSpan.FromHours(2);

    private static readonly BulkInsert<CustomerPrediction> Rows = new("recommendations_predictions",
        new("subject_id", typeof(Guid), p => p.CustomerId),
        new("chance", typeof(int), p => Millionths(p.Chance)),
        new("next_type", typeof(string), p => p.NextType),
        new("next_share", typeof(int), p => Millionths(p.NextTypeShare)),
        new("due", typeof(Json), p => new Json(JsonSerializer.Serialize(p.Due))),
        new("reasons", typeof(Json), p => new Json(JsonSerializer.Serialize(p.Reasons))),
        new("last_order_at", typeof(DateTimeOffset), p => p.LastOrderAt),
        new("predicted_at", typeof(DateTimeOffset), p => p.PredictedAt))
    {
        // Of two runs at once, on two nodes, the one that began later counts.
        OnConflict = """
            on conflict (subject_id) do update set chance = excluded.chance, next_type = excluded.next_type, next_share = excluded.next_share, due = excluded.due, reasons = excluded.reasons,
              last_order_at = excluded.last_order_at, predicted_at = excluded.predicted_at where excluded.predicted_at >= recommendations_predictions.predicted_at
            """,
    };

    internal static int? Millionths(double? share) => share is { } known ? (int)Math.Round(known * Whole) : null;

    internal static CustomerPrediction Read(Row r) => new(r.Guid(0), Share(r.LongOrNull(1)), r.TextOrNull(2), Share(r.LongOrNull(3)),
        JsonSerializer.Deserialize<List<DueProduct>>(r.Text(4))!, JsonSerializer.Deserialize<List<ChanceReason>>(r.Text(5))!, r.Time(6), r.Time(7));

    /// <summary>Takes the day for this node; false where it is done or another one does it, unless it is asked for <paramref name="again"/>.</summary>
    internal async Task<bool> TakeAsync(DateOnly day, DateTimeOffset now, bool again, CancellationToken ct) => await database.WriteAsync(tx => tx.ExecuteAsync("""
        insert into recommendations_prediction_runs (day, started_at) values (@day, @now)
        on conflict (day) do update set started_at = excluded.started_at
          where @again or (recommendations_prediction_runs.finished_at is null and recommendations_prediction_runs.started_at < @givenUp)
        """, new { day, now, again, givenUp = now - GivenUp }, ct), ct) > 0;

    /// <summary>Writes in place of what was foretold before; not of somebody who was erased in the meantime.</summary>
    internal Task WriteAsync(IReadOnlyList<CustomerPrediction> predictions, CancellationToken ct) => database.WriteAsync(async tx =>
    {
        var erased = (await log.OfSubjectsAsync(tx, [.. predictions.Select(p => p.CustomerId)], [typeof(CustomerErased)], ct)).Select(d => d.SubjectId).ToHashSet();
        await Rows.RunAsync(tx, [.. predictions.Where(p => !erased.Contains(p.CustomerId))], ct);
    }, ct);

    /// <summary>Keeps the card, and lets go of everything that an earlier run foretold: of those who ordered nothing any more, object, or are somebody else's now.</summary>
    internal async Task FinishAsync(DateOnly day, PredictionCard card, DateTimeOffset finishedAt, CancellationToken ct)
    {
        while (await database.WriteAsync(tx => tx.ExecuteAsync($"""
            delete from recommendations_predictions where subject_id in (select subject_id from recommendations_predictions where predicted_at < @MadeAt order by predicted_at limit {DeletedAtOnce})
            """, new { card.MadeAt }, ct), ct) > 0)
        {
        }
        await database.WriteAsync(tx => tx.ExecuteAsync("update recommendations_prediction_runs set finished_at = @finishedAt, card = @json where day = @day",
            new { day, finishedAt, json = new Json(JsonSerializer.Serialize(card)) }, ct), ct);
    }

    /// <summary>Of the last run that came to its end; null before the first one.</summary>
    public async Task<PredictionCard?> CardAsync(CancellationToken ct)
    {
        try
        {
            return await database.ReadAsync(s => s.FirstAsync("select card from recommendations_prediction_runs where card is not null order by day desc limit 1", null,
                r => JsonSerializer.Deserialize<PredictionCard>(r.Text(0)), ct), ct);
        }
        catch (JsonException)
        {
            // Of another version of the program; today's run brings one that can be read.
            return null;
        }
    }

    private static double? Share(long? millionths) => millionths is { } known ? known / (double)Whole : null;
}
