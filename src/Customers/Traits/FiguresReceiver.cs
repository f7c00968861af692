using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Traits;

/// <summary>
/// Adds orders and cancellations up for each subject. What an import brought is kept apart, so that taking it back leaves the figures
/// exactly as if it had never been.
/// </summary>
internal sealed class FiguresReceiver(LogReader log) : IReceiver
{
    private static readonly BulkInsert<Figures> Add = new("customers_figures",
        new("subject_id", typeof(Guid), f => f.SubjectId),
        new("import_id", typeof(Guid), f => f.ImportId),
        new("currency", typeof(string), f => f.Currency),
        new("orders", typeof(long), f => f.Orders),
        new("items", typeof(long), f => f.Items),
        new("revenue_minor", typeof(long), f => f.RevenueMinor),
        new("cancelled_minor", typeof(long), f => f.CancelledMinor),
        new("first_order_at", typeof(DateTimeOffset), f => f.FirstOrderAt),
        new("last_order_at", typeof(DateTimeOffset), f => f.LastOrderAt))
    {
        OnConflict = """
            on conflict (subject_id, import_id, currency) do update set
              orders = customers_figures.orders + excluded.orders,
              items = customers_figures.items + excluded.items,
              revenue_minor = customers_figures.revenue_minor + excluded.revenue_minor,
              cancelled_minor = customers_figures.cancelled_minor + excluded.cancelled_minor,
              first_order_at = case when customers_figures.first_order_at is null or excluded.first_order_at < customers_figures.first_order_at
                then excluded.first_order_at else customers_figures.first_order_at end,
              last_order_at = case when customers_figures.last_order_at is null or excluded.last_order_at > customers_figures.last_order_at
                then excluded.last_order_at else customers_figures.last_order_at end
            """,
    };

    private static readonly Type[] Sales = [typeof(OrderPlaced), typeof(OrderExtended), typeof(OrderCancelled)];

    public IReadOnlyList<Type> Accepts => [.. Sales, typeof(SalesRetracted), typeof(ImportUndone)];

    public async Task ReceiveAsync(IReadOnlyList<Delivery> deliveries, Transaction tx, CancellationToken ct)
    {
        await UndoAsync(tx, [.. deliveries.Select(d => d.Event).OfType<ImportUndone>()], ct);
        deliveries = await AnewAsync(tx, deliveries, ct);
        var undone = await UndoneImports.AmongAsync(tx, [.. deliveries.Select(d => d.ImportId).OfType<Guid>().Distinct()], ct);
        var added = deliveries.Where(d => d.ImportId is not { } import || !undone.Contains(import))
            .Select(d => FiguresOf(d)).OfType<Figures>()
            .GroupBy(f => (f.SubjectId, f.ImportId, f.Currency))
            .Select(g => g.Aggregate(Figures.Sum))
            .OrderBy(f => f.SubjectId).ToList();
        await CustomerLinks.LockAsync(tx, [.. added.Select(f => f.SubjectId)], ct);
        await Add.RunAsync(tx, added, ct);
        await Summaries.RefreshAsync(tx, [.. added.Select(f => f.SubjectId)], ct);
    }

    /// <summary>Of whom sales were retracted, everything up to then is added up anew, from the log as it is now.</summary>
    private async Task<IReadOnlyList<Delivery>> AnewAsync(Transaction tx, IReadOnlyList<Delivery> deliveries, CancellationToken ct)
    {
        var retracted = deliveries.Where(d => d.Event is SalesRetracted).GroupBy(d => d.SubjectId).ToDictionary(g => g.Key, g => g.Max(d => d.Seq));
        if (retracted.Count == 0)
        {
            return deliveries;
        }
        await tx.ExecuteAsync("delete from customers_figures where subject_id in @subjects", new { subjects = retracted.Keys }, ct);
        await Summaries.RefreshAsync(tx, retracted.Keys, ct);
        var told = (await log.OfSubjectsAsync(tx, retracted.Keys, Sales, ct)).Where(d => d.Seq <= retracted[d.SubjectId]);
        return [.. told, .. deliveries.Where(d => !retracted.TryGetValue(d.SubjectId, out var last) || d.Seq > last)];
    }

    private static async Task UndoAsync(Transaction tx, List<ImportUndone> events, CancellationToken ct)
    {
        foreach (var happened in events)
        {
            await UndoneImports.AddAsync(tx, [happened.ImportId], happened.OccurredAt, ct);
            var subjects = await tx.QueryAsync("delete from customers_figures where import_id = @ImportId returning subject_id", new { happened.ImportId },
                r => r.Guid(0), ct);
            await Summaries.RefreshAsync(tx, subjects, ct);
        }
    }

    private static Figures? FiguresOf(Delivery delivery)
    {
        var import = delivery.ImportId ?? Guid.Empty;
        return delivery.Event switch
        {
            OrderPlaced o => new Figures(o.SubjectId, import, o.Currency, 1, o.Items, o.RevenueMinor, 0, o.OccurredAt, o.OccurredAt),
            OrderExtended e => new Figures(e.SubjectId, import, e.Currency, 0, e.Items, e.RevenueMinor, 0, null, null),
            OrderCancelled c => new Figures(c.SubjectId, import, c.Currency, 0, 0, 0, c.AmountMinor, null, null),
            _ => null,
        };
    }
}

/// <summary>What one subject bought in one currency, as far as one import (all zeros: none) says.</summary>
internal sealed record Figures(
    Guid SubjectId, Guid ImportId, string Currency, long Orders, long Items, long RevenueMinor, long CancelledMinor,
    DateTimeOffset? FirstOrderAt, DateTimeOffset? LastOrderAt)
{
    public static Figures Sum(Figures a, Figures b) => a with
    {
        Orders = a.Orders + b.Orders,
        Items = a.Items + b.Items,
        RevenueMinor = checked(a.RevenueMinor + b.RevenueMinor),
        CancelledMinor = checked(a.CancelledMinor + b.CancelledMinor),
        FirstOrderAt = a.FirstOrderAt is null || b.FirstOrderAt < a.FirstOrderAt ? b.FirstOrderAt : a.FirstOrderAt,
        LastOrderAt = a.LastOrderAt is null || b.LastOrderAt > a.LastOrderAt ? b.LastOrderAt : a.LastOrderAt,
    };
}
