using System.Buffers.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Api;

namespace Wellmet.Customers.Collection;

/// <summary>
/// An event as the address of an image, for e-mails and pages without scripts: <c>GET /v1/pixel.gif?data=BASE64</c>, the JSON of one call with its <c>writeKey</c>
/// and, beside it, its <c>type</c>. Whatever becomes of the event, the answer is an image of one transparent pixel: nobody reads anything else there.
/// So the address is open to everybody (see <see cref="AnonymousEndpoints"/>); the use case asks the key. What is wrong with an event stands in the console (Settings, Events), where its key is known.
/// </summary>
internal static class PixelRoute
{
    public const string Path = "/v1/pixel.gif";

    private static readonly byte[] Pixel = Convert.FromBase64String("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");

    public static void MapPixel(this IEndpointRouteBuilder app) =>
        app.MapGet(Path, AnswerAsync).AcceptWriteKeyInBody().LimitItself().Describe(CollectionDocument.Pixel);

    private static async Task<IResult> AnswerAsync(HttpContext http, [AsParameters] CollectionRoutes.Services services, CancellationToken ct)
    {
        // Each time anew, and into pages of any origin.
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        try
        {
            await CollectAsync(http.Request, services, ct);
        }
        catch (ProblemException)
        {
            // Refused, counted where the key is known; an image says nothing of it.
        }
        return Results.Bytes(Pixel, "image/gif");
    }

    private static async Task CollectAsync(HttpRequest request, CollectionRoutes.Services services, CancellationToken ct)
    {
        var data = Decode(request.Query["data"].ToString());
        var call = CallReader.Parse(data);
        await services.Key.EnterAsync(CallReader.Text(call, "writeKey"), ct);
        using var place = services.Queue.TryEnter(data.Length) ?? throw services.Queue.Full();
        var source = CollectionRoutes.SourceOf(services.Key);
        // A batch has no place in an image: it is a type that no call has.
        var type = CallReader.Text(call, "type") ?? (CallReader.Text(call, "event") is null ? "page" : "track");
        await services.Collect.RunAsync(new(source with { PrivacyControl = CollectionRoutes.AsksForPrivacy(request) }, type, call, data.Length, place), ct);
    }

    /// <summary>Both alphabets, with or without the filling; a plus sign that was not escaped came as a space.</summary>
    private static byte[] Decode(string data)
    {
        var text = data.Replace(' ', '-').Replace('+', '-').Replace('/', '_').TrimEnd('=');
        return Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : throw new ProblemException("json_invalid", "Send one JSON object.");
    }
}
