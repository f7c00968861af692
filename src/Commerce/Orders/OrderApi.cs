using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Api;
using Wellmet.Platform.Purposes;

namespace Wellmet.Commerce.Orders;

/// <summary>Orders for programs: <c>/v1/orders</c>.</summary>
[Uses(Purpose.Service, "the shop's own programs, by a key with the scope")]
internal static class OrderApi
{
    private static readonly ApiParameter<Guid?> Id = ApiParameter.Id("id", "The order's id.") with { InPath = true };
    private static readonly ApiParameter<string?> Number = ApiParameter.Text("number", "The whole number of the order, as the shop gave it.", 100, "536365");
    private static readonly ApiParameter<Guid?> Customer = ApiParameter.Id("customer_id", "Only the orders of this customer.");
    private static readonly ApiParameter<Guid?> Product = ApiParameter.Id("product_id", "Only orders that hold this product.");
    private static readonly ApiParameter<Guid?> Storefront = ApiParameter.Id("storefront_id", "Only orders of this storefront.");
    private static readonly ApiParameter<OrderState?> State = ApiParameter.Choice<OrderState>("state", "How far it has come.");
    private static readonly ApiParameter<OrderKind?> Kind = ApiParameter.Choice<OrderKind>("kind", "`adjustment` for corrections of the books instead of sales.");
    private static readonly ApiParameter<string?> Country = ApiParameter.Text("country", "As it stands in the answers.", 60, "GB");
    private static readonly ApiParameter<string?> Currency = ApiParameter.Text("currency", "ISO 4217 code.", 3, "GBP");
    private static readonly ApiParameter<DateOnly?> From = ApiParameter.Day("from", "Placed on this day or after it, by the storefront's time zone, as the figures count.");
    private static readonly ApiParameter<DateOnly?> To = ApiParameter.Day("to", "Placed on this day or before it.");
    private static readonly ApiParameter<string?> Buyers = ApiParameter.OneOf("buyers", "Only orders of customers who are known, or only the others.", "known", "anonymous");

    private static readonly DateTimeOffset Then = new(2026, 1, 31, 9, 30, 0, TimeSpan.Zero);
    private static readonly OrderItem Example = new(
        Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8059"), "536365", Guid.Parse("01890a5d-ac96-774b-bcce-b302099a805a"), Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8057"),
        Then, "GB", OrderKind.Sale, OrderState.Delivered, 6, new ApiMoney(2_034, "GBP"), ToldBy.Import);

    private static readonly ApiOperation List = new("list_orders", ApiGroups.Orders, "List orders", "Orders, newest first, page by page.")
    {
        Parameters = [Number, Customer, Product, Storefront, State, Kind, Country, Currency, From, To, Buyers, ApiParameter.Limit, ApiParameter.Cursor],
        Answer = ApiContent.Of(new ApiPage<OrderItem>([Example], null)),
    };

    private static readonly ApiOperation Read = new("read_order", ApiGroups.Orders, "Read an order", "One order with its lines, shipments, returns and cancellations.")
    {
        Parameters = [Id],
        Answer = ApiContent.Of(new OrderAnswer(
            Example, [new("71053", "WHITE METAL LANTERN", Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8058"), LineKind.Product, 6, 6, new ApiMoney(339, "GBP"), new ApiMoney(2_034, "GBP"))],
            [new(Guid.Parse("01890a5d-ac96-774b-bcce-b302099a805b"), "DHL", null, Then.AddDays(3), Then, Then.AddDays(2))], [], [])),
        Problems = [new("order_unknown", 404, "There is no such order.")],
    };

    public static void MapOrderApi(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/orders", ListAsync).RequirePermission(CommercePermissions.ReadOrders).AcceptKeys().Describe(List);
        app.MapGet("/v1/orders/{id}", async (ApiQuery query, ReadOrder read, CancellationToken ct) => Results.Json(OrderAnswer.Of(await read.RunAsync(query.Read(Id)!.Value, ct))))
            .RequirePermission(CommercePermissions.ReadOrders).AcceptKeys().Describe(Read);
    }

    private static async Task<IResult> ListAsync(ApiQuery query, ListOrders list, ICustomers customers, CancellationToken ct)
    {
        var sales = new SalesQuery(query.Read(Number), query.Read(Country), query.Read(From), query.Read(To))
        {
            Anonymous = query.Read(Buyers) switch { "known" => false, "anonymous" => true, _ => null },
            Storefront = query.Read(Storefront), Currency = query.Read(Currency), After = query.Place(), Limit = query.Read(ApiParameter.Limit),
            Subjects = query.Read(Customer) is { } subject ? await customers.SubjectsOfAsync((await customers.CustomersOfAsync([subject], ct))[subject], ct) : null,
        };
        var page = await list.RunAsync(new(sales, query.Read(State), query.Read(Kind) == OrderKind.Adjustment, query.Read(Product)), ct);
        return Results.Json(query.Page([.. page.Rows.Select(OrderItem.Of)], page.Next));
    }
}
