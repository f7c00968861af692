using System.Diagnostics;
using Wellmet.Science.Recommenders;

namespace Wellmet.Recommendations.Models.Live;

/// <summary>What a model learnt from, kept in memory so that orders which come after it change its weights before the next training. Used by one worker at a time.</summary>
/// <param name="customers">The customer of each user of the training, ascending.</param>
/// <param name="position">Heads of the log up to which orders are in it.</param>
internal sealed class LiveShop(LiveRidge ridge, Guid[] customers, IReadOnlyDictionary<int, long> position)
{
    /// <summary>Who bought more distinct products is a reseller, as in <see cref="InteractionsSettings.MaxItemsPerUser"/>, and waits for the next training.</summary>
    private const int MostItems = 1000;

    private readonly Dictionary<Guid, int> newcomers = [];

    public IReadOnlyDictionary<int, long> Position { get; set; } = position;

    /// <summary>More happened than is worth following: the next training, which is due, brings all of it.</summary>
    public bool GaveUp { get; private set; }

    public void GiveUp() => GaveUp = true;

    /// <summary>Says what a customer owns now; whatever differs is added or taken off.</summary>
    public void Set(Guid customer, IReadOnlySet<int> items)
    {
        if (items.Count > MostItems || UserOf(customer, mayBeNew: items.Count > 0) is not { } user)
        {
            return;
        }
        var known = ridge.ItemsOf(user);
        foreach (var gone in known.Where(item => !items.Contains(item)))
        {
            ridge.Remove(user, gone);
        }
        foreach (var bought in items.Except(known))
        {
            ridge.Add(user, bought);
        }
    }

    /// <summary>Solves what was touched most, as long as there is time. Null where nothing was to do.</summary>
    public IItemWeights? Refresh(TimeSpan budget, CancellationToken ct)
    {
        var (started, solved) = (Stopwatch.GetTimestamp(), 0);
        while (ridge.Refresh(1, ct) == 1)
        {
            solved++;
            if (Stopwatch.GetElapsedTime(started) >= budget)
            {
                break;
            }
        }
        return solved == 0 ? null : ridge.Take();
    }

    private int? UserOf(Guid customer, bool mayBeNew)
    {
        if (Array.BinarySearch(customers, customer) is var index and >= 0)
        {
            return index;
        }
        if (newcomers.TryGetValue(customer, out var user))
        {
            return user;
        }
        return mayBeNew ? newcomers[customer] = customers.Length + newcomers.Count : null;
    }
}
