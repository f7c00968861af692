using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform.Access;
using Wellmet.Platform.Ui;
using Wellmet.Recommendations.Contract;

namespace Wellmet.Recommendations.Placements;

internal static class PlacementRoutes
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/v1/recommendations/{placement}", AnswerAsync).RequirePermission(RecommendationsPermissions.Read).AcceptKeys();

    private static async Task<IResult> AnswerAsync(
        string placement, string? customer, string? product, string? limit, ServePlacement serve, Words words, CancellationToken ct)
    {
        var answer = await serve.RunAsync(new(placement, customer, product, limit), ct);
        return Results.Json(PlacementAnswer.Of(placement, answer, words), Format);
    }
}
