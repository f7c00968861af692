using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Segments.Histories;
using Wellmet.Segments.Members;
using Wellmet.Segments.Rules;

namespace Wellmet.Segments.Lists;

/// <summary>A word about customers and a list.</summary>
/// <param name="On">False takes them off.</param>
/// <param name="Source">See <see cref="FactKinds.Source"/>.</param>
/// <param name="By">Who says it, as the audit log names them.</param>
public sealed record ListSaying(bool On, string Source, string By)
{
    /// <summary>The import that says it: taken back, its words are gone. Of everybody whom it names, also of those who were on the list before.</summary>
    public Guid? ImportId { get; init; }

    /// <summary>False where it is told as the past: nothing that others build on memberships is set off.</summary>
    public bool Live { get; init; } = true;
}

/// <summary>
/// Puts customers on a list and takes them off it. What is said goes into the histories of the subjects, as everything that segments ask about: so a merger joins, its end parts, an erasure forgets, and
/// a moment of the past is asked as for any rule.
/// </summary>
public sealed class TellList(HistoryStore store, SegmentBook book, JudgeCustomers judge, TimeProvider time)
{
    /// <summary>Inside the caller's transaction.</summary>
    /// <param name="subjects">Put on: they themselves. Taken off: all subjects of their customers, so that nobody comes back where customers are parted.</param>
    /// <returns>Customers whose place changed.</returns>
    /// <exception cref="ProblemException"><c>list_missing</c> (404), <c>list_archived</c> (409).</exception>
    public async Task<IReadOnlyList<Guid>> RunAsync(Transaction tx, Guid listId, IReadOnlyCollection<Guid> subjects, ListSaying saying, CancellationToken ct)
    {
        var opened = await book.OpenAsync(tx, ct);
        var list = opened.Segments.FirstOrDefault(s => s.SegmentId == listId)
            ?? throw (await tx.CountAsync("select count(*) from segments_segments where segment_id = @listId", new { listId }, ct) == 0 ? Missing() : new ProblemException("list_archived", "This list is archived. Bring it back first.", 409));
        if (list.Rule is not CompiledListed rule)
        {
            throw Missing();
        }
        var histories = await store.OpenAsync(tx, subjects, whole: true, ct);
        var before = histories.Values.ToLookup(h => h.CustomerId, h => h.Facts);
        bool WasOn(Guid customer) => rule.Ask(new Moment { Histories = [.. before[customer]] }).Holds;
        var now = Fact.Milliseconds(time.GetUtcNow());
        // An import may be taken back and a merger undone: who is on it by one of them alone is put on it once more, by their own word.
        bool IsOnByThemselves(Guid subject) => saying.ImportId is null && WasOn(histories[subject].CustomerId) && rule.SaysOf(histories[subject].Facts, imported: false) is true;
        var told = subjects.Distinct().GroupBy(s => histories[s].CustomerId).Select(c => (Customer: c.Key, Changed: WasOn(c.Key) != saying.On,
            Of: saying.On ? c.Where(s => !IsOnByThemselves(s)).ToList() : [.. histories.Values.Where(h => h.CustomerId == c.Key && WasOn(c.Key) && rule.SaysOf(h.Facts) is true).Select(h => h.SubjectId)])).ToList();
        List<FactProperty> said = [new(FactKinds.Value, FactValue.Of(saying.On)), new(FactKinds.Source, FactValue.Of(saying.Source)), new(FactKinds.By, FactValue.Of(saying.By))];
        var facts = told.SelectMany(t => t.Of).ToLookup(s => s, _ => new Fact(FactKinds.List + listId, now, now, 0, saying.ImportId, said));
        if (facts.Count == 0)
        {
            return [];
        }
        var changed = await store.WriteAsync(tx, histories, facts, null, ct);
        var sets = histories.Values.ToLookup(h => h.CustomerId, h => h.Facts);
        // The list says that somebody put them there; segments that name it changed as by any fact.
        await judge.RunAsync(tx, [.. changed.SelectMany(c => opened.Touched(c.Value).GroupBy(s => s.SegmentId == listId).Select(s =>
            new JudgedCustomer(c.Key, [.. sets[c.Key]], [.. s], s.Key ? ChangeReason.List : ChangeReason.Fact, saying.Live)))], ct);
        return [.. told.Where(t => t.Changed).Select(t => t.Customer)];
    }

    internal static ProblemException Missing() => new("list_missing", "There is no such list.", 404);

    /// <summary>Who acts, as histories note it.</summary>
    internal static string NameOf(CurrentActor actor) => actor.Value.Name;
}
