using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Keys;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Consents;
using Wellmet.Privacy.Contract;

namespace Wellmet.Privacy.Purposes;

/// <summary>
/// A customer objects to a use of their data, or takes that back, on a page of the shop, where they are proved to be signed in. Said again it is nothing new.
/// </summary>
public sealed class ChooseOnPage(IProvenVisitors visitors, ICustomers customers, Database database, ObjectToPurpose objection, WithdrawObjection withdrawal, CurrentKey key, CurrentActor actor)
{
    /// <param name="Proof">The identity proof of who is signed in.</param>
    public sealed record Request(string? Proof, Purpose Purpose, bool Objects);

    /// <exception cref="ProblemException"><c>proof_refused</c> (422), <c>objection_impossible</c>.</exception>
    public async Task RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(AccessPermissions.WriteEvents);
        var keyId = key.Id ?? throw new InvalidOperationException("Only for requests with a key.");
        var customer = await visitors.CustomerOfAsync(keyId, request.Proof, ct) ?? throw IProvenVisitors.Refused();
        // The proof opens this door and no other: what is asked below was decided here.
        actor.Value = new Actor(null, actor.Value.Name, null, p => p == PrivacyPermissions.Write);
        var use = new DataUse(request.Purpose);
        var subjects = await customers.SubjectsOfAsync(customer, ct);
        var said = await database.ReadAsync(s => ConsentFact.ReadAsync(s, use, subjects, ct), ct);
        var objected = Latest(ConsentDecision.Withdrawn) is { } at && !(Latest(ConsentDecision.Lifted) > at || Latest(ConsentDecision.Given) > at);
        if (objected == request.Objects)
        {
            return;
        }
        var choice = new ObjectToPurpose.Request(customer, request.Purpose, BySelf: true);
        await (request.Objects ? objection.RunAsync(choice, ct) : withdrawal.RunAsync(choice, ct));

        DateTimeOffset? Latest(ConsentDecision decision) => said.Where(f => f.Decision == decision).Select(f => (DateTimeOffset?)f.At).Max();
    }
}
