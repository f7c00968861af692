using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Log;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Contract;

namespace Wellmet.Recommendations.Predictions;

/// <summary>Reads from the log what some customers did. Who objects to being personalised for is not read: nothing is learnt from them, and nothing foretold of them.</summary>
public sealed class BuyerReader(Database database, LogReader log, ICustomers customers, IStorefronts storefronts, IPurposeGate gate)
{
    private static readonly Type[] Sales = [typeof(OrderPlaced), typeof(OrderExtended), typeof(OrderCancelled), typeof(ItemsReturned), typeof(CustomerErased)];

    /// <param name="buyers">Subjects who ordered; the answer has their customers, each once, by id, and those alone who bought something.</param>
    /// <param name="looksSince">From when on it is read what they looked at.</param>
    internal async Task<IReadOnlyList<BuyerHistory>> RunAsync(IReadOnlyCollection<Guid> buyers, DateTimeOffset looksSince, CancellationToken ct)
    {
        var subjects = await customers.SubjectsOfAsync([.. (await customers.CustomersOfAsync(buyers, ct)).Values.Distinct()], ct);
        var answer = await gate.AskAsync(new DataUse(Purpose.Personalisation), [.. subjects.SelectMany(s => s)], ct);
        var (leftOut, currency) = (await storefronts.LeftOutAsync(ct), await storefronts.CurrencyAsync(ct) ?? "");
        var histories = new List<BuyerHistory>();
        var bySubject = new Dictionary<Guid, BuyerHistory>();
        foreach (var customer in subjects.Where(s => s.All(subject => answer[subject].Allowed)).OrderBy(s => s.Key))
        {
            var history = new BuyerHistory(customer.Key, currency);
            histories.Add(history);
            foreach (var subject in customer)
            {
                bySubject[subject] = history;
            }
        }
        await FillAsync(bySubject, leftOut, looksSince, ct);
        return histories.FindAll(h => !h.IsEmpty);
    }

    private async Task FillAsync(Dictionary<Guid, BuyerHistory> bySubject, Guid? leftOut, DateTimeOffset looksSince, CancellationToken ct)
    {
        var (sales, looks, opinions) = await database.ReadAsync(async s => (
            await log.OfSubjectsAsync(s, bySubject.Keys, Sales, ct), await log.OfSubjectsAsync(s, bySubject.Keys, [typeof(ShopEventCollected)], looksSince, ct), await OpinionsAsync(s, bySubject.Keys, ct)), ct);
        // The orders of an erased person are nobody's.
        var erased = sales.Select(d => d.Event).OfType<CustomerErased>().Select(e => e.SubjectId).ToHashSet();
        // What takes off an order comes after all orders, however it was told.
        foreach (var happened in sales.Concat(looks).Select(d => d.Event).Where(e => !erased.Contains(e.SubjectId)).OrderBy(e => e is OrderPlaced ? 0 : e is OrderExtended ? 1 : 2))
        {
            Apply(bySubject[happened.SubjectId], happened, leftOut);
        }
        foreach (var (subject, product, opinion) in opinions)
        {
            (opinion == ProductOpinion.Gift ? bySubject[subject].Gifts : bySubject[subject].Unwanted).Add(product);
        }
    }

    private static void Apply(BuyerHistory history, ILogEvent happened, Guid? leftOut)
    {
        switch (happened)
        {
            case OrderPlaced order when !order.Anonymous && order.StorefrontId != leftOut:
                history.Add(order.OrderId, order.OccurredAt, order.Currency, order.Products);
                break;
            case OrderExtended more when !more.Anonymous && more.StorefrontId != leftOut:
                history.Add(more.OrderId, more.OccurredAt, more.Currency, more.Products);
                break;
            case OrderCancelled gone:
                history.Subtract(gone.OrderId, gone.OccurredAt, gone.Products);
                break;
            case ItemsReturned back:
                history.Subtract(back.OrderId, back.OccurredAt, back.Products);
                break;
            case ShopEventCollected { Name: "Product Viewed" or "Product Added" } look when look.Source.StorefrontId is null || look.Source.StorefrontId != leftOut:
                history.Look(look.OccurredAt, look.Name == "Product Added");
                break;
        }
    }

    private static Task<List<(Guid, Guid, ProductOpinion)>> OpinionsAsync(Session session, IReadOnlyCollection<Guid> subjects, CancellationToken ct) => session.QueryAsync(
        "select subject_id, product_id, opinion from recommendations_opinions where subject_id in @subjects", new { subjects }, r => (r.Guid(0), r.Guid(1), r.Enum<ProductOpinion>(2)), ct);
}
