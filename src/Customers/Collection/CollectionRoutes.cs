using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wellmet.Customers.Events;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Keys;
using Wellmet.Platform.Api;
using Wellmet.Platform.Security;

namespace Wellmet.Customers.Collection;

/// <summary>
/// The collection API, compatible with Segment's: each event has its own answer, in the order of the request. The request as a whole is refused only
/// where it cannot be read (400), has no valid key (401), or more arrives than can be kept (429).
/// </summary>
internal static class CollectionRoutes
{
    /// <summary>Calls by their names, and by the short ones that Segment's library for browsers uses.</summary>
    private static readonly (string Path, string? Type)[] Calls =
    [
        ("batch", null), ("track", "track"), ("identify", "identify"), ("page", "page"), ("screen", "screen"), ("group", "group"), ("alias", "alias"),
        ("b", null), ("t", "track"), ("i", "identify"), ("p", "page"), ("s", "screen"), ("g", "group"), ("a", "alias"),
    ];

    public static void MapCollection(this IEndpointRouteBuilder app)
    {
        foreach (var (path, type) in Calls)
        {
            app.MapPost($"/v1/{path}", (HttpContext http, [AsParameters] Services services, CancellationToken ct) => CollectAsync(type, http, services, ct))
                .RequireKey(AccessPermissions.WriteEvents).AcceptWriteKeyInBody().LimitItself().Describe(CollectionDocument.Of(path, type));
        }
        app.MapPixel();
    }

    private static async Task<IResult> CollectAsync(string? type, HttpContext http, Services services, CancellationToken ct)
    {
        var key = services.Key;
        using var place = services.Queue.TryEnter(http.Request.ContentLength);
        if (place is null)
        {
            // Refusing has to be cheap just when there is too much to do: no exception.
            return new ProblemResult(services.Queue.Full());
        }
        var body = await BodyAsync(http.Request, ct);
        IReadOnlyList<EventOutcome> outcomes;
        try
        {
            var call = await EnterAsync(body, key, ct);
            outcomes = await services.Collect.RunAsync(new(SourceOf(key) with { PrivacyControl = AsksForPrivacy(http.Request) }, type, call, body.Length, place), ct);
        }
        catch (ProblemException problem) when (problem.Status == StatusCodes.Status400BadRequest && key.Id is not null)
        {
            services.Watch.Refuse(SourceOf(key), type, problem);
            throw;
        }
        return Results.Json(new CollectionAnswer(true, [.. outcomes.Select(CollectedAnswer.Of)]), CollectionAnswer.Format);
    }

    /// <summary>Global Privacy Control.</summary>
    internal static bool AsksForPrivacy(HttpRequest request) => request.Headers["Sec-GPC"] == "1";

    internal sealed record Services(CollectEvents Collect, CollectionQueue Queue, EventWatch Watch, CurrentKey Key);

    internal static CollectionSource SourceOf(CurrentKey key) => new(key.Id!.Value, key.SiteId, Trusted: key.Kind == AccessKeyKind.Secret);

    /// <summary>A caller without a key learns no more than that, whatever the body holds.</summary>
    private static async Task<JsonElement> EnterAsync(ReadOnlyMemory<byte> body, CurrentKey key, CancellationToken ct)
    {
        try
        {
            var call = CallReader.Parse(body.Span);
            await key.EnterAsync(CallReader.Text(call, "writeKey"), ct);
            return call;
        }
        catch (ProblemException invalid) when (invalid.Status == StatusCodes.Status400BadRequest)
        {
            await key.EnterAsync(null, ct);
            throw;
        }
    }

    /// <summary>The whole body, unpacked where it is gzip, and never more than a request may have.</summary>
    private static async Task<ReadOnlyMemory<byte>> BodyAsync(HttpRequest request, CancellationToken ct)
    {
        var packed = request.Headers.ContentEncoding.ToString().Equals("gzip", StringComparison.OrdinalIgnoreCase);
        if (request.Headers.ContentEncoding.Count > 0 && !packed)
        {
            throw new ProblemException("encoding_unknown", "Send the events as they are, or packed with gzip.", 415);
        }
        await using var gzip = packed ? new GZipStream(request.Body, CompressionMode.Decompress, leaveOpen: true) : null;
        Stream body = gzip is null ? request.Body : gzip;
        var buffer = new ArrayBufferWriter<byte>((int)Math.Clamp(request.ContentLength ?? 4096, 256, CollectionLimits.RequestBytes + 1));
        try
        {
            for (int read; (read = await body.ReadAsync(buffer.GetMemory(4096), ct)) > 0;)
            {
                buffer.Advance(read);
                if (buffer.WrittenCount > CollectionLimits.RequestBytes)
                {
                    throw new ProblemException("request_too_large", "A request has at most {0} bytes.", 400, CollectionLimits.RequestBytes.ToString("N0", CultureInfo.InvariantCulture));
                }
            }
        }
        catch (InvalidDataException)
        {
            throw new ProblemException("encoding_invalid", "The body is not valid gzip.");
        }
        return buffer.WrittenMemory;
    }
}
