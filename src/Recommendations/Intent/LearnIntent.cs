using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Log;
using Wellmet.Platform.Purposes;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Models;
using Wellmet.Recommendations.Predictions;
using Wellmet.Science.Experiments;
using Wellmet.Science.Predictions;
using Wellmet.Science.Statistics;

namespace Wellmet.Recommendations.Intent;

/// <summary>
/// Learns from the shop's log how likely a visit ends with an order: visits of the last sixty days, each as it stood after one of its steps drawn at random, and not as it ended: several of one visit would
/// know each other's end when they are calibrated. A first model learns from the earlier four fifths and is measured on the last fifth; the one that serves learns from all. Who objects to being personalised for is left out.
/// </summary>
public sealed class LearnIntent(LogReader log, ICustomers customers, IStorefronts storefronts, IPurposeGate gate, IntentOptions options, CurrentActor actor)
{
    private const double Measured = 0.2;
    private const ulong Seed = 20180701;

    /// <returns>No model unless chances are told.</returns>
    internal async Task<(IntentCard Card, PurchaseIntent? Model)> RunAsync(DateTimeOffset now, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Train);
        var zone = await ZoneAsync(storefronts, ct);
        var steps = await ReadAsync(now, ct);
        var customerOf = await customers.CustomersOfAsync(await ViewHistory.AllowedAsync(gate, [.. steps.Select(s => s.Subject).Distinct()], ct), ct);
        return await Task.Run(() =>
        {
            var all = steps.Where(s => customerOf.ContainsKey(s.Subject)).GroupBy(s => customerOf[s.Subject]).OrderBy(c => c.Key).Select(c => new CustomerVisits(c, zone)).ToList();
            return Learn(all, now.ToUnixTimeSeconds(), ct);
        }, ct);
    }

    /// <summary>The shop's day is that of its first storefront.</summary>
    internal static async Task<TimeZoneInfo> ZoneAsync(IStorefronts storefronts, CancellationToken ct) =>
        await storefronts.AllAsync(ct) is [var first, ..] && TimeZoneInfo.TryFindSystemTimeZoneById(first.TimeZone, out var zone) ? zone : TimeZoneInfo.Utc;

    private (IntentCard, PurchaseIntent?) Learn(List<CustomerVisits> all, long now, CancellationToken ct)
    {
        var random = new SeededRandom(Seed);
        var visits = (from customer in all
                      from visit in customer.All
                      where visit.Began >= now - (options.Days * 86_400L) && (visit.Ordered || now - visit.Last > CustomerVisits.Pause)
                      select (visit.Began, visit.Ordered, Example: new SessionExample(customer.After(visit, 1 + random.Next(visit.Count)), visit.Ordered))).OrderBy(v => v.Began).ToList();
        var card = new IntentCard(IntentState.TooFew, visits.Count, visits.Count(v => v.Ordered), null);
        var early = visits.Take((int)(visits.Count * (1 - Measured))).ToList();
        var later = visits.Skip(early.Count).ToList();
        if (Fewest(early.Select(v => v.Ordered)) < options.LeastOutcomes || Fewest(later.Select(v => v.Ordered)) < options.LeastMeasured)
        {
            return (card, null);
        }
        var first = Train(early.Select(v => v.Example));
        var quality = ChanceQuality.Of([.. later.Select(v => first.Probability(v.Example.Features))], [.. later.Select(v => v.Ordered)]);
        return quality.IsBetterThanChance ? (card with { State = IntentState.Told, Quality = quality }, Train(visits.Select(v => v.Example)))
            : (card with { State = IntentState.NoBetterThanChance, Quality = quality }, null);

        PurchaseIntent Train(IEnumerable<SessionExample> examples) => PurchaseIntent.Train([.. examples], LearnPredictions.Trees, ct);
    }

    private static int Fewest(IEnumerable<bool> outcomes)
    {
        var (yes, no) = (0, 0);
        foreach (var outcome in outcomes)
        {
            (yes, no) = outcome ? (yes + 1, no) : (yes, no + 1);
        }
        return Math.Min(yes, no);
    }

    private async Task<List<VisitStep>> ReadAsync(DateTimeOffset now, CancellationToken ct)
    {
        var leftOut = await storefronts.LeftOutAsync(ct);
        var (since, steps, oneOf) = (now.AddDays(-options.Days - CustomerVisits.ReturningDays), new List<VisitStep>(), 1ul);
        await log.ForEachAsync<ShopEventCollected>(since, e => Add(e, e.Source.StorefrontId), ct);
        await log.ForEachAsync<EventCollected>(since, e => Add(e, e.Source.StorefrontId), ct);
        // Of orders those of before, too: how often somebody ordered. Whoever looked around unknown may have ordered under another subject of theirs.
        var visitors = await WholeAsync([.. steps.Select(s => s.Subject).Distinct()], ct);
        await log.ForEachAsync<OrderPlaced>(order =>
        {
            if (visitors.Contains(order.SubjectId) && IsKnown(order, order.StorefrontId) && VisitStep.Of(order) is { } step)
            {
                steps.Add(step);
            }
        }, ct);
        var erased = new HashSet<Guid>();
        await log.ForEachAsync<CustomerErased>(e => erased.Add(e.SubjectId), ct);
        steps.RemoveAll(s => erased.Contains(s.Subject));
        return steps;

        bool IsKnown(ILogEvent happened, Guid? storefront) => happened.OccurredAt <= now && (leftOut is null || storefront != leftOut);

        void Add(ILogEvent happened, Guid? storefront)
        {
            if (IsKnown(happened, storefront) && VisitStep.Of(happened) is { } step && IsOne(step.Subject, oneOf))
            {
                steps.Add(step);
            }
            while (steps.Count > options.MostSteps)
            {
                oneOf *= 2;
                steps.RemoveAll(s => !IsOne(s.Subject, oneOf));
            }
        }
    }

    /// <summary>All subjects of the customers to whom these belong.</summary>
    private async Task<HashSet<Guid>> WholeAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct)
    {
        Guid[] found = [.. (await customers.CustomersOfAsync(subjects, ct)).Values.Distinct()];
        return [.. subjects, .. (await customers.SubjectsOfAsync(found, ct)).SelectMany(c => c)];
    }

    /// <summary>The same part of the visitors each time.</summary>
    private static bool IsOne(Guid subject, ulong of) => of == 1 || XxHash64.Hash(subject.ToByteArray(bigEndian: true)) % of == 0;
}
