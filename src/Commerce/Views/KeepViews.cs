using Wellmet.Commerce.Contract;
using Wellmet.Commerce.ShopEvents;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Views;

/// <summary>
/// Keeps when somebody last looked at a product. Whoever may not be measured is not in the log, and so not here. What a subject looked at before the last
/// <see cref="Most"/> products makes room: a page can be made to look at everything.
/// </summary>
internal static class KeepViews
{
    public const int Most = 200;

    private static readonly BulkInsert<ProductView> Keep = new("commerce_views",
        new("subject_id", typeof(Guid), v => v.SubjectId),
        new("product_id", typeof(Guid), v => v.ProductId),
        new("viewed_at", typeof(DateTimeOffset), v => v.ViewedAt))
    {
        OnConflict = "on conflict (subject_id, product_id) do update set viewed_at = excluded.viewed_at where excluded.viewed_at > commerce_views.viewed_at",
    };

    public static async Task RunAsync(Transaction tx, IReadOnlyCollection<ToldProduct> told, CancellationToken ct)
    {
        var views = told.Where(t => t.Event.Name == "Product Viewed").GroupBy(t => (t.Event.SubjectId, t.ProductId))
            .Select(v => new ProductView(v.Key.SubjectId, v.Key.ProductId, v.Max(t => t.Event.OccurredAt))).OrderBy(v => v.SubjectId).ThenBy(v => v.ProductId).ToList();
        if (views.Count == 0)
        {
            return;
        }
        await Keep.RunAsync(tx, views, ct);
        var full = await tx.QueryAsync("select subject_id from commerce_views where subject_id in @subjects group by subject_id having count(*) > @Most",
            new { subjects = views.Select(v => v.SubjectId).Distinct(), Most }, r => r.Guid(0), ct);
        foreach (var subject in full)
        {
            await tx.ExecuteAsync("""
                delete from commerce_views where subject_id = @subject and product_id not in (
                  select product_id from commerce_views where subject_id = @subject order by viewed_at desc, product_id limit @Most)
                """, new { subject, Most }, ct);
        }
    }

    /// <summary>Of people who were erased. The receiver may come to what they looked at only after their rows were deleted; that they were erased comes after it.</summary>
    public static async Task ForgetAsync(Transaction tx, IReadOnlyCollection<Guid> subjects, CancellationToken ct)
    {
        if (subjects.Count > 0)
        {
            await tx.ExecuteAsync("delete from commerce_views where subject_id in @subjects", new { subjects }, ct);
        }
    }
}
