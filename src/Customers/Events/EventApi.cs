using System.ComponentModel;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Api;
using Wellmet.Platform.Purposes;

namespace Wellmet.Customers.Events;

/// <summary>A collected event in the API.</summary>
internal sealed record EventAnswer(
    string Id, CollectedKind Type,
    [property: Description("Name of the event, page or group; names of Segment's e-commerce specification, whatever dialect it came in. Empty for a page without a name.")] string Name,
    Guid CustomerId, Guid SubjectId,
    [property: Description("When it happened, by the corrected clock of the sender.")] DateTimeOffset OccurredAt,
    DateTimeOffset ReceivedAt,
    [property: Description("False for what was told so late that it is history and fires nothing.")] bool Live,
    string MessageId,
    [property: Description("The key under which it came.")] Guid KeyId,
    [property: Description("The storefront of the key; null for a secret key.")] Guid? StorefrontId,
    [property: Description("It came from the shop's own server, or with its proof; false for what any browser may claim.")] bool Trusted,
    [property: Description("Nobody is known behind it.")] bool Anonymous,
    [property: Description("What stands in clear: names of the specification, without anything that looks like a person.")] JsonElement Properties,
    [property: Description("Everything else that was sent. Personal: null without the scope `customers.read_personal`, and where there is nothing.")] JsonElement? PersonalProperties)
{
    public static EventAnswer Of(ListedEvent e) => new(
        e.Id, e.Kind, e.Name, e.CustomerId, e.SubjectId, e.OccurredAt, e.ReceivedAt, e.Live, e.Facts.MessageId, e.Facts.SourceId, e.Facts.StorefrontId, e.Facts.Trusted, e.Facts.Anonymous,
        e.Facts.Properties.Root, e.Personal is null ? null : JsonElement.Parse(e.Personal));
}

/// <summary>Collected events for programs: <c>/v1/events</c>.</summary>
[Uses(Purpose.Service, "the shop's own programs, by a key with the scope")]
internal static class EventApi
{
    private static readonly ApiParameter<Guid?> Customer = ApiParameter.Id("customer_id", "Only the events of this customer.");
    private static readonly ApiParameter<CollectedKind?> Type = ApiParameter.Choice<CollectedKind>("type", "Only events of this call.");
    private static readonly ApiParameter<string?> Name = ApiParameter.Text("name", "Only events of this name, as it stands in the answers.", 200, "Product Viewed");
    private static readonly ApiParameter<DateTimeOffset?> From = ApiParameter.Time("received_from", "Received at this time or after it.");
    private static readonly ApiParameter<DateTimeOffset?> Before = ApiParameter.Time("received_before", "Received before this time.");

    private static readonly DateTimeOffset Then = new(2026, 1, 31, 9, 30, 0, TimeSpan.Zero);
    private static readonly Guid Ann = Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8057");

    private static readonly ApiOperation List = new("list_events", ApiGroups.Events, "List events",
        "The events that were sent to the collection, newest first by when they were received. Calls that only say who somebody is (`identify`, `alias`) are no events. "
        + "A page of rare events may be short, or empty, and still have a next one.")
    {
        Parameters = [Customer, Type, Name, From, Before, ApiParameter.Limit, ApiParameter.Cursor],
        Answer = ApiContent.Of(new ApiPage<EventAnswer>(
        [
            new($"{Ann:N}-17", CollectedKind.Track, "Product Viewed", Ann, Ann, Then, Then.AddSeconds(1), true, "a1", Guid.Parse("01890a5d-ac96-774b-bcce-b302099a805c"), null, true, false,
                JsonElement.Parse("""{"product_id": "85123A", "price": 2.55, "currency": "GBP"}"""), null),
        ], null)),
    };

    public static void MapEventApi(this IEndpointRouteBuilder app) => app.MapGet("/v1/events", async (ApiQuery query, ListEvents list, CancellationToken ct) =>
    {
        var page = await list.RunAsync(new(
            query.Read(Customer), query.Read(Type), query.Read(Name), query.Read(From), query.Read(Before), query.Place(), query.Read(ApiParameter.Limit)), ct);
        return Results.Json(query.Page([.. page.Events.Select(EventAnswer.Of)], page.Next));
    }).RequirePermission(CustomersPermissions.ReadEvents).AcceptKeys().Describe(List);
}
