using System.Diagnostics;
using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Log;
using Wellmet.Recommendations.Contract;

namespace Wellmet.Recommendations.Models.Live;

/// <summary>
/// Makes the weights of the current model follow the orders, cancellations, returns, mergers and erasures that came after its training. What it cannot follow (an import, five hundred
/// events or more at once, products that are new) waits for the next training. Every node follows for itself, as it trains for itself.
/// </summary>
public sealed class FollowOrders(ModelStore models, LogReader log, IOrders orders, ICustomers customers, TrainingOptions options, CurrentActor actor)
{
    /// <summary>So many events at once are an import.</summary>
    private const int Most = 500;

    public async Task RunAsync(CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Train);
        if (models.Current is not { Live: { GaveUp: false } live } model)
        {
            return;
        }
        var (events, heads) = await AfterAsync(live.Position, ct);
        if (events.Count >= Most || events.Any(e => e.Event is ImportUndone) || !await ReadAsync(model, live, events, ct))
        {
            live.GiveUp();
            return;
        }
        live.Position = heads;
        if (live.Refresh(options.Live, ct) is { } weights)
        {
            models.Refine(model, model.With(model.Recommender.With(weights)));
        }
    }

    /// <summary>Views and the like, of which there are many, lie between the orders: it reads on until the end of the log, or until there is too much.</summary>
    private async Task<(List<Delivery> Events, IReadOnlyDictionary<int, long> Heads)> AfterAsync(IReadOnlyDictionary<int, long> position, CancellationToken ct)
    {
        var all = new List<Delivery>();
        for (var heads = position; ;)
        {
            (var events, heads, var more) = await log.AfterAsync(heads, PurchaseHistory.Events, ct);
            all.AddRange(events);
            if (!more || all.Count >= Most)
            {
                return (all, heads);
            }
        }
    }

    /// <summary>Looks up what those of whom something was told own now, instead of adding up what was told: so it is right whatever came twice or out of order.</summary>
    /// <returns>False where it takes too long.</returns>
    private async Task<bool> ReadAsync(ShopModel model, LiveShop live, IReadOnlyList<Delivery> events, CancellationToken ct)
    {
        var erased = events.Select(e => e.Event).OfType<CustomerErased>().Select(e => e.SubjectId).ToHashSet();
        var told = events.Where(e => e.Event is not (OrderPlaced { Anonymous: true } or OrderExtended { Anonymous: true } or OrderCancelled { Anonymous: true })).SelectMany(e => WhomOf(e.Event)).ToHashSet();
        if (told.Count == 0)
        {
            return true;
        }
        var customerOf = await customers.CustomersOfAsync(told, ct);
        var subjectsOf = await customers.SubjectsOfAsync([.. customerOf.Values.Distinct()], ct);
        var bought = new List<BoughtProduct>();
        foreach (var page in subjectsOf.SelectMany(s => s).Except(erased).Chunk(1000))
        {
            bought.AddRange(await orders.BoughtByAsync(page, ct));
        }
        var (owned, started) = (bought.Where(b => b.Kept > 0 && !b.Anonymous).ToLookup(b => b.SubjectId), Stopwatch.GetTimestamp());
        foreach (var customer in customerOf.Values.Concat(told).Distinct())
        {
            ct.ThrowIfCancellationRequested();
            if (Stopwatch.GetElapsedTime(started) > options.LivePatience)
            {
                return false;
            }
            // A subject that was merged into another customer owns nothing by itself any more.
            live.Set(customer, subjectsOf[customer].SelectMany(s => owned[s]).Select(b => model.ItemOf(b.ProductId)).OfType<int>().ToHashSet());
        }
        return true;
    }

    /// <summary>Who leaves a customer takes something off the one who stays.</summary>
    private static Guid[] WhomOf(ILogEvent told) => told is CustomerUnmerged left ? [left.SubjectId, left.KeptId] : [told.SubjectId];
}
