using Microsoft.Extensions.DependencyInjection;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Contract;
using Wellmet.Segments.Members;

namespace Wellmet.Segments.Histories;

/// <summary>
/// Makes traits of what is foretold of customers: <c>next_order_chance</c>, in percent by steps of five, and <c>next_type</c>. A history notes only changes. Who is not foretold of any more, by an
/// objection too, has none from then on.
/// </summary>
public sealed class TakePredictions(Database database, IServiceScopeFactory scopes, HistoryStore store, SegmentBook book, JudgeCustomers judge, TimeProvider time)
{
    public const string Chance = "next_order_chance", NextType = "next_type";

    /// <summary>Staff and the shop say nothing of it.</summary>
    private const int Weight = 1;

    private const int Page = 500;

    /// <returns>How many customers' traits changed.</returns>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        var changed = 0;
        var after = Guid.Empty;
        while (await PageAsync(after, ct) is { Count: > 0 } customers)
        {
            // A scope of its own: the gate remembers its answers.
            await using var scope = scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<CurrentActor>().Value = Actor.System;
            var foretold = await scope.ServiceProvider.GetRequiredService<IPredictions>().OfAsync(customers, ct);
            changed += await database.WriteUnflushedAsync(tx => TakeAsync(tx, customers, foretold, ct), ct);
            after = customers[^1];
        }
        return changed;
    }

    private Task<List<Guid>> PageAsync(Guid after, CancellationToken ct) => database.ReadAsync(s => s.QueryAsync(
        "select subject_id from segments_histories where subject_id > @after and customer_id = subject_id order by subject_id limit @Page", new { after, Page }, r => r.Guid(0), ct), ct);

    private async Task<int> TakeAsync(Transaction tx, IReadOnlyList<Guid> customers, IReadOnlyDictionary<Guid, CustomerPrediction> foretold, CancellationToken ct)
    {
        var opened = await book.OpenAsync(tx, ct);
        var standing = await HistoryStore.ReadAsync(tx, customers, ct);
        var now = Fact.Milliseconds(time.GetUtcNow());
        var facts = customers.Where(standing.ContainsKey).SelectMany(c => FactsOf(foretold.GetValueOrDefault(c), standing[c].Facts, now).Select(f => (Customer: c, Fact: f))).ToLookup(f => f.Customer, f => f.Fact);
        if (facts.Count == 0)
        {
            return 0;
        }
        var histories = await store.OpenAsync(tx, [.. facts.Select(f => f.Key)], whole: true, ct);
        var changed = await store.WriteAsync(tx, histories, facts, null, ct);
        var sets = histories.Values.ToLookup(h => h.CustomerId, h => h.Facts);
        await judge.RunAsync(tx, [.. changed.Where(c => c.Value.Count > 0).Select(c => new JudgedCustomer(c.Key, [.. sets[c.Key]], opened.Touched(c.Value), ChangeReason.Fact, Live: true))], ct);
        return facts.Count;
    }

    private IEnumerable<Fact> FactsOf(CustomerPrediction? foretold, byte[] history, long now)
    {
        FactValue? chance = foretold?.Chance is { } p ? FactValue.Of((decimal)(Math.Floor(p * 20) * 5)) : null;
        FactValue? type = foretold?.NextType is { } t ? FactValue.Of(t) : null;
        foreach (var (name, value) in new[] { (Chance, chance), (NextType, type) })
        {
            if (store.LatestTrait(history, name) != value)
            {
                var weight = new FactProperty(FactKinds.Weight, FactValue.Of((decimal)Weight));
                yield return new Fact(FactKinds.Trait + name, now, now, 0, null, value is { } said ? [new FactProperty(FactKinds.Value, said), weight] : [weight]);
            }
        }
    }
}
