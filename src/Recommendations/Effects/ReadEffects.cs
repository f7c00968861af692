using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Contract;

namespace Wellmet.Recommendations.Effects;

/// <summary>What a placement did in the last <see cref="ReadEffects.Days"/> days.</summary>
/// <param name="Seen">By day (UTC), earliest first; days without anything are not there.</param>
/// <param name="Orders">Orders with a product that a customer had chosen there, at most seven days before.</param>
/// <param name="Revenue">Of those products, less what was cancelled or came back, in the currency of most of it; null without any.</param>
/// <param name="Returned">Share of the pieces that were cancelled or came back, in [0, 1].</param>
/// <param name="IsPart">More customers chose something than are looked at: orders and revenue are of a part of them.</param>
public sealed record PlacementEffects(IReadOnlyList<(DateOnly Day, long Shown, long Chosen)> Seen, int Orders, Money? Revenue, double Returned, bool IsPart)
{
    public long Shown => Seen.Sum(s => s.Shown);
    public long Chosen => Seen.Sum(s => s.Chosen);
}

/// <summary>
/// Reads what placements did. An order is put down to where its product was chosen last before it, whichever of the customer's subjects chose; it is worked out when it is asked for, so merges,
/// cancellations, returns, objections and erasures count as they are now.
/// </summary>
public sealed class ReadEffects(Database database, ICustomers customers, IOrders orders, IPurposeGate gate, TimeProvider time, CurrentActor actor)
{
    public const int Days = 28;
    private const int MostSubjects = 10_000;
    private static readonly TimeSpan Window = TimeSpan.FromDays(7);

    public async Task<PlacementEffects> RunAsync(string placement, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Read);
        var now = time.GetUtcNow();
        var from = DateOnly.FromDateTime(now.UtcDateTime).AddDays(1 - Days);
        var seen = await database.ReadAsync(s => s.QueryAsync(
            "select day, sum(shown), sum(chosen) from recommendations_shown where placement = @placement and day >= @from group by day order by day", new { placement, from },
            r => (r.Day(0), r.Long(1), r.Long(2)), ct), ct);
        var subjects = await database.ReadAsync(s => s.QueryAsync(
            "select subject_id from recommendations_choices where placement = @placement and chosen_at > @since group by subject_id order by max(chosen_at) desc limit @most",
            new { placement, since = now.AddDays(-Days), most = MostSubjects + 1 }, r => r.Guid(0), ct), ct);
        var sales = await SalesAsync(placement, [.. subjects.Take(MostSubjects)], now.AddDays(-Days), ct);
        var currency = sales.CountBy(s => s.Currency).OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Select(c => c.Key).FirstOrDefault();
        var pieces = sales.Sum(s => s.Quantity);
        return new PlacementEffects(seen, sales.Where(s => s.Kept > 0).Select(s => s.OrderId).Distinct().Count(),
            currency is null ? null : new Money(sales.Where(s => s.Currency == currency).Sum(s => s.KeptMinor), currency), pieces == 0 ? 0 : 1 - (sales.Sum(s => s.Kept) / (double)pieces), subjects.Count > MostSubjects);
    }

    /// <summary>The products of orders that are put down to the placement.</summary>
    private async Task<List<BoughtProduct>> SalesAsync(string placement, IReadOnlyList<Guid> subjects, DateTimeOffset since, CancellationToken ct)
    {
        var sales = new List<BoughtProduct>();
        var customerOf = await customers.CustomersOfAsync(subjects, ct);
        foreach (var page in subjects.Select(s => customerOf.GetValueOrDefault(s, s)).Distinct().Chunk(500))
        {
            // Asked again: who objected since is not measured any more.
            var may = await gate.AskAsync(new DataUse(Purpose.Measurement, Channel.Web), page, ct);
            Guid[] all = [.. (await customers.SubjectsOfAsync([.. page.Where(c => may[c].Allowed)], ct)).SelectMany(s => s).Distinct()];
            var owners = await customers.CustomersOfAsync(all, ct);
            var choices = (await database.ReadAsync(s => s.QueryAsync(
                "select subject_id, product_id, placement, chosen_at from recommendations_choices where subject_id in @all and chosen_at > @since", new { all, since },
                r => (Customer: owners.GetValueOrDefault(r.Guid(0), r.Guid(0)), Product: r.Guid(1), Placement: r.Text(2), At: r.Time(3)), ct), ct)).ToLookup(c => (c.Customer, c.Product));
            sales.AddRange((await orders.BoughtByAsync(all, ct)).Where(bought => choices[(owners.GetValueOrDefault(bought.SubjectId, bought.SubjectId), bought.ProductId)]
                .Where(c => c.At <= bought.PlacedAt && bought.PlacedAt <= c.At + Window).OrderByDescending(c => c.At).Select(c => c.Placement).FirstOrDefault() == placement));
        }
        return sales;
    }

    /// <summary>How often lists of each placement were seen in the last days, product by product, and something in them chosen.</summary>
    public async Task<IReadOnlyDictionary<string, (long Shown, long Chosen)>> TotalsAsync(CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Read);
        var from = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(1 - Days);
        return (await database.ReadAsync(s => s.QueryAsync("select placement, sum(shown), sum(chosen) from recommendations_shown where day >= @from group by placement", new { from },
            r => (Name: r.Text(0), Shown: r.Long(1), Chosen: r.Long(2)), ct), ct)).ToDictionary(t => t.Name, t => (t.Shown, t.Chosen));
    }
}
