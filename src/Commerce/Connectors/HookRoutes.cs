using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Connectors;

/// <summary>Where shop systems send their webhooks. Whoever calls knows no key of ours: the signature over the body counts, and is looked at first.</summary>
internal static class HookRoutes
{
    public const string Path = "/hooks";

    /// <summary>A product of two thousand variants is some megabytes.</summary>
    public const int LargestBody = 5 * 1024 * 1024;

    /// <summary>Of a program whose payloads are read by a mapping.</summary>
    public const int LargestGenericBody = 1024 * 1024;

    public static void MapHooks(this IEndpointRouteBuilder app) => app.MapPost(Path + "/{connection:guid}", TakeAsync).AcceptSignature();

    private static async Task<IResult> TakeAsync(Guid connection, HttpContext http, ConnectionStore connections, TakeDelivery take, CancellationToken ct)
    {
        var open = await connections.OpenAsync(connection, ct);
        if (open.Connection.Settings is { } settings)
        {
            return Answer(await take.RunAsync(new(open, HookProtocol.Read(settings, http.Request.Headers), await BodyAsync(http, LargestGenericBody, ct)), ct));
        }
        var headers = ShopProtocol.Read(open.Connection.System, http.Request.Headers);
        if (ShopProtocol.IsPing(open.Connection.System, headers, http.Request))
        {
            await take.PingAsync(open.Connection, ct);
            return Answer(DeliveryAnswer.Pong);
        }
        return Answer(await take.RunAsync(new(open, headers, await BodyAsync(http, LargestBody, ct)), ct));
    }

    private static IResult Answer(DeliveryAnswer answer) => Results.Json(new { result = EnumText.Of(answer) });

    private static async Task<ReadOnlyMemory<byte>> BodyAsync(HttpContext http, int largest, CancellationToken ct)
    {
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = largest + 1;
        var buffer = new ArrayBufferWriter<byte>((int)Math.Clamp(http.Request.ContentLength ?? 4096, 256, largest + 1));
        for (int read; (read = await http.Request.Body.ReadAsync(buffer.GetMemory(4096), ct)) > 0;)
        {
            buffer.Advance(read);
            if (buffer.WrittenCount > largest)
            {
                throw new ProblemException("request_too_large", "A request has at most {0} bytes.", 413, largest.ToString("N0", CultureInfo.InvariantCulture));
            }
        }
        return buffer.WrittenMemory;
    }
}
