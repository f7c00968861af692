using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Wellmet.Platform.Access;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Science.Predictions;
using Wellmet.Science.Statistics;
using Wellmet.Segments.Histories;
using Wellmet.Segments.Lists;
using Wellmet.Segments.Members;
using Wellmet.Segments.Rules;

namespace Wellmet.Segments.Lookalikes;

/// <summary>
/// Finds the customers most like the members of a segment (see <see cref="SeedModel"/>), or says why it does not: too few seeds, or a model that finds held-out seeds no better than chance. Who objects to being
/// personalised for is not read: nothing is learnt from them, and they are on no such list.
/// </summary>
public sealed class BuildLookalikes(Database database, IServiceScopeFactory scopes, Vocabulary vocabulary, SegmentBook book, FillLists fill, TimeProvider time)
{
    /// <summary>Fewest seeds, and fewest others, whose histories may be used.</summary>
    public const int FewestSeeds = 30, FewestOthers = 100;

    private const int MostSeeds = 5_000, LeastSampled = 2_000, OthersForSeed = 4, Page = 500, MostReasons = 8;

    /// <returns>How many lists were made or refused.</returns>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        var waiting = await database.ReadAsync(s => s.QueryAsync("select segment_id, seeds_id, wanted, asked_by, asked_at from segments_lookalikes where state = 'waiting'", null,
            r => new Asked(r.Guid(0), r.Guid(1), r.Int(2), r.Text(3), r.Time(4)), ct), ct);
        foreach (var asked in waiting)
        {
            await BuildAsync(asked, ct);
            fill.Changed();
        }
        return waiting.Count;
    }

    private sealed record Asked(Guid ListId, Guid SeedsId, int Wanted, string By, DateTimeOffset At);

    private sealed record Examples(List<CustomerSketch> Sketches, List<bool> Seeds)
    {
        public long Objected { get; set; }
        public int SeedCount => Seeds.Count(s => s);
    }

    private async Task BuildAsync(Asked asked, CancellationToken ct)
    {
        var opened = await book.OpenAsync(ct);
        await database.ReadAsync(s => vocabulary.ReadAsync(s, ct), ct);
        var leftOut = opened.Around.Segments.TryGetValue(asked.SeedsId, out var rule) ? SketchMaker.AskedBy(rule, opened.Around) : [];
        var maker = new SketchMaker(vocabulary, opened.Around, leftOut, Fact.Milliseconds(time.GetUtcNow()));
        var seeds = (await database.ReadAsync(s => s.QueryAsync("select subject_id from segments_members where segment_id = @SeedsId", new { asked.SeedsId }, r => r.Guid(0), ct), ct)).ToHashSet();
        var everybody = await database.ReadAsync(s => s.QueryAsync("select subject_id from segments_histories where customer_id = subject_id order by subject_id", null, r => r.Guid(0), ct), ct);
        var others = everybody.FindAll(c => !seeds.Contains(c));
        var examples = new Examples([], []);
        await SampleAsync(Shuffled([.. seeds.Order()]), MostSeeds, isSeed: true, maker, examples, ct);
        await SampleAsync(Shuffled(others), Math.Max(LeastSampled, OthersForSeed * examples.SeedCount), isSeed: false, maker, examples, ct);

        var card = new ModelCard { At = time.GetUtcNow(), Members = seeds.Count, Seeds = examples.SeedCount, Others = examples.Seeds.Count - examples.SeedCount, Objected = examples.Objected, LeftOut = [.. leftOut.Order(StringComparer.Ordinal)] };
        if (card.Seeds < FewestSeeds || card.Others < FewestOthers)
        {
            await RefuseAsync(asked, card with { Refused = card.Seeds < FewestSeeds ? "seeds_few" : "others_few" }, ct);
            return;
        }
        var columns = SketchColumns.Of(examples.Sketches);
        var x = examples.Sketches.ConvertAll(columns.Row);
        if (columns.Names.Count == 0)
        {
            await RefuseAsync(asked, card with { Refused = "no_better_than_chance" }, ct);
            return;
        }
        var (auc, error) = SeedModel.HeldOut(x, examples.Seeds);
        card = card with { Auc = auc, AucError = error, Columns = columns.Names.Count };
        if (auc - (2 * error) <= 0.5)
        {
            await RefuseAsync(asked, card with { Refused = "no_better_than_chance" }, ct);
            return;
        }
        var model = SeedModel.Fit(x, examples.Seeds);
        var (chosen, objected) = await ChooseAsync(others, asked.Wanted, maker, columns, model, ct);
        card = card with { Chosen = chosen.Count, Objected = card.Objected + objected, Reasons = ReasonsOf(columns, model, examples) };
        await KeepAsync(asked, card, chosen, ct);
    }

    /// <summary>Makes sketches of known customers whose histories may be used, until there are enough.</summary>
    private async Task SampleAsync(Guid[] customers, int most, bool isSeed, SketchMaker maker, Examples examples, CancellationToken ct)
    {
        var taken = 0;
        foreach (var page in customers.Chunk(Page))
        {
            var (sketches, objected) = await SketchesAsync(page, maker, ct);
            var used = sketches.Take(most - taken).Select(s => s.Sketch).ToList();
            examples.Sketches.AddRange(used);
            examples.Seeds.AddRange(used.Select(_ => isSeed));
            // Of the others those who object are counted where all of them are looked at.
            examples.Objected += isSeed ? objected : 0;
            taken += used.Count;
            if (taken >= most)
            {
                break;
            }
        }
    }

    /// <summary>The best of all others.</summary>
    private async Task<(List<Guid> Chosen, long Objected)> ChooseAsync(List<Guid> others, int wanted, SketchMaker maker, SketchColumns columns, SeedModel model, CancellationToken ct)
    {
        var best = new PriorityQueue<Guid, (double Score, Guid Id)>();
        var objected = 0L;
        foreach (var page in others.Chunk(Page))
        {
            var (sketches, refused) = await SketchesAsync(page, maker, ct);
            objected += refused;
            foreach (var (customer, sketch) in sketches)
            {
                best.Enqueue(customer, (model.Score(columns.Row(sketch)), customer));
                if (best.Count > wanted)
                {
                    best.Dequeue();
                }
            }
        }
        return ([.. best.UnorderedItems.Select(i => i.Element)], objected);
    }

    /// <summary>Of known customers who do not object to being personalised for; the others are not read.</summary>
    private async Task<(List<(Guid Customer, CustomerSketch Sketch)> Sketches, long Objected)> SketchesAsync(Guid[] customers, SketchMaker maker, CancellationToken ct)
    {
        var subjects = await database.ReadAsync(s => s.QueryAsync("""
            select customer_id, subject_id from segments_histories where subject_id in @customers
            union all select customer_id, subject_id from segments_histories where customer_id in @customers and customer_id <> subject_id
            """, new { customers }, r => (Customer: r.Guid(0), Subject: r.Guid(1)), ct), ct);
        // A scope of its own: the gate remembers its answers.
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().Value = Actor.System;
        var answer = await scope.ServiceProvider.GetRequiredService<IPurposeGate>().AskAsync(new DataUse(Purpose.Personalisation), [.. subjects.Select(s => s.Subject)], ct);
        var allowed = subjects.GroupBy(s => s.Customer, s => s.Subject).Where(c => c.All(s => answer[s].Allowed)).ToList();
        var histories = await database.ReadAsync(s => HistoryStore.ReadAsync(s, [.. allowed.SelectMany(c => c)], ct), ct);
        var sketches = allowed.ConvertAll(c => (c.Key, Sketch: maker.Of(c.Where(histories.ContainsKey).Select(s => histories[s].Facts))));
        return (sketches.FindAll(s => s.Sketch.IsKnown), customers.Length - allowed.Count);
    }

    private static IReadOnlyList<ModelReason> ReasonsOf(SketchColumns columns, SeedModel model, Examples examples)
    {
        double Mean(string column, bool seeds) => examples.Sketches.Where((_, i) => examples.Seeds[i] == seeds).Average(s => s.Values.GetValueOrDefault(column));
        return [.. columns.Names.Select((name, i) => (Name: name, Weight: model.Weights[i])).OrderByDescending(c => Math.Abs(c.Weight)).ThenBy(c => c.Name, StringComparer.Ordinal).Take(MostReasons)
            .Select(c => new ModelReason(c.Name, c.Weight, Mean(c.Name, seeds: true), Mean(c.Name, seeds: false)))];
    }

    /// <summary>Keeps those who are on the list as they are.</summary>
    private Task RefuseAsync(Asked asked, ModelCard card, CancellationToken ct) => database.WriteAsync(tx => NoteAsync(tx, asked, "refused", card, ct), ct);

    private Task KeepAsync(Asked asked, ModelCard card, List<Guid> chosen, CancellationToken ct) => database.WriteAsync(async tx =>
    {
        if (await NoteAsync(tx, asked, "made", card, ct) == 0)
        {
            return;
        }
        var on = (await tx.QueryAsync("select subject_id from segments_members where segment_id = @ListId", new { asked.ListId }, r => r.Guid(0), ct)).ToHashSet();
        await tx.ExecuteAsync("delete from segments_waiting where segment_id = @ListId", new { asked.ListId }, ct);
        await Waiting.RunAsync(tx, [.. chosen.Where(c => !on.Contains(c)).Select(c => new Wait(c, asked.ListId, true, asked.By)), .. on.Except(chosen).Select(c => new Wait(c, asked.ListId, false, asked.By))], ct);
    }, ct);

    /// <returns>0 where it was asked for again meanwhile.</returns>
    private async Task<int> NoteAsync(Transaction tx, Asked asked, string state, ModelCard card, CancellationToken ct) => (int)await tx.ExecuteAsync(
        "update segments_lookalikes set state = @state, made_at = @now, card = @card where segment_id = @ListId and state = 'waiting' and asked_at = @At",
        new { state, now = time.GetUtcNow(), card = new Json(JsonSerializer.Serialize(card)), asked.ListId, asked.At }, ct);

    private readonly record struct Wait(Guid SubjectId, Guid ListId, bool Listed, string By);

    private static readonly BulkInsert<Wait> Waiting = new("segments_waiting", new("subject_id", typeof(Guid), w => w.SubjectId), new("segment_id", typeof(Guid), w => w.ListId), new("listed", typeof(bool), w => w.Listed),
        new("source", typeof(string), _ => "lookalike"), new("told_by", typeof(string), w => w.By));

    private static Guid[] Shuffled(List<Guid> customers)
    {
        var (shuffled, random) = (customers.ToArray(), new SeededRandom(1));
        for (var i = shuffled.Length - 1; i > 0; i--)
        {
            var other = random.Next(i + 1);
            (shuffled[i], shuffled[other]) = (shuffled[other], shuffled[i]);
        }
        return shuffled;
    }
}

/// <summary>Makes the lists that were asked for.</summary>
public sealed class LookalikeWorker(IServiceScopeFactory scopes, TimeProvider time, ILogger<LookalikeWorker> logger) : RepeatedWork("finding customers like others", scopes, time, logger)
{
    protected override TimeSpan Pause => TimeSpan.FromSeconds(1);

    protected override async Task<TimeSpan> RunOnceAsync(IServiceProvider services, CancellationToken ct)
    {
        await services.GetRequiredService<BuildLookalikes>().RunAsync(ct);
        return Pause;
    }
}
