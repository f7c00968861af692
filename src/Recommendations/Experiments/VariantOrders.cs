using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Experiments;
using Wellmet.Platform.Log;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;

namespace Wellmet.Recommendations.Experiments;

/// <summary>
/// Tells experiments of the orders of those who take part, known or not, and of what was added, cancelled or came back. All their orders count, not only those of what was recommended: a place that only moves
/// sales from another brought nothing. Revenue is of one currency, the shop's first.
/// </summary>
internal sealed class VariantOrders(IExperiments experiments, ICustomers customers, IStorefronts storefronts, IPurposeGate gate) : IReceiver
{
    public IReadOnlyList<Type> Accepts => [typeof(OrderPlaced), typeof(OrderExtended), typeof(OrderCancelled), typeof(ItemsReturned)];

    public async Task ReceiveAsync(IReadOnlyList<Delivery> deliveries, Transaction tx, CancellationToken ct)
    {
        if (!await experiments.CountsAsync(ct))
        {
            return;
        }
        var owners = await customers.CustomersOfAsync(tx, [.. deliveries.Select(d => d.SubjectId).Distinct()], ct);
        var sets = await customers.SubjectsOfAsync(tx, [.. owners.Values.Distinct()], ct);
        var units = await experiments.UnitsAmongAsync(tx, [.. sets.SelectMany(s => s).Concat(owners.Values).Distinct()], ct);
        if (units.Count == 0)
        {
            return;
        }
        var may = await gate.AskAsync(new DataUse(Purpose.Measurement, Channel.Web), [.. units.Select(u => u.SubjectId).Distinct()], ct);
        var (currency, leftOut) = (await storefronts.CurrencyAsync(ct), await storefronts.LeftOutAsync(ct));
        await experiments.RecordOutcomesAsync(tx,
        [
            .. from delivery in deliveries
               let customer = owners.GetValueOrDefault(delivery.SubjectId, delivery.SubjectId)
               let subjects = sets[customer].Append(customer).ToHashSet()
               // A person is one unit of an experiment, however many of their subjects were shown it.
               from unit in units.Where(u => subjects.Contains(u.SubjectId)).DistinctBy(u => u.ExperimentId)
               where may[unit.SubjectId].Allowed
               let outcome = OutcomeOf(delivery, unit, currency, leftOut)
               where outcome is not null
               select outcome,
        ], ct);
    }

    private static Outcome? OutcomeOf(Delivery delivery, ExperimentUnit unit, string? currency, Guid? leftOut)
    {
        return delivery.Event switch
        {
            OrderPlaced o when o.StorefrontId != leftOut => new Outcome(unit.SubjectId, ExperimentMetric.Conversions, o.OrderId, o.OccurredAt, Of(o.RevenueMinor, o.Currency)) { ExperimentId = unit.ExperimentId },
            OrderExtended e => Change(e.OrderId, IdOf(delivery.Seq), e.OccurredAt, Of(e.RevenueMinor, e.Currency)),
            OrderCancelled { OrderId: { } order } c => Change(order, c.CancellationId, c.OccurredAt, -Of(c.AmountMinor, c.Currency)),
            ItemsReturned r => Change(r.OrderId, r.ReturnId, r.OccurredAt, -Of(r.RefundMinor, r.Currency)),
            _ => null,
        };

        long Of(long minor, string of) => of == currency ? minor : 0;

        Outcome Change(Guid order, Guid id, DateTimeOffset at, long minor) => new(unit.SubjectId, ExperimentMetric.Revenue, id, at, minor) { ConversionId = order, ExperimentId = unit.ExperimentId };
    }

    /// <summary>What was added has no id of its own; its number in the log is one, among the outcomes of a person.</summary>
    private static Guid IdOf(long seq) => new(0, 0, 0, BitConverter.GetBytes(seq));
}
