using Wellmet.Commerce.Contract;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Signals;

/// <summary>Answers other modules' questions about what shoppers did before they ordered.</summary>
internal sealed class SignalBook(Database database) : ISignals
{
    private const string Columns = "subject_id, product_id, kind, happened_at";

    public Task<IReadOnlyList<ProductSignal>> OfAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct) => database.ReadAsync<IReadOnlyList<ProductSignal>>(async s =>
    {
        var given = await s.QueryAsync($"select {Columns} from {KeepSignals.Given} where subject_id in @subjects order by happened_at desc, product_id, kind", new { subjects }, Signal, ct);
        // Of one subject the later one is all that is kept; of several it is found here.
        var back = subjects.Count < 2 || given.Count == 0 ? [] : (await s.QueryAsync($"select {Columns} from {KeepSignals.Back} where subject_id in @subjects", new { subjects }, Signal, ct))
            .GroupBy(b => (b.Kind, b.ProductId)).ToDictionary(b => b.Key, b => b.Max(one => one.At));
        return [.. given.DistinctBy(g => (g.Kind, g.ProductId)).Where(g => !back.TryGetValue((g.Kind, g.ProductId), out var at) || g.At > at)];
    }, ct);

    public Task ForEachViewAsync(Action<ProductSignal> visit, CancellationToken ct) => database.ReadAsync(
        s => s.ForEachAsync($"select {Columns} from {KeepSignals.Given} where kind = @kind order by subject_id, happened_at, product_id", new { kind = InterestKind.View }, r => visit(Signal(r)), ct), ct);

    private static ProductSignal Signal(Row r) => new(r.Guid(0), r.Guid(1), r.Enum<InterestKind>(2), r.Time(3));
}
