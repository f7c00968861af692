using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Purposes;
using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Sessions;

namespace Wellmet.Recommendations.Models;

/// <summary>What people looked at.</summary>
/// <param name="Looks">A customer is a user, a visit is an order.</param>
/// <param name="Sequences">The visits with more than one look, each in the order of time.</param>
internal sealed record Visits(Interactions Looks, ItemSequences Sequences);

/// <summary>
/// Reads what people looked at, in the shape of <see cref="Interactions"/>: a customer is a user, a visit is an order. People who do not want personal recommendations
/// are left out. Of each product only the last look of a person is kept: what somebody looked at again is missing from their earlier visits.
/// </summary>
public sealed class ViewHistory(ISignals signals, ICustomers customers, IPurposeGate gate)
{
    /// <summary>Who looks at nothing for so long has left; as analytics of the web count visits.</summary>
    internal const long Pause = 30 * 60;

    private const int Page = 1000;

    /// <summary>So many views are learnt from, some 300 MB; of more, those of a part of the people.</summary>
    internal const int Most = 3_000_000;

    /// <summary>The same part each time; ids end in random bits.</summary>
    private static bool IsOne(Guid subject, uint of) => (uint)subject.GetHashCode() % of == 0;

    /// <summary>Of these the model need not hear at once.</summary>
    public static IReadOnlyList<Type> Events { get; } = [typeof(ShopEventCollected)];

    /// <param name="products">The product of each item; others are passed over.</param>
    internal async Task<Visits> ReadAsync(IReadOnlyList<Guid> products, CancellationToken ct)
    {
        var items = products.Select((product, item) => (product, item)).ToDictionary(p => p.product, p => p.item);
        var all = new List<(Guid Subject, int Item, long Time)>();
        var oneOf = 1u;
        await signals.ForEachViewAsync(v =>
        {
            if (items.TryGetValue(v.ProductId, out var item) && IsOne(v.SubjectId, oneOf))
            {
                all.Add((v.SubjectId, item, v.At.ToUnixTimeSeconds()));
            }
            while (all.Count > Most)
            {
                oneOf *= 2;
                all.RemoveAll(a => !IsOne(a.Subject, oneOf));
            }
        }, ct);
        var customerOf = await customers.CustomersOfAsync(await AllowedAsync(gate, [.. all.Select(v => v.Subject).Distinct()], ct), ct);
        var builder = new InteractionsBuilder(customerOf.Values.Distinct().Count(), products.Count);
        var (user, order) = (0, 0);
        var (sequences, visit) = (new List<int[]>(), new List<int>());
        foreach (var customer in all.Where(v => customerOf.ContainsKey(v.Subject)).GroupBy(v => customerOf[v.Subject]))
        {
            long? last = null;
            foreach (var (_, item, time) in customer.OrderBy(v => v.Time).ThenBy(v => v.Item))
            {
                if (last is { } before && time - before > Pause)
                {
                    order++;
                    End();
                }
                visit.Add(item);
                builder.Add(new Purchase(user, order, item, time, 1));
                last = time;
            }
            (user, order) = (user + 1, order + 1);
            End();
        }
        return new Visits(builder.Build(), ItemSequences.Of(sequences, products.Count));

        void End()
        {
            if (visit.Count > 1)
            {
                sequences.Add([.. visit]);
            }
            visit.Clear();
        }
    }

    /// <summary>Of many subjects those who may be personalised for.</summary>
    internal static async Task<List<Guid>> AllowedAsync(IPurposeGate gate, IReadOnlyList<Guid> subjects, CancellationToken ct)
    {
        var allowed = new List<Guid>(subjects.Count);
        foreach (var page in subjects.Chunk(Page))
        {
            var answer = await gate.AskAsync(new DataUse(Purpose.Personalisation), page, ct);
            allowed.AddRange(page.Where(s => answer[s].Allowed));
        }
        return allowed;
    }
}
