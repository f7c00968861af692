using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Keys;
using Wellmet.Platform.Api;
using Wellmet.Recommendations.Contract;

namespace Wellmet.Recommendations.Voice;

/// <summary>What the widget tells and asks for who is signed in: <c>POST /v1/recommendations/page/opinions</c> and <c>…/page/taste</c>. A POST, because a proof must not stand in an address.</summary>
internal static class TasteApi
{
    private const string Path = "/v1/recommendations/page";
    private const string Proof = "eyJhbGciOiJIUzI1NiJ9…";
    private static readonly ApiProblem Refused = new("proof_refused", 422, "No proof came, or one that does not hold for this key.");

    private static readonly ApiOperation Speak = new("give_opinion_on_page", ApiGroups.Recommendations, "Say something about a product on a page of the shop",
        "For pages, with their public write key and a proof of who is signed in (see the guide of events). `not_interested`: the product is not offered to them again, and what is like it less. `gift`: they bought it for somebody else. With `takenBack` it is no longer said. It holds from the next answer on.")
    {
        Body = ApiContent.Of(new PageOpinionBody("22423", ProductOpinion.NotInterested, Proof), PageCall.Format),
        Answer = ApiContent.Of(new OpinionAnswer("recorded")),
        Problems = [.. PageCall.Problems, Refused, new("customer_unknown", 404, "They were erased meanwhile."), new("product_unknown", 404, "There is no such product.")],
    };

    private static readonly ApiOperation Know = new("read_taste", ApiGroups.Recommendations, "Show what somebody's recommendations are made of",
        "For pages, with their public write key and a proof of who is signed in. The last 200 products that they bought and kept, those that they looked at in the last sixty days, what they are not interested in, and what they rated low. Where they object to personal recommendations nothing is used, and nothing is listed.")
    {
        Body = ApiContent.Of(new TasteBody(Proof), PageCall.Format),
        Answer = ApiContent.Of(new TasteAnswer(true, [new("22423", "CAKESTAND", new DateTimeOffset(2026, 1, 31, 9, 30, 0, TimeSpan.Zero), false)], [new("47566", "PARTY BUNTING")], [new("85123A", "LIGHT HOLDER")], [new("84879", "BIRD ORNAMENT")])),
        Problems = [.. PageCall.Problems, Refused],
    };

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost(Path + "/opinions", SpeakAsync).RequireKey(AccessPermissions.WriteEvents).AcceptWriteKeyInBody().Describe(Speak);
        app.MapPost(Path + "/taste", KnowAsync).RequireKey(AccessPermissions.WriteEvents).AcceptWriteKeyInBody().Describe(Know);
    }

    private static async Task<IResult> SpeakAsync(HttpRequest request, CurrentKey key, SpeakOnPage speak, CancellationToken ct)
    {
        var body = await PageCall.ReadAsync<PageOpinionBody>(request, key, ct);
        await speak.RunAsync(new(body.IdentityProof, body.Product, body.Opinion, body.TakenBack), ct);
        return Results.Json(new OpinionAnswer(body.TakenBack ? "taken_back" : "recorded"));
    }

    private static async Task<IResult> KnowAsync(HttpRequest request, CurrentKey key, ReadTaste read, CancellationToken ct)
    {
        var body = await PageCall.ReadAsync<TasteBody>(request, key, ct);
        var taste = await read.RunAsync(body.IdentityProof, ct);
        return Results.Json(new TasteAnswer(taste.Personal,
            [.. taste.Bought.Select(b => new TasteAnswer.Purchase(b.Product.Sku, b.Product.Name, b.BoughtAt, b.Gift))], Items(taste.Viewed), Items(taste.Unwanted), Items(taste.RatedLow)));

        static IReadOnlyList<TasteAnswer.Item> Items(IEnumerable<Commerce.Contract.ProductLabel> products) => [.. products.Select(p => new TasteAnswer.Item(p.Sku, p.Name))];
    }
}

/// <param name="Product">Its code.</param>
/// <param name="IdentityProof">Of who is signed in.</param>
/// <param name="TakenBack">Whether they take it back.</param>
/// <param name="WriteKey">Where it is not in the header.</param>
internal sealed record PageOpinionBody(string Product, ProductOpinion Opinion, string? IdentityProof = null, bool TakenBack = false, string? WriteKey = null);

/// <param name="IdentityProof">Of who is signed in.</param>
/// <param name="WriteKey">Where it is not in the header.</param>
internal sealed record TasteBody(string? IdentityProof = null, string? WriteKey = null);

/// <param name="Personal">False where they object to personal recommendations; then the lists are empty.</param>
/// <param name="Bought">Last first.</param>
/// <param name="Viewed">Looked at, put into the basket, wished for or praised, and not bought; last first.</param>
/// <param name="Unwanted">Last first.</param>
/// <param name="RatedLow">Rated with one or two of five; last first.</param>
internal sealed record TasteAnswer(bool Personal, IReadOnlyList<TasteAnswer.Purchase> Bought, IReadOnlyList<TasteAnswer.Item> Viewed, IReadOnlyList<TasteAnswer.Item> Unwanted, IReadOnlyList<TasteAnswer.Item> RatedLow)
{
    /// <param name="BoughtAt">The last time.</param>
    /// <param name="Gift">They said that it was for somebody else.</param>
    internal sealed record Purchase(string Sku, string Name, DateTimeOffset BoughtAt, bool Gift);

    internal sealed record Item(string Sku, string Name);
}
