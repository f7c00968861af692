using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Wellmet.Commerce.Contract;
using Wellmet.Commerce.Returns;
using Wellmet.Commerce.Shipments;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Downloads;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Ui;

namespace Wellmet.Commerce.Orders;

[Uses(Purpose.Service, "shows staff whose an order is")]
internal static class OrderRoutes
{
    public const string Path = "/console/orders", CancellationsPath = Path + "/cancellations";
    private const int PageSize = 50;
    private const string FieldPrefix = "quantity.";

    public static void MapOrders(this IEndpointRouteBuilder app)
    {
        app.MapGet(Path, async ([AsParameters] OrderFilter filter, ListOrders list, CancellationToken ct) =>
            Html.Page<OrdersConsole>(new { Page = await list.RunAsync(filter.Orders(PageSize, null), ct), Filter = filter })).RequirePermission(CommercePermissions.ReadOrders);
        app.MapGet(Path + ".csv", Csv).RequirePermission(CommercePermissions.ReadOrders);
        app.MapGet(CancellationsPath, async ([AsParameters] OrderFilter filter, ListCancellations list, CancellationToken ct) =>
            Html.Page<CancellationsConsole>(new { Page = await list.RunAsync(filter.Sales(PageSize, null), ct), Filter = filter })).RequirePermission(CommercePermissions.ReadOrders);
        app.MapGet(CancellationsPath + ".csv", CancellationsCsv).RequirePermission(CommercePermissions.ReadOrders);
        app.MapGet(Path + "/{id:guid}", async (Guid id, ReadOrder read, CancellationToken ct) => Html.Page<OrderPage>(new { Details = await read.RunAsync(id, ct) }))
            .RequirePermission(CommercePermissions.ReadOrders);
        var acts = app.MapGroup(Path + "/{id:guid}").RequirePermission(CommercePermissions.EditOrders);
        acts.MapPost("/shipments", ShipAsync);
        acts.MapPost("/shipments/{shipment:guid}/delivered", DeliverAsync);
        acts.MapPost("/returns", ReturnAsync);
        acts.MapPost("/cancellations", CancelAsync);
    }

    private static IResult Csv([AsParameters] OrderFilter filter, ListOrders list, CsvDownload download, CancellationToken ct) =>
        download.Result("orders.csv", new CsvList<OrderRow>(
            ["number", "placed_at", "state", "country", "items", "revenue", "currency"],
            o => [o.Number, o.PlacedAt, EnumText.Of(o.State), o.Country, o.Items, o.Revenue, o.Revenue.Currency],
            async (after, limit) =>
            {
                var page = await list.RunAsync(filter.FromTheBeginning.Orders(limit, after), ct);
                return (page.Rows, page.Next);
            }), ct);

    private static IResult CancellationsCsv([AsParameters] OrderFilter filter, ListCancellations list, CsvDownload download, CancellationToken ct) =>
        download.Result("cancellations.csv", new CsvList<CancellationRow>(
            ["number", "cancelled_at", "order", "country", "items", "amount", "currency"],
            c => [c.Number, c.PlacedAt, c.OrderNumber, c.Country, c.Items, c.Amount, c.Amount.Currency],
            async (after, limit) =>
            {
                var page = await list.RunAsync(filter.FromTheBeginning.Sales(limit, after), ct);
                return (page.Rows, page.Next);
            }), ct);

    private static async Task<IResult> ShipAsync(Guid id, [FromForm] string? carrier, [FromForm] string? tracking, [FromForm] string? promised, RecordShipment ship, CancellationToken ct)
    {
        var day = DateOnly.TryParseExact(promised, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var named) ? named : (DateOnly?)null;
        await ship.RunAsync(new(id, carrier, tracking, day is { } d ? new DateTimeOffset(d, new TimeOnly(12, 0), TimeSpan.Zero) : null), ct);
        return Results.LocalRedirect($"{Path}/{id}");
    }

    private static async Task<IResult> DeliverAsync(Guid id, Guid shipment, RecordDelivery deliver, CancellationToken ct)
    {
        await deliver.RunAsync(id, shipment, ct);
        return Results.LocalRedirect($"{Path}/{id}");
    }

    private static Task<IResult> ReturnAsync(Guid id, HttpContext http, RecordReturn take, ReadOrder read, Words words, CancellationToken ct) =>
        ActAsync(id, http, form => take.RunAsync(new(id, form["reason"].ToString(), Items(form)), ct), read, words, ct);

    private static Task<IResult> CancelAsync(Guid id, HttpContext http, CancelItems cancel, ReadOrder read, Words words, CancellationToken ct) =>
        ActAsync(id, http, form => cancel.RunAsync(new(id, Items(form)), ct), read, words, ct);

    private static async Task<IResult> ActAsync(Guid id, HttpContext http, Func<IFormCollection, Task> act, ReadOrder read, Words words, CancellationToken ct)
    {
        try
        {
            await act(await http.Request.ReadFormAsync(ct));
            return Results.LocalRedirect($"{Path}/{id}");
        }
        catch (ProblemException problem) when (problem.Status == StatusCodes.Status422UnprocessableEntity)
        {
            return Html.Page<OrderPage>(new { Details = await read.RunAsync(id, ct), Error = words.Problem(problem) }, problem.Status);
        }
    }

    /// <summary>Fields are called <c>quantity.SKU</c>.</summary>
    private static List<ItemQuantity> Items(IFormCollection form) =>
        [.. form.Where(f => f.Key.StartsWith(FieldPrefix, StringComparison.Ordinal))
            .Select(f => new ItemQuantity(f.Key[FieldPrefix.Length..], long.TryParse(f.Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var quantity) ? quantity : 0))];
}
