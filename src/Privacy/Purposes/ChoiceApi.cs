using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Keys;
using Wellmet.Platform.Api;
using Wellmet.Platform.Purposes;

namespace Wellmet.Privacy.Purposes;

/// <summary>What somebody who is signed in chooses on a page of the shop: <c>POST /v1/consents/choice</c>.</summary>
internal static class ChoiceApi
{
    private static readonly ApiOperation Choose = new("choose_on_page", ApiGroups.Consents, "Object to a use of data on a page of the shop",
        "For pages, with their public write key and a proof of who is signed in (see the guide of events). With `objects` the data of the customer is no longer used for `purpose`, from the next answer on; without it they take that back. It gives no consent.")
    {
        Body = ApiContent.Of(new ChoiceBody(Purpose.Personalisation, true, "eyJhbGciOiJIUzI1NiJ9…"), PageCall.Format),
        Answer = ApiContent.Of(new ChoiceAnswer("recorded")),
        Problems = [.. PageCall.Problems, new("objection_impossible", 400, "One cannot object to this use."), new("proof_refused", 422, "No proof came, or one that does not hold for this key.")],
    };

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/v1/consents/choice", ChooseAsync).RequireKey(AccessPermissions.WriteEvents).AcceptWriteKeyInBody().Describe(Choose);

    private static async Task<IResult> ChooseAsync(HttpRequest request, CurrentKey key, ChooseOnPage choose, CancellationToken ct)
    {
        var body = await PageCall.ReadAsync<ChoiceBody>(request, key, ct);
        await choose.RunAsync(new(body.IdentityProof, body.Purpose, body.Objects), ct);
        return Results.Json(new ChoiceAnswer("recorded"));
    }
}

/// <param name="Purpose">What the data is used for: `personalisation`, `measurement` or `marketing`.</param>
/// <param name="Objects">False where they take an objection back.</param>
/// <param name="IdentityProof">Of who is signed in.</param>
/// <param name="WriteKey">Where it is not in the header.</param>
internal sealed record ChoiceBody(Purpose Purpose, bool Objects, string? IdentityProof = null, string? WriteKey = null);

/// <param name="Status">recorded.</param>
internal sealed record ChoiceAnswer(string Status);
