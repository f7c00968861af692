using Wellmet.Platform.Storage;
using Wellmet.Segments.Members;

namespace Wellmet.Segments.Histories;

/// <summary>A trait that the program itself makes of somebody.</summary>
/// <param name="Value">Null where there is none, or none any more.</param>
public readonly record struct NotedTrait(string Name, FactValue? Value);

/// <summary>Notes traits that are worked out for many from time to time: only where one says something else than before. Staff and the shop say nothing of them.</summary>
public sealed class NoteTraits(HistoryStore store, SegmentBook book, JudgeCustomers judge, TimeProvider time)
{
    private const int Weight = 1;

    /// <param name="noted">By customer.</param>
    /// <returns>Of how many customers something changed.</returns>
    public async Task<int> RunAsync(Transaction tx, IReadOnlyDictionary<Guid, IReadOnlyList<NotedTrait>> noted, CancellationToken ct)
    {
        var opened = await book.OpenAsync(tx, ct);
        // Of all their subjects: what was noted of somebody who was merged into them since counts, too.
        var standing = (await HistoryStore.ReadAllAsync(tx, noted.Keys, ct)).ToLookup(h => h.CustomerId, h => h.Facts);
        var now = Fact.Milliseconds(time.GetUtcNow());
        var facts = noted.Where(n => standing.Contains(n.Key)).SelectMany(n => n.Value.Where(t => !store.SaidLast(standing[n.Key], t.Name, t.Value)).Select(t => (Customer: n.Key, Fact: FactOf(t, now)))).ToLookup(f => f.Customer, f => f.Fact);
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

    private static Fact FactOf(NotedTrait trait, long now)
    {
        var weight = new FactProperty(FactKinds.Weight, FactValue.Of((decimal)Weight));
        return new Fact(FactKinds.Trait + trait.Name, now, now, 0, null, trait.Value is { } said ? [new FactProperty(FactKinds.Value, said), weight] : [weight]);
    }
}
