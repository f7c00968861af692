using Wellmet.Commerce.Contract;
using Wellmet.Platform.Experiments;
using Wellmet.Science.Experiments;

namespace Wellmet.Recommendations.Experiments;

/// <summary>Orders of what one variant gave to mixed lists.</summary>
/// <param name="Orders">With a product that was chosen there at most seven days before and kept since.</param>
/// <param name="RevenueMinor">Of those products, in the shop's currency.</param>
/// <param name="Bought">Pieces ordered.</param>
/// <param name="Kept">Pieces that were neither cancelled nor sent back.</param>
public sealed record CreditedSales(int Orders, long RevenueMinor, long Bought, long Kept);

/// <param name="Score">Customers by what they ordered more of; A is the control.</param>
/// <param name="Sales">By variant.</param>
public sealed record MixedSales(InterleavingScore Score, IReadOnlyList<CreditedSales> Sales);

/// <summary>
/// Puts orders down to the variant that gave what was chosen in a mixed list, by the rule of <see cref="Effects.ReadEffects"/>: bought at most seven days after it was chosen, the last time if more than once, by any of the customer's subjects. Worked out when
/// it is asked for, of those who may be measured now.
/// </summary>
public sealed class MixedOrders(IExperiments experiments, Participants participants, IOrders orders)
{
    private static readonly TimeSpan Window = TimeSpan.FromDays(7);

    internal async Task<MixedSales> RunAsync(Experiment experiment, IReadOnlyList<ExperimentUnit> units, string? currency, CancellationToken ct)
    {
        var (score, sums) = (new InterleavingScore(), new[] { new CreditedSales(0, 0, 0, 0), new CreditedSales(0, 0, 0, 0) });
        await foreach (var page in participants.PagesAsync(units, ct))
        {
            var sold = (await SoldAsync(experiment, [.. page.Where(p => p.May)], ct)).ToLookup(s => s.Person);
            foreach (var person in page)
            {
                score = score.Add(sold[person].Count(s => s.Variant == 0 && s.Line.Kept > 0), sold[person].Count(s => s.Variant == 1 && s.Line.Kept > 0));
            }
            for (var variant = 0; variant < sums.Length; variant++)
            {
                var lines = sold.SelectMany(s => s).Where(s => s.Variant == variant).Select(s => s.Line).ToList();
                sums[variant] = new CreditedSales(sums[variant].Orders + lines.Where(l => l.Kept > 0).Select(l => l.OrderId).Distinct().Count(),
                    sums[variant].RevenueMinor + lines.Where(l => l.Currency == currency).Sum(l => l.KeptMinor), sums[variant].Bought + lines.Sum(l => l.Quantity), sums[variant].Kept + lines.Sum(l => l.Kept));
            }
        }
        return new MixedSales(score, sums);
    }

    private async Task<List<(Participant Person, int Variant, BoughtProduct Line)>> SoldAsync(Experiment experiment, IReadOnlyCollection<Participant> people, CancellationToken ct)
    {
        var unitOf = people.SelectMany(p => p.Units, (person, unit) => (person, unit.SubjectId)).ToDictionary(u => u.SubjectId, u => u.person);
        var choices = (await experiments.ChoicesAsync(experiment.Id, [.. unitOf.Keys], ct)).ToLookup(c => (unitOf[c.SubjectId], c.OutcomeId));
        var personOf = people.SelectMany(p => p.Subjects, (person, subject) => (person, subject)).ToDictionary(p => p.subject, p => p.person);
        return
        [
            .. from line in await orders.BoughtByAsync([.. personOf.Keys], ct)
               where experiment.StoppedAt is not { } stopped || line.PlacedAt <= stopped
               let person = personOf[line.SubjectId]
               let choice = choices[(person, line.ProductId)].Where(c => c.At <= line.PlacedAt && line.PlacedAt <= c.At + Window).MaxBy(c => c.At)
               where choice is not null
               select (person, choice.Variant, line),
        ];
    }
}
