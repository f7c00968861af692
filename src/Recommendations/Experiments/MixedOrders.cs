using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Experiments;
using Wellmet.Platform.Purposes;
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
/// Puts orders down to the variant that gave what was chosen in a mixed list, by the rule of <see cref="Effects.ReadEffects"/>: bought at most seven days after it was chosen, by any of the customer's subjects. Worked out when it is asked for, of
/// those who may be measured now.
/// </summary>
public sealed class MixedOrders(IExperiments experiments, ICustomers customers, IOrders orders, IPurposeGate gate)
{
    private static readonly TimeSpan Window = TimeSpan.FromDays(7);

    internal async Task<MixedSales> RunAsync(Experiment experiment, IReadOnlyList<ExperimentUnit> units, string? currency, CancellationToken ct)
    {
        var (score, sums) = (new InterleavingScore(), new[] { new CreditedSales(0, 0, 0, 0), new CreditedSales(0, 0, 0, 0) });
        foreach (var page in units.Chunk(500))
        {
            var sold = (await SoldAsync(experiment, page, ct)).ToLookup(s => s.Unit);
            foreach (var unit in page)
            {
                score = score.Add(sold[unit.SubjectId].Count(s => s.Variant == 0 && s.Line.Kept > 0), sold[unit.SubjectId].Count(s => s.Variant == 1 && s.Line.Kept > 0));
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

    private async Task<List<(Guid Unit, int Variant, BoughtProduct Line)>> SoldAsync(Experiment experiment, IReadOnlyCollection<ExperimentUnit> units, CancellationToken ct)
    {
        var may = await gate.AskAsync(new DataUse(Purpose.Measurement, Channel.Web), [.. units.Select(u => u.SubjectId)], ct);
        var choices = (await experiments.ChoicesAsync(experiment.Id, [.. units.Where(u => may[u.SubjectId].Allowed).Select(u => u.SubjectId)], ct)).GroupBy(c => c.SubjectId).ToDictionary(c => c.Key, c => c.ToLookup(p => p.OutcomeId));
        var owners = await customers.CustomersOfAsync([.. choices.Keys], ct);
        var sets = await customers.SubjectsOfAsync([.. owners.Values.Distinct()], ct);
        var unitOf = choices.Keys.SelectMany(u => sets[owners.GetValueOrDefault(u, u)].Append(u), (unit, subject) => (unit, subject)).DistinctBy(u => u.subject).ToDictionary(u => u.subject, u => u.unit);
        return
        [
            .. from line in await orders.BoughtByAsync([.. unitOf.Keys], ct)
               let unit = unitOf[line.SubjectId]
               from choice in choices[unit][line.ProductId]
               where choice.At <= line.PlacedAt && line.PlacedAt <= choice.At + Window && (experiment.StoppedAt is not { } stopped || line.PlacedAt <= stopped)
               select (unit, choice.Variant, line),
        ];
    }
}
