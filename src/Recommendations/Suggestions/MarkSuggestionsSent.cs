using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Idempotency;
using Wellmet.Recommendations.Contract;

namespace Wellmet.Recommendations.Suggestions;

/// <summary>Says that the list which was made for a customer was sent to them. Once for each list: said again it changes nothing.</summary>
public sealed class MarkSuggestionsSent(SuggestionRecipient recipient, ReadSuggestions read, ICustomers customers, IdempotentRequest once, TimeProvider time, CurrentActor actor)
{
    /// <param name="customer">The customer, or any of its subjects.</param>
    /// <exception cref="ProblemException"><c>suggestions_none</c> (409); and those of <see cref="SuggestionRecipient.DemandAsync"/>: to whom nothing may be sent, nothing was.</exception>
    public async Task RunAsync(Guid customer, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Suggest);
        var list = await read.RunAsync(await recipient.DemandAsync(customer, ct), ct);
        if (list.Suggestions.Count == 0)
        {
            throw SuggestionLetter.None();
        }
        var subjects = await customers.SubjectsOfAsync(list.CustomerId, ct);
        await once.OnceAsync(async tx =>
        {
            var now = time.GetUtcNow();
            if (await tx.ExecuteAsync("update recommendations_suggestions set sent_at = @now where subject_id in @subjects and made_at = @made and sent_at is null", new { now, subjects, made = list.MadeAt }, ct) > 0)
            {
                tx.Append(new SuggestionsSent(list.CustomerId, now, [.. list.Suggestions.Select(s => s.Product.Product.ProductId)]));
            }
            return true;
        }, ct);
    }
}
