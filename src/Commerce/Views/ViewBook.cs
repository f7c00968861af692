using Wellmet.Commerce.Contract;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Views;

/// <summary>Answers other modules' questions about what shoppers looked at.</summary>
internal sealed class ViewBook(Database database) : IViews
{
    private const string Columns = "subject_id, product_id, viewed_at";

    public async Task<IReadOnlyList<ProductView>> OfAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct) => [.. (await database.ReadAsync(s => s.QueryAsync(
        $"select {Columns} from commerce_views where subject_id in @subjects order by viewed_at desc, product_id", new { subjects }, View, ct), ct)).DistinctBy(v => v.ProductId)];

    public Task ForEachAsync(Action<ProductView> visit, CancellationToken ct) =>
        database.ReadAsync(s => s.ForEachAsync($"select {Columns} from commerce_views order by subject_id, viewed_at, product_id", null, r => visit(View(r)), ct), ct);

    private static ProductView View(Row r) => new(r.Guid(0), r.Guid(1), r.Time(2));
}
