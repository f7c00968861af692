using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Joining;
using Wellmet.Platform;

namespace Wellmet.Customers.Collection;

/// <summary>
/// Reads calls of the Segment specification. A request that cannot be read, or is too large, is refused as a whole; an event that breaks a rule
/// is refused alone, with its reason.
/// </summary>
internal sealed class CallReader(IdentityProof proofs, CurrentJoinRules rules, TimeProvider time)
{
    private static readonly FrozenDictionary<string, CallType> Types =
        Enum.GetValues<CallType>().ToFrozenDictionary(t => t.ToString(), t => t, StringComparer.OrdinalIgnoreCase);

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = CollectionLimits.Depth };

    /// <exception cref="ProblemException"><c>json_invalid</c>: not one JSON object.</exception>
    public static JsonElement Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            if (JsonElement.Parse(body, Strict) is { ValueKind: JsonValueKind.Object } call)
            {
                return call;
            }
        }
        catch (JsonException e)
        {
            throw new ProblemException("json_invalid", "This is not valid JSON, or nested deeper than {2}: line {0}, byte {1}.", 400,
                (e.LineNumber ?? 0) + 1, (e.BytePositionInLine ?? 0) + 1, CollectionLimits.Depth);
        }
        throw new ProblemException("json_invalid", "Send one JSON object.");
    }

    /// <param name="type">The call that the address names; null for a batch.</param>
    /// <returns>One answer for each event, in their order: read, or refused.</returns>
    /// <exception cref="ProblemException"><c>batch_missing</c>, <c>batch_too_long</c>.</exception>
    public async Task<IReadOnlyList<(IncomingEvent? Event, EventOutcome? Refused)>> ReadAsync(
        CollectionSource source, string? type, JsonElement call, CancellationToken ct)
    {
        var (received, book) = (time.GetUtcNow(), await rules.ReadAsync(ct));
        if (type is not null)
        {
            return [await ReadOneAsync(new Call(source, type, call, default, TimeOf(call, "sentAt"), received, book), ct)];
        }
        if (!call.TryGetProperty("batch", out var batch) || batch.ValueKind != JsonValueKind.Array)
        {
            throw new ProblemException("batch_missing", "Send the events as an array named batch.");
        }
        if (batch.GetArrayLength() > CollectionLimits.EventsPerRequest)
        {
            throw new ProblemException("batch_too_long", "At most {0} events go into one request.", 400, CollectionLimits.EventsPerRequest);
        }
        var read = new List<(IncomingEvent?, EventOutcome?)>(batch.GetArrayLength());
        var context = Object(call, "context");
        var sent = TimeOf(call, "sentAt");
        foreach (var one in batch.EnumerateArray())
        {
            read.Add(one.ValueKind == JsonValueKind.Object
                ? await ReadOneAsync(new Call(source, Text(one, "type"), one, context, TimeOf(one, "sentAt") ?? sent, received, book), ct)
                : (null, new EventOutcome(null, CollectionStatus.Rejected, "event_invalid", "An event is a JSON object.")));
        }
        return read;
    }

    private async Task<(IncomingEvent?, EventOutcome?)> ReadOneAsync(Call call, CancellationToken ct)
    {
        string? messageId = null;
        try
        {
            messageId = Text(call.Body, "messageId");
            return (await EventOfAsync(call, messageId ?? Id.New().ToString("N"), ct), null);
        }
        catch (ProblemException problem)
        {
            return (null, new EventOutcome(Short(messageId), CollectionStatus.Rejected, problem.Code, problem.Message));
        }
        catch (InvalidOperationException)
        {
            return (null, new EventOutcome(null, CollectionStatus.Rejected, "text_invalid", "A name or identifier holds half of a surrogate pair."));
        }
    }

    private async Task<IncomingEvent> EventOfAsync(Call call, string messageId, CancellationToken ct)
    {
        Demand(messageId.Length <= CollectionLimits.MessageId, "message_id_too_long", "messageId has at most {0} characters.", CollectionLimits.MessageId);
        Demand(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(call.Body).Length <= CollectionLimits.EventBytes, "event_too_large", "An event has at most {0} bytes.", CollectionLimits.EventBytes);
        if (call.Type is null || !Types.TryGetValue(call.Type, out var type))
        {
            throw new ProblemException("type_unknown", "type is one of track, identify, page, screen, group, alias.");
        }
        var (properties, traits) = (Object(call.Body, "properties"), Object(call.Body, "traits"));
        Demand(Count(properties) <= CollectionLimits.Properties && Count(traits) <= CollectionLimits.Properties,
            "too_many_properties", "An event has at most {0} properties.", CollectionLimits.Properties);
        var who = await WhoAsync(call, type, ct);
        var name = NameOf(type, call.Body);
        var divided = PropertySplit.Divide(EventContext.Merge(type is CallType.Group ? traits : type is CallType.Track ? ShopEventDialect.Translate(name, properties) : properties, call.Context, call.Body), out var personal);
        return new IncomingEvent(call.Source, who.Trusted, type, messageId, EventClock.OccurredAt(TimeOf(call.Body, "timestamp") ?? TimeOf(call.Body, "originalTimestamp"), call.SentAt, call.ReceivedAt),
            who.UserId, who.AnonymousId, who.LinkedId, name, divided, personal, type is CallType.Identify ? [.. Traits.Of(traits), .. who.Proved] : who.Proved)
        {
            Refused = PrivacySignals.Read(call.Source, Object(call.Body, "context"), call.Context),
            // The shop's server alone says which card or device is an account's: what a page says is signed by nobody.
            Numbers = who.UserId is null || !call.Source.Trusted ? [] : OtherNumbers.Read(call.Book, Object(call.Body, "context"), call.Context),
        };
    }

    /// <summary>
    /// A write key stands in every page, so that anybody can claim to be any user with it: such a claim stays with a visitor of its own until the
    /// shop's server proves it. See docs/api/events.md.
    /// </summary>
    private async Task<Who> WhoAsync(Call call, CallType type, CancellationToken ct)
    {
        string? userId = Identifier(call, "userId", IdentityKind.ExternalId), anonymousId = Identifier(call, "anonymousId", IdentityKind.AnonymousId);
        var proof = await proofs.ReadAsync(call.Source, Text(call.Body, "identityProof") ?? Text(Object(call.Body, "context"), "identityProof") ?? Text(call.Context, "identityProof"), time.GetUtcNow(), ct);
        var trusted = call.Source.Trusted || (proof is not null && (userId is null || userId == proof.UserId));
        userId = trusted ? (proof is not null && !call.Book.Blocked.IsNobody(IdentityKind.ExternalId, proof.UserId) ? proof.UserId : userId) : userId;
        Demand(userId is not null || anonymousId is not null, "identity_missing", "An event needs a userId or an anonymousId that names somebody.");
        if (!trusted)
        {
            return new Who(false, null, anonymousId ?? "claimed:" + userId, null, []);
        }
        var linked = type is CallType.Alias ? Identifier(call, "previousId", IdentityKind.AnonymousId) : anonymousId;
        return userId is null ? new Who(true, null, anonymousId, null, []) : new Who(true, userId, anonymousId, linked, proof?.Traits ?? []);
    }

    private static string NameOf(CallType type, JsonElement body)
    {
        var name = type switch
        {
            CallType.Track => Text(body, "event"),
            CallType.Group => Text(body, "groupId"),
            CallType.Page or CallType.Screen => Text(body, "name") ?? Text(Object(body, "properties"), "name"),
            _ => null,
        };
        name = name is null ? "" : PropertySplit.Clean(name).Trim();
        Demand(type is not CallType.Track || name.Length > 0, "event_missing", "A track call needs the name of the event.");
        Demand(type is not CallType.Group || name.Length > 0, "group_missing", "A group call needs a groupId.");
        Demand(name.Length <= CollectionLimits.Name, "name_too_long", "A name has at most {0} characters.", CollectionLimits.Name);
        return name;
    }

    /// <summary>Null also for what programs send for nobody (0, null, undefined, guest@…), and for what the shop blocks.</summary>
    private static string? Identifier(Call call, string name, IdentityKind kind)
    {
        var id = Text(call.Body, name) is { } text ? PropertySplit.Clean(text).Trim() : null;
        Demand(id is null || id.Length <= CollectionLimits.Identifier, "identifier_too_long", "An identifier has at most {0} characters.", CollectionLimits.Identifier);
        return id is null or "" or "0" || call.Book.Blocked.IsNobody(kind, id) ? null : id;
    }

    internal static JsonElement Object(JsonElement body, string name) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : Empty;

    internal static string? Text(JsonElement body, string name) => body.ValueKind == JsonValueKind.Object ? EventProperties.TextOf(body, name) : null;

    private static readonly JsonElement Empty = JsonElement.Parse("{}");

    private static int Count(JsonElement element) => element.GetPropertyCount();

    private static DateTimeOffset? TimeOf(JsonElement body, string name) =>
        Text(body, name) is { } text && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null;

    private static string? Short(string? text) => text is { Length: > CollectionLimits.MessageId } ? text[..CollectionLimits.MessageId] : text;

    private static void Demand(bool holds, string code, string message, params object[] arguments)
    {
        if (!holds)
        {
            throw new ProblemException(code, message, 400, arguments);
        }
    }

    private sealed record Call(CollectionSource Source, string? Type, JsonElement Body, JsonElement Context, DateTimeOffset? SentAt, DateTimeOffset ReceivedAt, JoinBook Book);

    private sealed record Who(bool Trusted, string? UserId, string? AnonymousId, string? LinkedId, IReadOnlyList<Trait> Proved);
}
