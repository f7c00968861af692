using System.Text.Json;
using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Idempotency;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Serving;

namespace Wellmet.Recommendations.Suggestions;

/// <summary>Picks out <see cref="SuggestionList.Length"/> products for a customer and saves them in place of an earlier list. Only what their own purchases and looks speak for or what sells now, never what they have.</summary>
[Uses(Purpose.Service, "looks whether somebody is still a customer, and who is refused is refused by CustomerPermission; no contact is read")]
public sealed class MakeSuggestions(
    IdempotentRequest once, RecommendForCustomer recommend, CustomerPermission permission, PurchaseReader purchases, ICustomers customers, ICatalog catalog, TimeProvider time, CurrentActor actor)
{
    private static readonly BulkInsert<Row> Rows = new("recommendations_suggestions",
        new("subject_id", typeof(Guid), r => r.CustomerId),
        new("place", typeof(int), r => r.Place),
        new("product_id", typeof(Guid), r => r.Suggestion.Product.Product.ProductId),
        new("kind", typeof(SuggestionKind), r => r.Suggestion.Kind),
        new("reason", typeof(ReasonKind), r => r.Suggestion.Product.Reason.Kind),
        new("because", typeof(Json), r => new Json(JsonSerializer.Serialize(r.Suggestion.Product.Reason.Because.Select(b => b.Product.ProductId)))),
        new("because_did", typeof(Json), r => new Json(JsonSerializer.Serialize(r.Suggestion.Product.Reason.Because.Select(b => b.Did is { } did ? EnumText.Of(did) : null)))),
        new("made_at", typeof(DateTimeOffset), r => r.MadeAt));

    /// <param name="customerId">The customer, or any of its subjects.</param>
    /// <exception cref="ProblemException"><c>customer_unknown</c>, <c>personalisation_refused</c>.</exception>
    public async Task RunAsync(Guid customerId, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Suggest);
        var known = (await customers.ContactsAsync([customerId], ct)).GetValueOrDefault(customerId)
            ?? throw new ProblemException("customer_unknown", "This customer does not exist, or was erased.", 404);
        var subjects = await permission.SubjectsAsync(known.CustomerId, ct)
            ?? throw new ProblemException("personalisation_refused", "This customer does not want their purchases to be used to choose products for them. Nothing can be picked out.", 409);
        var suggestions = await PickAsync(known.CustomerId, subjects, ct);
        await once.OnceAsync(async tx =>
        {
            var now = time.GetUtcNow();
            await tx.ExecuteAsync("delete from recommendations_suggestions where subject_id in @subjects", new { subjects }, ct);
            await Rows.RunAsync(tx, [.. suggestions.Select((suggestion, place) => new Row(known.CustomerId, place, suggestion, now))], ct);
            tx.Append(new SuggestionsMade(known.CustomerId, now, [.. suggestions.Select(s => s.Product.Product.ProductId)]));
            return true;
        }, ct);
    }

    private async Task<List<Suggestion>> PickAsync(Guid customer, IReadOnlyList<Guid> subjects, CancellationToken ct)
    {
        var picked = await recommend.RunAsync(new(customer, SuggestionList.Length), ct);
        var (bought, _) = await purchases.ReadAsync(subjects, ct);
        var has = (await catalog.LabelsAsync([.. bought.Where(b => b.Kept > 0).Select(b => b.ProductId).Distinct()], ct)).Values;
        return [.. picked.Products.Select(p => new Suggestion(p, SuggestionList.KindOf(p.Product, has)))];
    }

    private sealed record Row(Guid CustomerId, int Place, Suggestion Suggestion, DateTimeOffset MadeAt);
}
