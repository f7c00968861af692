using System.Text.Json;
using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Serving;

namespace Wellmet.Recommendations.Suggestions;

/// <summary>Reads the list that was made for a customer. What was bought since, is not wanted, is no longer sold or is sold out has left it; of whoever wants no personal recommendations there is none.</summary>
public sealed class ReadSuggestions(Database database, CustomerPermission permission, PurchaseReader purchases, ICustomers customers, ICatalog catalog, CurrentActor actor)
{
    /// <param name="customerId">The customer, or any of its subjects.</param>
    public Task<SuggestionList> RunAsync(Guid customerId, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Read);
        return OfAsync(customerId, ct);
    }

    /// <summary>For who was asked for another permission that shows the list.</summary>
    internal async Task<SuggestionList> OfAsync(Guid customerId, CancellationToken ct)
    {
        var customer = (await customers.CustomersOfAsync([customerId], ct)).GetValueOrDefault(customerId, customerId);
        if (await permission.SubjectsAsync(customer, ct) is not { } subjects)
        {
            return new SuggestionList(customer, null, []);
        }
        var saved = await database.ReadAsync(s => s.QueryAsync(
            "select product_id, kind, reason, because, made_at, because_did from recommendations_suggestions where subject_id in @subjects order by made_at desc, subject_id, place", new { subjects },
            r => (Product: r.Guid(0), Kind: r.Enum<SuggestionKind>(1), Reason: r.Enum<ReasonKind>(2), Because: Evidence(r.Text(3), r.TextOrNull(5), r.Enum<ReasonKind>(2)), MadeAt: r.Time(4)), ct), ct);
        if (saved.Count == 0)
        {
            return new SuggestionList(customer, null, []);
        }
        var (bought, opinions) = await purchases.ReadAsync(subjects, ct);
        var gone = bought.Select(b => b.ProductId).Concat(opinions.Where(o => o.Opinion == ProductOpinion.NotInterested).Select(o => o.ProductId)).ToHashSet();
        // Customers who were merged since may have a list each: the newest one counts.
        var list = saved.Where(s => s.MadeAt == saved[0].MadeAt && !gone.Contains(s.Product)).Take(SuggestionList.Length).ToList();
        var labels = await catalog.LabelsAsync([.. list.SelectMany(s => s.Because.Select(b => b.Product).Append(s.Product)).Distinct()], ct);
        return new SuggestionList(customer, saved[0].MadeAt, [.. list.Where(s => labels.TryGetValue(s.Product, out var label) && ListRules.None.Offer(label)).Select(s => new Suggestion(
            new RecommendedProduct(labels[s.Product], 0, new RecommendationReason(s.Reason, [.. s.Because.Where(b => labels.ContainsKey(b.Product)).Select(b => new PurchaseEvidence(labels[b.Product], 0) { Did = b.Did })], 0)), s.Kind))]) { SentAt = await database.ReadAsync(s => SentSuggestions.AtAsync(s, subjects, saved[0].MadeAt, ct), ct) };
    }

    /// <summary>Lists of versions before do not say what was done with the products: then the reason does.</summary>
    private static List<(Guid Product, InterestKind? Did)> Evidence(string products, string? did, ReasonKind reason)
    {
        var all = JsonSerializer.Deserialize<Guid[]>(products)!;
        return [.. did is null ? all.Select(p => (p, reason == ReasonKind.BecauseViewed ? InterestKind.View : (InterestKind?)null))
            : all.Zip(JsonSerializer.Deserialize<string?[]>(did)!, (p, d) => (p, d is null ? (InterestKind?)null : EnumText.Parse<InterestKind>(d)))];
    }
}
