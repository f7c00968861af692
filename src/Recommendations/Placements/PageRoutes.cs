using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Keys;
using Wellmet.Platform.Api;
using Wellmet.Platform.Security;
using Wellmet.Platform.Ui;
using Wellmet.Recommendations.Serving;

namespace Wellmet.Recommendations.Placements;

/// <summary>What the widget in the shop's pages asks: <c>POST /v1/recommendations/page</c>. A POST, because a proof must not stand in an address.</summary>
internal static class PageRoutes
{
    private const int Longest = 16 * 1024, LongestCode = 100;

    private static readonly JsonSerializerOptions Asked = AskedFormat();

    private static readonly ApiOperation Show = new("show_recommendations", ApiGroups.Recommendations, "Recommend products in a page of the shop",
        "For pages, with their public write key. A customer's purchases are used only with a proof that they are signed in (see the guide of events), and not where their browser sends Global Privacy Control or they object; else the page gets what anybody would get. Products are named by their codes.")
    {
        Body = ApiContent.Of(new PageBody("for-you"), Asked),
        Answer = ApiContent.Of(new PlacementAnswer("for-you", false, new DateTimeOffset(2026, 1, 31, 3, 0, 0, TimeSpan.Zero), []), PlacementAnswer.Format),
        Problems =
        [
            new("json_unexpected", 400, "The body has a field that is not known, or a value that does not fit; `detail` says where."), new("parameter_missing", 400, "The placement needs a product."),
            new("limit_out_of_range", 400, "`limit` is no whole number from 1 to 100."), new("basket_too_large", 400, "`products` names more than 50."),
            new("request_too_large", 400, "More than 16 KB."),
            new("placement_unknown", 404, "There is no such placement."), new("product_unknown", 404, "There is no such product."),
        ],
    };

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/v1/recommendations/page", AnswerAsync).RequireKey(AccessPermissions.WriteEvents).AcceptWriteKeyInBody().Describe(Show);

    private static async Task<IResult> AnswerAsync(HttpRequest request, CurrentKey key, ServePage serve, Words words, CancellationToken ct)
    {
        var body = await BodyAsync(request, ct);
        // Who has no key learns no more than that, whatever the body holds.
        await key.EnterAsync(KeyIn(body), ct);
        var asked = await ApiBody.ReadAsync<PageBody>(new MemoryStream(body ?? throw new ProblemException("request_too_large", "A request has at most {0} bytes.", 400, Longest)), Asked, ct);
        var products = asked.Products ?? [];
        if (products.Any(p => p.Length is 0 or > LongestCode))
        {
            throw ApiBody.Unexpected("$.products");
        }
        var answer = await serve.RunAsync(new(asked.Placement, products, asked.IdentityProof, request.Headers["Sec-GPC"] == "1", asked.Limit ?? Limit.Default), ct);
        return Results.Json(PlacementAnswer.Of(asked.Placement, answer, words), PlacementAnswer.Format);
    }

    /// <summary>Read loosely: a mistake elsewhere in the body is told to who has a key.</summary>
    private static string? KeyIn(byte[]? body)
    {
        try
        {
            return body is not null && JsonElement.Parse(body) is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty("writeKey", out var key) && key.ValueKind == JsonValueKind.String ? key.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Null where it is too long.</summary>
    private static async Task<byte[]?> BodyAsync(HttpRequest request, CancellationToken ct)
    {
        var buffer = new byte[Longest + 1];
        var read = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct);
        return read <= Longest ? buffer[..read] : null;
    }

    private static JsonSerializerOptions AskedFormat()
    {
        var format = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        SecurityDefaults.Harden(format);
        // As pages write to the collection: writeKey, identityProof.
        format.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        return format;
    }
}

/// <param name="Products">Codes of products: the one of the page, or those of the basket.</param>
/// <param name="WriteKey">Where it is not in the header.</param>
internal sealed record PageBody(string Placement, IReadOnlyList<string>? Products = null, int? Limit = null, string? IdentityProof = null, string? WriteKey = null);
