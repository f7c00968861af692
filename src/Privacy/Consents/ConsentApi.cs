using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Wellmet.Platform.Access;
using Wellmet.Platform.Api;
using Wellmet.Platform.Idempotency;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Security;
using Wellmet.Privacy.Confirmations;
using Wellmet.Privacy.Contract;

namespace Wellmet.Privacy.Consents;

/// <summary>Consents for programs: <c>/v1/consents</c> and <c>/v1/customers/{id}/consents</c>.</summary>
[Uses(Purpose.Service, "the shop's own programs, by a key with the scope")]
internal static class ConsentApi
{
    private static readonly Guid Ann = Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8057");
    private static readonly DateTimeOffset Then = new(2026, 1, 31, 9, 30, 0, TimeSpan.Zero);
    private static readonly ApiParameter<Guid?> Id = ApiParameter.Id("id", "The customer's id, or that of any of its subjects.") with { InPath = true };

    private static readonly ApiOperation Record = new("record_consents", ApiGroups.Consents, "Record consents",
        "What people said to your shop, with the proof. Records only grow: a withdrawal is a record, too. Whoever was never seen before appears with their record.")
    {
        Body = ApiContent.Of(new ConsentsBody([new(Purpose.Marketing, ConsentDecision.Given, Email: "ann@example.com", Channel: Channel.Email, Source: ConsentSource.Form, Method: "checkbox",
            Wording: "Yes, send me news by e-mail.", WordingVersion: "2026-01", Language: "en", Place: "https://shop.example/newsletter", Ip: "203.0.113.7")])),
        Status = StatusCodes.Status201Created,
        Answer = ApiContent.Of(new ConsentsAnswer([new(Ann, Ann, "accepted", null)])),
        Problems =
        [
            new("json_unexpected", 400, "The body has a field that is not known, or a value that does not fit; `detail` says where."),
            new("consents_missing", 400, "`consents` is empty."), new("consents_many", 400, "More than 100 records came."),
            new("consent_person_unclear", 400, "Not exactly one of `customer_id`, `user_id`, `email` and `phone` names the person."),
            new("consent_field_invalid", 400, "A field has a value that is not taken from programs."), new("consent_purpose_invalid", 400, "Nobody consents to this purpose."),
            new("consent_channel_missing", 400, "A consent to advertising or measuring is for one channel."), new("consent_address_missing", 400, "A consent to e-mail, SMS or calls is for an address."),
            new("consent_address_unexpected", 400, "This channel has no addresses."), new("consent_proof_missing", 400, "Neither `wording` nor `evidence` came with a consent."),
            new("consent_time_invalid", 400, "`occurred_at` is in the future or before 1995."), new("consent_text_long", 400, "A text is too long; `detail` says how long it may be."),
            new("customer_unknown", 404, "There is no such customer, or they were erased."),
        ],
    };

    private static readonly ApiOperation Read = new("read_consents", ApiGroups.Consents, "Read a customer's consents", "What is allowed now, and all that the customer ever said.")
    {
        Parameters = [Id],
        Answer = ApiContent.Of(new CustomerConsentsAnswer(Ann, "GB", [new(Purpose.Marketing, Channel.Email, "ann@example.com", true, "consent")],
            [new(Ann, Purpose.Marketing, Channel.Email, ConsentDecision.Given, Then, Then, ConsentSource.Form, "checkbox", "Yes, send me news by e-mail.", "2026-01", "en", "ann@example.com",
                "https://shop.example/newsletter", "203.0.113.0/24", null, null, null)])),
        Problems = [new("customer_unknown", 404, "There is no such customer, or they were erased.")],
    };

    public static void MapConsentApi(this IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/consents", RecordAsync).RequireKey(PrivacyPermissions.Write).RequireIdempotencyKey().Describe(Record);
        app.MapGet("/v1/customers/{id}/consents", async (ApiQuery query, ReadConsents read, CancellationToken ct) =>
            Results.Json(CustomerConsentsAnswer.Of(await read.RunAsync(query.Read(Id)!.Value, ct)))).RequirePermission(PrivacyPermissions.Read).AcceptKeys().Describe(Read);
    }

    private static async Task<IResult> RecordAsync(
        HttpRequest request, IOptions<JsonOptions> json, RecordConsents record, ConfirmationTokens tokens, WebOptions web, TimeProvider time, CancellationToken ct)
    {
        var body = await ApiBody.ReadAsync<ConsentsBody>(request.Body, json.Value.SerializerOptions, ct);
        if (body.Consents.Contains(null!))
        {
            throw ApiBody.Unexpected("$");
        }
        var now = time.GetUtcNow();
        var recorded = await record.RunAsync(new([.. body.Consents.Select(c => c.Read(now))]), ct);
        var key = await tokens.OpenAsync(ct);
        return Results.Json(new ConsentsAnswer([.. recorded.Consents.Select(c => new ConsentsAnswer.Item(c.ConsentId, c.CustomerId, "accepted",
            c.ConfirmationId is { } id ? web.Link(ConfirmationRoutes.Of(key.Of(id))) : null))]), statusCode: StatusCodes.Status201Created);
    }
}
