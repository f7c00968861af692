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
        var counts = new Dictionary<Guid, (int Steps, bool Looked)>();
        var erased = await ForEachAsync(_ => true, now, Count, ct);
        var customerOf = await ChooseAsync(counts.Where(c => !erased.Contains(c.Key)).ToDictionary(), ct);
        var steps = new List<VisitStep>();
        erased = await ForEachAsync(customerOf.ContainsKey, now, steps.Add, ct);
        return await Task.Run(() =>
        {
            var all = steps.Where(s => !erased.Contains(s.Subject)).GroupBy(s => customerOf[s.Subject]).OrderBy(c => c.Key).Select(c => new CustomerVisits(c, zone)).ToList();
            return Learn(all, now.ToUnixTimeSeconds(), ct);
        }, ct);

        void Count(VisitStep step)
        {
            var known = counts.GetValueOrDefault(step.Subject);
            counts[step.Subject] = (known.Steps + 1, known.Looked || step.Kind != StepKind.Order);
        }
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

    /// <summary>
    /// The customers that are learnt from, by all of their subjects: whoever looked around unknown may have ordered under another one. Who objects with one of them is left out, and where there are
    /// too many steps to hold, whole customers are, the same ones each time.
    /// </summary>
    /// <param name="counts">Of each subject its steps, orders included, and whether there are others.</param>
    private async Task<Dictionary<Guid, Guid>> ChooseAsync(IReadOnlyDictionary<Guid, (int Steps, bool Looked)> counts, CancellationToken ct)
    {
        var visitors = (await customers.CustomersOfAsync([.. counts.Where(c => c.Value.Looked).Select(c => c.Key)], ct)).Values.Distinct();
        var all = (await customers.SubjectsOfAsync([.. visitors], ct)).ToList();
        HashSet<Guid> allowed = [.. await ViewHistory.AllowedAsync(gate, [.. all.SelectMany(c => c)], ct)];
        all.RemoveAll(c => !c.All(allowed.Contains));
        var count = all.Sum(Steps);
        for (var oneOf = 2ul; count > options.MostSteps; oneOf *= 2)
        {
            all.RemoveAll(c => XxHash64.Hash(c.Key.ToByteArray(bigEndian: true)) % oneOf != 0);
            count = all.Sum(Steps);
        }
        return all.SelectMany(c => c, (c, subject) => (subject, c.Key)).ToDictionary();

        long Steps(IGrouping<Guid, Guid> customer) => customer.Sum(s => counts.GetValueOrDefault(s).Steps);
    }

    /// <summary>Steps of visits lately, and orders of any time: how often somebody ordered before.</summary>
    /// <returns>Who was erased.</returns>
    private async Task<HashSet<Guid>> ForEachAsync(Func<Guid, bool> about, DateTimeOffset now, Action<VisitStep> visit, CancellationToken ct)
    {
        var (leftOut, erased) = (await storefronts.LeftOutAsync(ct), new HashSet<Guid>());
        await log.ForEachAsync(VisitStep.Events, now.AddDays(-options.Days - CustomerVisits.ReturningDays), about, Look, ct);
        await log.ForEachAsync([typeof(OrderPlaced), typeof(CustomerErased)], DateTimeOffset.UnixEpoch, about, Look, ct);
        return erased;

        void Look(ILogEvent happened)
        {
            if (happened is CustomerErased)
            {
                erased.Add(happened.SubjectId);
            }
            else if (happened.OccurredAt <= now && (leftOut is null || VisitStep.StorefrontOf(happened) != leftOut) && VisitStep.Of(happened) is { } step)
            {
                visit(step);
            }
        }
    }
}
