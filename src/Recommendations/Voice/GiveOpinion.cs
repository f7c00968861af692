using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Idempotency;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Contract;

namespace Wellmet.Recommendations.Voice;

/// <summary>Records what a customer says about a product, or that they take it back. Said twice it is said once.</summary>
[Uses(Purpose.Service, "looks whether somebody is still a customer; no contact is read")]
public sealed class GiveOpinion(IdempotentRequest once, ICustomers customers, ICatalog catalog, CurrentActor actor, TimeProvider time)
{
    /// <summary>Who says what about which product.</summary>
    /// <param name="CustomerId">The customer, or any of its subjects.</param>
    public sealed record Request(Guid CustomerId, Guid ProductId, ProductOpinion Opinion, bool TakenBack = false);

    /// <exception cref="ProblemException"><c>customer_unknown</c>, <c>product_unknown</c>.</exception>
    public async Task RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Speak);
        if (!(await catalog.LabelsAsync([request.ProductId], ct)).ContainsKey(request.ProductId))
        {
            throw new ProblemException("product_unknown", "There is no such product.", 404);
        }
        var known = (await customers.ContactsAsync([request.CustomerId], ct)).GetValueOrDefault(request.CustomerId)
            ?? throw new ProblemException("customer_unknown", "This customer does not exist, or was erased.", 404);
        await once.OnceAsync(async tx =>
        {
            await (request.TakenBack ? TakeBackAsync(tx, request, known, ct) : GiveAsync(tx, request, known, ct));
            return request.TakenBack;
        }, ct);
    }

    private async Task GiveAsync(Transaction tx, Request request, CustomerContacts known, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var said = await tx.CountAsync("select count(*) from recommendations_opinions where subject_id in @Subjects and product_id = @ProductId and opinion = @Opinion",
            new { known.Subjects, request.ProductId, request.Opinion }, ct) > 0;
        if (!said && await tx.ExecuteAsync("insert into recommendations_opinions (subject_id, product_id, opinion, said_at) values (@CustomerId, @ProductId, @Opinion, @now) on conflict do nothing",
            new { known.CustomerId, request.ProductId, request.Opinion, now }, ct) > 0)
        {
            tx.Append(new ProductOpinionGiven(known.CustomerId, now, request.ProductId, request.Opinion));
        }
    }

    private async Task TakeBackAsync(Transaction tx, Request request, CustomerContacts known, CancellationToken ct)
    {
        if (await tx.ExecuteAsync("delete from recommendations_opinions where subject_id in @Subjects and product_id = @ProductId and opinion = @Opinion",
            new { known.Subjects, request.ProductId, request.Opinion }, ct) > 0)
        {
            tx.Append(new ProductOpinionTakenBack(known.CustomerId, time.GetUtcNow(), request.ProductId, request.Opinion));
        }
    }
}
