using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Idempotency;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Contract;

namespace Wellmet.Recommendations.Suggestions;

/// <summary>
/// Says that a list which was made for a customer was sent to them: what it held when it was made, once for each list. It tells what happened, so nobody is asked whether it may: a withdrawal since, or a newer list, takes nothing back.
/// </summary>
public sealed class MarkSuggestionsSent(LogReader log, ICustomers customers, IdempotentRequest once, TimeProvider time, CurrentActor actor)
{
    /// <param name="Customer">The customer, or any of its subjects.</param>
    /// <param name="MadeAt">Of the list that was sent.</param>
    public sealed record Request(Guid Customer, DateTimeOffset MadeAt);

    /// <summary>When it was sent, as it was said first.</summary>
    /// <exception cref="ProblemException"><c>suggestions_unknown</c> (404): no list was made for them then, or they were erased.</exception>
    public async Task<DateTimeOffset> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Suggest);
        var customer = (await customers.CustomersOfAsync([request.Customer], ct)).GetValueOrDefault(request.Customer, request.Customer);
        var subjects = await customers.SubjectsOfAsync(customer, ct);
        return await once.OnceAsync(async tx =>
        {
            var list = await ListAsync(tx, subjects, request.MadeAt, ct) ?? throw new ProblemException("suggestions_unknown", "No products were picked out for this customer at that time.", 404);
            var now = time.GetUtcNow();
            if (await SentSuggestions.AddAsync(tx, list.SubjectId, list.OccurredAt, now, ct))
            {
                tx.Append(new SuggestionsSent(customer, now, list.Products));
                return now;
            }
            return (await SentSuggestions.AtAsync(tx, subjects, list.OccurredAt, ct))!.Value;
        }, ct);
    }

    private async Task<SuggestionsMade?> ListAsync(Session session, IReadOnlyCollection<Guid> subjects, DateTimeOffset made, CancellationToken ct)
    {
        var events = (await log.OfSubjectsAsync(session, subjects, [typeof(SuggestionsMade), typeof(CustomerErased)], made, ct)).ConvertAll(d => d.Event);
        return events.Exists(e => e is CustomerErased) ? null : events.OfType<SuggestionsMade>().FirstOrDefault(m => Clock.ToMicroseconds(m.OccurredAt) == Clock.ToMicroseconds(made));
    }
}
