using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Timeline;
using Wellmet.Platform.Access;
using Wellmet.Platform.Api;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Ui;

namespace Wellmet.Customers.Profiles;

/// <summary>Customers for programs: <c>/v1/customers</c>.</summary>
[Uses(Purpose.Service, "the shop's own programs, by a key with the scope")]
internal static class CustomerApi
{
    private static readonly ApiParameter<Guid?> Id = ApiParameter.Id("id", "The customer's id, or that of any of its subjects.") with { InPath = true };
    private static readonly ApiParameter<string?> Email = ApiParameter.Text(
        "email", "The customers with this very e-mail address. Needs the scope `customers.read_personal`.", PersonClaim.MaxLength, "ann@example.com");
    private static readonly ApiParameter<string?> ExternalId = ApiParameter.Text("external_id", "The customer with this number of your shop.", PersonClaim.MaxLength, "17850");
    private static readonly ApiParameter<string?> Country = ApiParameter.Text("country", "As it stands in the answers.", 60, "GB");
    private static readonly ApiParameter<long?> MinOrders = ApiParameter.Number("min_orders", "At least so many orders.", 0, int.MaxValue, "2");
    private static readonly ApiParameter<long?> MaxOrders = ApiParameter.Number("max_orders", "At most so many orders.", 0, int.MaxValue, "10");
    private static readonly ApiParameter<DateTimeOffset?> LastOrderFrom = ApiParameter.Time("last_order_from", "Last order at this time or after it.");
    private static readonly ApiParameter<DateTimeOffset?> LastOrderBefore = ApiParameter.Time("last_order_before", "Last order before this time; customers without orders are not among them.");
    private static readonly ApiParameter<bool> Anonymous = ApiParameter.Flag("anonymous", "Visitors behind whom nobody is known, instead of the customers who are known.");
    private static readonly ApiParameter<CustomerSort?> Sort = ApiParameter.Choice<CustomerSort>("sort", "By what the list is sorted; the default is `last_order`.");
    private static readonly ApiParameter<string?> Direction = ApiParameter.OneOf("direction", "The default is `desc`: newest or largest first.", "desc", "asc");
    private static readonly ApiParameter<string?> Kind = ApiParameter.OneOf("kind", "Only entries of this kind.", [.. TimelineKinds.Codes]);

    private static readonly Guid Ann = Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8057");
    private static readonly DateTimeOffset Then = new(2026, 1, 31, 9, 30, 0, TimeSpan.Zero);
    private static readonly ApiMoney Money = new(12_345, "GBP");
    private static readonly ApiProblem Unknown = new("customer_unknown", 404, "There is no such customer, or nothing is left of them.");

    private static readonly ApiOperation List = new("list_customers", ApiGroups.Customers, "List customers",
        "Customers, page by page. `email` and `external_id` look somebody up: the answer is a list all the same, empty where there is nobody, and may hold several where sources gave one address to several customers.")
    {
        Parameters = [Email, ExternalId, Country, MinOrders, MaxOrders, LastOrderFrom, LastOrderBefore, Anonymous, Sort, Direction, ApiParameter.Limit, ApiParameter.Cursor],
        Answer = ApiContent.Of(new ApiPage<CustomerItem>([new(Ann, "Ann Lee", "ann@example.com", null, "GB", 3, 7, Money, null, Then, Then, Then)], null)),
        Problems = [new("parameters_conflict", 400, "`email` and `external_id` came together.")],
    };

    private static readonly ApiOperation Read = new("read_customer", ApiGroups.Customers, "Read a customer",
        "One customer with identifiers and what was bought. A customer that was merged is answered as the one that it belongs to now.")
    {
        Parameters = [Id],
        Answer = ApiContent.Of(new CustomerAnswer(Ann, [Ann], false, "Ann Lee", "ann@example.com", null, "GB", "en-GB", [new(IdentityKind.ExternalId, "17850", true)],
            [new("GBP", 3, 7, Money, new ApiMoney(0, "GBP"), new ApiMoney(4_115, "GBP"), Then, Then)], Then, null)),
        Problems = [Unknown],
    };

    private static readonly ApiOperation Timeline = new("read_customer_timeline", ApiGroups.Customers, "Read a customer's timeline",
        "What the customer did and what happened to them, newest first. `text` is in the language of `Accept-Language`. A page of a rare kind may be short, or empty, and still have a next one.")
    {
        Parameters = [Id, Kind, ApiParameter.Limit, ApiParameter.Cursor],
        Answer = ApiContent.Of(new ApiPage<TimelineItemAnswer>([new($"{Ann:N}-17", Ann, Then, "order", "Order 536365: 7 items, £123.45", true)], null)),
        Problems = [Unknown],
    };

    public static void MapCustomerApi(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/customers", ListAsync).RequirePermission(CustomersPermissions.Read).AcceptKeys().Describe(List);
        app.MapGet("/v1/customers/{id}", async (ApiQuery query, ReadCustomer read, CurrentActor actor, CancellationToken ct) =>
            Results.Json(CustomerAnswer.Of(await read.RunAsync(query.Read(Id)!.Value, ct), actor.May(CustomersPermissions.ReadPersonal))))
            .RequirePermission(CustomersPermissions.Read).AcceptKeys().Describe(Read);
        app.MapGet("/v1/customers/{id}/timeline", TimelineAsync).RequirePermission(CustomersPermissions.Read).AcceptKeys().Describe(Timeline);
    }

    private static async Task<IResult> ListAsync(ApiQuery query, ListCustomers list, CurrentActor actor, CancellationToken ct)
    {
        var page = await list.RunAsync(new(
            Country: query.Read(Country), MinOrders: query.Read(MinOrders), MaxOrders: query.Read(MaxOrders), LastOrderFrom: query.Read(LastOrderFrom),
            LastOrderBefore: query.Read(LastOrderBefore), Anonymous: query.Read(Anonymous), Sort: query.Read(Sort) ?? CustomerSort.LastOrder,
            Ascending: query.Read(Direction) == "asc", After: query.Place(), Limit: query.Read(ApiParameter.Limit)) { Identifier = IdentifierOf(query) }, ct);
        var personal = actor.May(CustomersPermissions.ReadPersonal);
        return Results.Json(query.Page([.. page.Rows.Select(r => CustomerItem.Of(r, personal))], page.Next));
    }

    private static (IdentityKind, string)? IdentifierOf(ApiQuery query) => (query.Read(Email), query.Read(ExternalId)) switch
    {
        (null, null) => null,
        ({ } email, null) => (IdentityKind.Email, email),
        (null, { } id) => (IdentityKind.ExternalId, id),
        _ => throw new Platform.ProblemException("parameters_conflict", "Send {0} or {1}, not both.", 400, Email.Name, ExternalId.Name) { Parameter = ExternalId.Name },
    };

    private static async Task<IResult> TimelineAsync(ApiQuery query, ReadCustomer read, ReadTimeline timeline, Words words, CancellationToken ct)
    {
        var customer = await read.RunAsync(query.Read(Id)!.Value, ct);
        var page = await timeline.RunAsync(new(customer.CustomerId, query.Read(Kind), query.Place(), query.Read(ApiParameter.Limit)), ct);
        return Results.Json(query.Page([.. page.Lines.Select(l => TimelineItemAnswer.Of(l, words))], page.Next));
    }
}
