using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wellmet.Insights.Contract;
using Wellmet.Insights.Home;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Access;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Ui;

namespace Wellmet.Insights.Buyers;

/// <summary>What the address of the list asks for.</summary>
/// <param name="Kind">all, repeat, new or returning.</param>
public sealed record BuyersQuery(string? Kind, string? From, string? To, string? Storefront, string? After, string? Before)
{
    internal BuyerKind Chosen => EnumText.TryRead<BuyerKind>(Kind, out var kind) ? kind : BuyerKind.All;

    internal HomeQuery Period => new(null, From, To, null, Storefront);
}

/// <summary>The addresses of the customers behind a figure.</summary>
[Uses(Purpose.Service, "shows staff the customers behind a figure; the file asks")]
internal static class BuyerRoutes
{
    public const string Path = "/console/insights/customers";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Path, ShowAsync).RequirePermission(InsightsPermissions.Read);
        app.MapGet(Path + ".csv", CsvAsync).RequirePermission(InsightsPermissions.Read);
    }

    private static async Task<IResult> ShowAsync([AsParameters] BuyersQuery query, ChoosePeriod choose, ListBuyers list, CancellationToken ct)
    {
        var choice = await choose.RunAsync(query.Period, ct);
        var page = choice is null ? new ListBuyers.Page([], null, null, 0) : await list.RunAsync(new(choice.Scope, query.Chosen, query.After, query.Before), ct);
        return Html.Page<BuyersPage>(new { Page = page, Kind = query.Chosen, Range = choice?.Scope.Range });
    }

    private static async Task<IResult> CsvAsync([AsParameters] BuyersQuery query, ChoosePeriod choose, ExportBuyers export, CancellationToken ct)
    {
        var choice = await choose.RunAsync(query.Period, ct);
        return Results.Stream(stream => export.RunAsync(new(choice?.Scope, query.Chosen), stream, ct), "text/csv; charset=utf-8", "customers.csv");
    }
}
