using Wellmet.Commerce.Contract;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Signals;

/// <summary>Answers other modules' questions about what shoppers did before they ordered.</summary>
internal sealed class SignalBook(Database database) : ISignals
{
    private const string Columns = "subject_id, product_id, kind, happened_at";

    public async Task<IReadOnlyList<ProductSignal>> OfAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct) => [.. (await database.ReadAsync(s => s.QueryAsync(
        $"select {Columns} from commerce_signals where subject_id in @subjects order by happened_at desc, product_id, kind", new { subjects }, Signal, ct), ct)).DistinctBy(s => (s.Kind, s.ProductId))];

    public Task ForEachAsync(InterestKind kind, Action<ProductSignal> visit, CancellationToken ct) => database.ReadAsync(
        s => s.ForEachAsync($"select {Columns} from commerce_signals where kind = @kind order by subject_id, happened_at, product_id", new { kind }, r => visit(Signal(r)), ct), ct);

    private static ProductSignal Signal(Row r) => new(r.Guid(0), r.Guid(1), r.Enum<InterestKind>(2), r.Time(3));
}
