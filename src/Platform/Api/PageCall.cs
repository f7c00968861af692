using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Wellmet.Platform.Access.Keys;
using Wellmet.Platform.Security;

namespace Wellmet.Platform.Api;

/// <summary>
/// What a page of the shop posts: JSON in camelCase with the public write key in it (<c>writeKey</c>) where no header carries one, as plain text, so that the browser asks nothing beforehand
/// (CORS). For routes of <see cref="Access.RouteAccess.AcceptWriteKeyInBody"/>.
/// </summary>
public static class PageCall
{
    private const int Longest = 16 * 1024;

    /// <summary>As pages write to the collection, too; a field that is not known is refused.</summary>
    public static readonly JsonSerializerOptions Format = FormatOf();

    /// <summary>What any such call may be answered, for the API document.</summary>
    public static readonly IReadOnlyList<ApiProblem> Problems =
    [
        new("json_unexpected", 400, "The body has a field that is not known, or a value that does not fit; `detail` says where."), new("request_too_large", 400, "More than 16 KB."),
    ];

    /// <summary>Enters with the key, then reads. Who has no key learns no more than that, whatever the body holds.</summary>
    /// <exception cref="ProblemException"><c>key_missing</c>, <c>key_refused</c> (401), <c>request_too_large</c>, <c>json_unexpected</c>.</exception>
    public static async Task<T> ReadAsync<T>(HttpRequest request, CurrentKey key, CancellationToken ct) where T : class
    {
        var body = await BodyAsync(request, ct);
        await key.EnterAsync(KeyIn(body), ct);
        return await ApiBody.ReadAsync<T>(new MemoryStream(body ?? throw new ProblemException("request_too_large", "A request has at most {0} bytes.", 400, Longest)), Format, ct);
    }

    /// <summary>Whether the browser asks that its user is not profiled (Global Privacy Control).</summary>
    public static bool AsksForPrivacy(HttpRequest request) => request.Headers["Sec-GPC"] == "1";

    /// <summary>Read loosely: a mistake elsewhere in the body is told to who has a key.</summary>
    private static string? KeyIn(byte[]? body)
    {
        try
        {
            return body is not null && JsonElement.Parse(body) is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty("writeKey", out var key) && key.ValueKind == JsonValueKind.String ? key.GetString() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON, or a text that is none.
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

    private static JsonSerializerOptions FormatOf()
    {
        var format = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        SecurityDefaults.Harden(format);
        format.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        return format;
    }
}
