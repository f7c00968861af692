using Wellmet.Commerce.Contract;
using Wellmet.Platform.Storage;
using Wellmet.Science.Lifecycles;
using Wellmet.Segments.Histories;
using Wellmet.Segments.Members;

namespace Wellmet.Segments.Lifecycles;

/// <summary>
/// Scores everybody who is known: recency, frequency and monetary value by fifths of those who ordered (<see cref="QuantileScores"/>), and the stage of the lifecycle by each one's own rhythm (<see cref="PurchaseRhythm"/>).
/// Read once, scored in memory (some 60 bytes a customer), and noted page by page: of traits and rows only what changed. Interrupted, it begins again.
/// </summary>
public sealed class ScoreCustomers(Database database, EachCustomer everybody, SegmentBook book, NoteTraits note, IStorefronts storefronts, TimeProvider time)
{
    private const int Page = 500;
    private const double Day = 86_400_000;

    /// <returns>How many customers were scored.</returns>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var purchases = await PurchasesOf.CompileAsync(book, now, await storefronts.LeftOutAsync(ct), ct);
        var bought = new List<Bought>();
        await everybody.VisitAsync((customer, histories) =>
        {
            if (purchases.Of(customer, histories) is { } one)
            {
                bought.Add(one);
            }
        }, null, ct);
        var (scores, figures) = Score(bought, Fact.Milliseconds(now), purchases.Currency);
        foreach (var page in scores.OrderBy(s => s.CustomerId).Chunk(Page))
        {
            await database.WriteUnflushedAsync(tx => NoteAsync(tx, page, ct), ct);
        }
        await ForgetAsync(scores.Select(s => s.CustomerId).ToHashSet(), ct);
        await database.WriteAsync(tx => FinishAsync(tx, figures, now, ct), ct);
        return scores.Count;
    }

    /// <param name="now">Milliseconds since 1970.</param>
    internal static (List<CustomerScore> Scores, ScoringFigures Figures) Score(List<Bought> bought, long now, string? currency)
    {
        var medians = bought.Select(b => b.MedianGap).OfType<double>().ToList();
        var shop = PurchaseRhythm.OfShop(medians);
        var buyers = bought.FindAll(b => b.LastOrder is not null);
        var (recency, frequency, monetary) = (QuantileScores.Of(buyers.ConvertAll(b => b.LastOrder!.Value)), QuantileScores.Of(buyers.ConvertAll(b => (long)b.Orders)), QuantileScores.Of(buyers.ConvertAll(b => b.SpentMinor)));
        var scores = new List<CustomerScore>(bought.Count);
        for (var i = 0; i < buyers.Count; i++)
        {
            var b = buyers[i];
            var expected = PurchaseRhythm.Expected(b.MedianGap, b.Purchases - 1, shop);
            scores.Add(new CustomerScore(b.CustomerId, PurchaseRhythm.StageOf(b.Purchases, (now - b.LastOrder!.Value) / Day, expected), b.Orders, Fact.Time(b.LastOrder.Value), expected, b.SpentMinor, recency[i], frequency[i], monetary[i]));
        }
        var bounds = BoundsOf("recency", recency, i => Math.Floor((now - buyers[i].LastOrder!.Value) / Day)).Concat(BoundsOf("frequency", frequency, i => buyers[i].Orders)).Concat(BoundsOf("monetary", monetary, i => buyers[i].SpentMinor)).ToList();
        var cells = scores.GroupBy(s => (s.Recency, s.Value)).Select(g => new CellFigure(g.Key.Recency!.Value, g.Key.Value!.Value, g.Count(), g.Sum(s => s.SpentMinor))).OrderBy(c => (c.Recency, c.Value)).ToList();
        scores.AddRange(bought.Where(b => b.LastOrder is null).Select(b => new CustomerScore(b.CustomerId, LifecycleStage.Prospect, 0, null, null, 0, null, null, null)));
        var byStage = scores.ToLookup(s => s.Stage);
        var stages = Enum.GetValues<LifecycleStage>().Select(s => new StageFigure(s, byStage[s].Count(), byStage[s].Sum(c => c.SpentMinor))).ToList();
        return (scores, new ScoringFigures(currency, shop, medians.Count >= PurchaseRhythm.FewestBuyers, stages, cells, bounds));
    }

    private static IEnumerable<ScoreBound> BoundsOf(string name, int[] scores, Func<int, double> value) => Enumerable.Range(0, scores.Length).GroupBy(i => scores[i]).OrderBy(g => g.Key)
        .Select(g => new ScoreBound(name, g.Key, g.Min(value), g.Max(value)));

    private async Task NoteAsync(Transaction tx, CustomerScore[] page, CancellationToken ct)
    {
        await note.RunAsync(tx, page.ToDictionary(s => s.CustomerId, CustomerScore.TraitsOf), ct);
        // Who was merged into somebody, or erased, since they were read is a customer no more.
        var there = (await tx.QueryAsync("select subject_id from segments_histories where subject_id in @customers and customer_id = subject_id", new { customers = page.Select(s => s.CustomerId) }, r => r.Guid(0), ct)).ToHashSet();
        var standing = (await tx.QueryAsync($"select {CustomerScore.Columns} from segments_scores where subject_id in @customers", new { customers = page.Select(s => s.CustomerId) }, CustomerScore.Read, ct)).ToHashSet();
        await CustomerScore.Insert.RunAsync(tx, [.. page.Where(s => there.Contains(s.CustomerId) && !standing.Contains(s))], ct);
    }

    /// <summary>Who is scored no more, as their orders were taken back or nobody is known behind them, has no traits from then on.</summary>
    private async Task ForgetAsync(HashSet<Guid> scored, CancellationToken ct)
    {
        var gone = (await database.ReadAsync(s => s.QueryAsync("select subject_id from segments_scores", null, r => r.Guid(0), ct), ct)).FindAll(c => !scored.Contains(c));
        foreach (var page in gone.Chunk(Page))
        {
            await database.WriteUnflushedAsync(async tx =>
            {
                await note.RunAsync(tx, page.ToDictionary(c => c, _ => CustomerScore.TraitsOf(null)), ct);
                await tx.ExecuteAsync("delete from segments_scores where subject_id in @page", new { page }, ct);
            }, ct);
        }
    }

    private async Task FinishAsync(Transaction tx, ScoringFigures figures, DateTimeOffset now, CancellationToken ct)
    {
        var day = DateOnly.FromDateTime(now.UtcDateTime);
        await tx.ExecuteAsync("delete from segments_stages where day = @day", new { day }, ct);
        await Stages.RunAsync(tx, [.. figures.Stages.Select(s => (day, s))], ct);
        // Whoever asked for it meanwhile is answered anew.
        await tx.ExecuteAsync("update segments_scorings set figures = @figures, finished_at = @finished, begun_at = null, asked_at = case when asked_at <= @now then null else asked_at end where id = 1",
            new { figures = new Json(figures.Write()), finished = time.GetUtcNow(), now }, ct);
    }

    private static readonly BulkInsert<(DateOnly Day, StageFigure Of)> Stages = new("segments_stages",
        new("day", typeof(DateOnly), s => s.Day), new("stage", typeof(LifecycleStage), s => s.Of.Stage), new("customers", typeof(long), s => s.Of.Customers));
}
