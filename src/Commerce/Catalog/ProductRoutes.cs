using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wellmet.Commerce.Contract;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Access;
using Wellmet.Platform.Downloads;
using Wellmet.Platform.Ui;

namespace Wellmet.Commerce.Catalog;

internal static class ProductRoutes
{
    public const string Path = "/console/products";

    public static void MapProducts(this IEndpointRouteBuilder app)
    {
        app.MapGet(Path, async ([AsParameters] Filter filter, ListProducts list, CancellationToken ct) =>
            Html.Page<ProductsConsole>(new { Page = await list.RunAsync(filter.Request(50), ct), filter.Q, filter.Type })).RequirePermission(CommercePermissions.ReadProducts);
        app.MapGet(Path + ".csv", Csv).RequirePermission(CommercePermissions.ReadProducts);
        app.MapGet(Path + "/{id:guid}", async (Guid id, ReadProduct read, CancellationToken ct) => Html.Page<ProductPage>(new { Details = await read.RunAsync(id, ct) }))
            .RequirePermission(CommercePermissions.ReadProducts);
        app.MapPost(Path + "/{id:guid}", EditAsync).RequirePermission(CommercePermissions.EditProducts);
    }

    private static IResult Csv([AsParameters] Filter filter, ListProducts list, CsvDownload download, CancellationToken ct) =>
        download.Result("products.csv", new CsvList<ProductRow>(
            ["sku", "name", "type", "kind", "category", "price", "currency", "orders", "units", "active", "brand", "seller", "stock", "available_since"],
            p => [p.Sku, p.Name, EnumText.Of(p.Type), p.Kind, p.Category, p.Price, p.Price?.Currency, p.Sales.Orders, p.Sales.Units, p.Active ? "true" : "false", p.Brand, p.Seller, p.Stock, ProductForm.Day(p.AvailableSince)],
            async (after, limit) =>
            {
                var page = await list.RunAsync(filter.Request(limit) with { After = after, Before = null }, ct);
                return (page.Rows, page.Next);
            }), ct);

    private static async Task<IResult> EditAsync(Guid id, [AsParameters] ProductForm form, EditProduct edit, HttpContext http, Words words, CancellationToken ct)
    {
        await edit.RunAsync(id, form.ToFacts(), ct);
        new Toast(words["Saved"]).Send(http);
        return Results.LocalRedirect($"{Path}/{id}");
    }

    /// <summary>The query of the address.</summary>
    internal sealed record Filter(string? Q, string? Type, Guid? Category, string? Sort, string? After, string? Before)
    {
        public ListProducts.Request Request(int limit) => new(
            Q, EnumText.TryRead<ProductType>(Type, out var type) ? type : null, Category,
            EnumText.TryRead<ProductSort>(Sort?.TrimStart('-'), out var sort) ? sort : ProductSort.Name, After, Before, limit);
    }
}
