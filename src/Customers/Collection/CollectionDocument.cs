using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Wellmet.Platform.Api;

namespace Wellmet.Customers.Collection;

/// <summary>An event as <see cref="CallReader"/> reads it, for the API document: the reader itself takes any JSON and says what is wrong with each event.</summary>
internal record CollectedCall
{
    [Description("The call; in a batch only.")] public string? Type { get; init; }
    [Description("The shop's own number of the customer, at most 300 characters. With a write key it needs `identityProof`.")] public string? UserId { get; init; }
    [Description("A number that your page gave to a visitor, at most 300 characters. One of the two ids is needed.")] public string? AnonymousId { get; init; }
    [Description("An event with an id that was accepted in the last 30 days, under the same key, is a duplicate. At most 100 characters.")] public string? MessageId { get; init; }
    [Description("Name of the event; `track` needs it. At most 200 characters.")] public string? Event { get; init; }
    [Description("Name of a page or screen. At most 200 characters.")] public string? Name { get; init; }
    [Description("`group` needs it.")] public string? GroupId { get; init; }
    [Description("For `alias`: the anonymous id that is the same person.")] public string? PreviousId { get; init; }
    [Description("At most 300. Those of Segment's specification stay in clear, the others are sealed.")] public JsonElement? Properties { get; init; }
    [Description("What is said of the person or group. At most 300.")] public JsonElement? Traits { get; init; }
    [Description("Of the browser or program; for a batch it may stand once, beside `batch`.")] public JsonElement? Context { get; init; }
    [Description("When it happened, by the sender's clock.")] public DateTimeOffset? Timestamp { get; init; }
    [Description("When it was sent, by the same clock: with it, a wrong clock does no harm.")] public DateTimeOffset? SentAt { get; init; }
    [Description("JSON Web Token (HS256) that proves `userId`, signed by the shop's server with the secret of the write key.")] public string? IdentityProof { get; init; }
    [Description("A write key, for requests that cannot send a header.")] public string? WriteKey { get; init; }
}

/// <summary>Many events in one request.</summary>
internal sealed record CollectedBatch
{
    [Description("At most 2,500.")] public required IReadOnlyList<CollectedCall> Batch { get; init; }
    [Description("For events that have none of their own.")] public JsonElement? Context { get; init; }
    [Description("For events that have none of their own.")] public DateTimeOffset? SentAt { get; init; }
    [Description("A write key, for requests that cannot send a header.")] public string? WriteKey { get; init; }
}

/// <summary>What the API document says of the collection.</summary>
internal static class CollectionDocument
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private const string About = "At most 500 KB (also unpacked, with `Content-Encoding: gzip`) and 32 KB an event. `accepted` means durable. Each event is answered in its place; one that breaks a rule "
        + "is `rejected` with its `reason` and stops no other. Send a `messageId` with each event: repeating a request with the same ids does nothing twice, so no `Idempotency-Key` is needed. "
        + "A write key may stand in the body as `writeKey`, for `navigator.sendBeacon`; then the content type may be `text/plain`.";

    private static readonly ApiProblem[] Problems =
    [
        new("json_invalid", 400, "The body is not one JSON object, or nested deeper than 32 levels."), new("batch_missing", 400, "A batch has no array `batch`."),
        new("batch_too_long", 400, "More than 2,500 events."), new("request_too_large", 400, "More than 500 KB."), new("encoding_invalid", 400, "The body is not valid gzip."),
        new("encoding_unknown", 415, "An encoding other than gzip."), new("collection_busy", 429, "More arrives than can be kept: send the same events again after `Retry-After`."),
        new("collection_failed", 503, "The events could not be kept: send the same events again."),
    ];

    private static readonly CollectedCall Track = new()
    {
        UserId = "17850", Event = "Product Viewed", MessageId = "a1", Properties = JsonElement.Parse("""{"product_id": "85123A", "price": 2.55, "currency": "GBP"}"""),
    };

    /// <summary>See <see cref="PixelRoute"/>.</summary>
    public static readonly ApiOperation Pixel = new("pixel", ApiGroups.Collection, "Send one event as an image", "For e-mails and pages without scripts. `data` is the JSON of one call as Base64 (either alphabet), with the "
        + "`writeKey` and the `type` in it. The answer is always a GIF of one transparent pixel, which nothing keeps; what is wrong with the event stands in Settings, Events. A fixed `messageId` counts an image once, without one each time it is loaded.")
    {
        Parameters = [ApiParameter.Text("data", "At most about 8 KB, as long as an address may be.", 8000, "eyJ3cml0ZUtleSI6IndtX3dyaXRlX-KApiIsInR5cGUiOiJ0cmFjayIsImFub255bW91c0lkIjoidi03NyIsImV2ZW50IjoiRW1haWwgT3BlbmVkIn0")],
        Answer = ApiContent.Of("GIF89a…") with { MediaType = "image/gif" },
    };

    /// <param name="path">Last part of the address.</param>
    /// <param name="type">The call; null for a batch.</param>
    public static ApiOperation Of(string path, string? type)
    {
        var name = type ?? "batch";
        var summary = type is null ? "Send many events" : $"Send one {type} event";
        return new ApiOperation(path == name ? name : $"{name}_short", ApiGroups.Collection, path == name ? summary : $"{summary} (short name)",
            path == name ? About : $"As `/v1/{name}`, under the name that Segment's library for browsers uses. {About}")
        {
            Body = type is null ? ApiContent.Of(new CollectedBatch { Batch = [Track with { Type = "track" }] }, Format) : ApiContent.Of(ExampleOf(type), Format),
            Answer = ApiContent.Of(new CollectionAnswer(true, [new("a1", "accepted", null, null)]), CollectionAnswer.Format),
            Problems = Problems,
        };
    }

    private static CollectedCall ExampleOf(string type) => type switch
    {
        "identify" => new CollectedCall { UserId = "17850", MessageId = "a2", Traits = JsonElement.Parse("""{"firstName": "Ann", "email": "ann@example.com", "address": {"country": "GB"}}""") },
        "page" or "screen" => new CollectedCall { AnonymousId = "v-77", MessageId = "a3", Name = "Lanterns", Properties = JsonElement.Parse("""{"path": "/lanterns"}""") },
        "group" => new CollectedCall { UserId = "17850", MessageId = "a4", GroupId = "wholesale", Traits = JsonElement.Parse("""{"industry": "retail"}""") },
        "alias" => new CollectedCall { UserId = "17850", MessageId = "a5", PreviousId = "v-77" },
        _ => Track,
    };
}
