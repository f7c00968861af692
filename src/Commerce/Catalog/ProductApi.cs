using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Api;

namespace Wellmet.Commerce.Catalog;

/// <summary>A product in the API.</summary>
internal sealed record ProductAnswer(
    Guid Id, string Sku, string Name,
    [property: Description("How it is used up: a consumable is bought again.")] ProductType Type,
    [property: Description("The noun it is, e.g. `lantern`; products of one kind replace each other.")] string? Kind,
    [property: Description("The shop's own group.")] string? Category,
    [property: Description("What your shop asks for one, else what the latest order paid; null where neither is known.")] ApiMoney? Price,
    [property: Description("False for what is not sold any more.")] bool Active,
    string? Brand,
    [property: Description("Who sells it on your market place; null for your shop itself.")] string? Seller,
    [property: Description("Pieces; 0 is sold out, null where it is not told.")] long? Stock,
    [property: Description("The day from which it is offered; null where it is not told.")] DateOnly? AvailableSince,
    [property: Description("Its picture, by https.")] string? ImageUrl,
    [property: Description("Its page in your shop, by https.")] string? PageUrl,
    ProductAnswer.Sold Sales)
{
    /// <summary>What was sold, cancellations not subtracted.</summary>
    internal sealed record Sold(long Orders, long Units, DateTimeOffset? LastSoldAt)
    {
        public static Sold Of(ProductSales sales) => new(sales.Orders, sales.Units, sales.LastSoldAt);
    }

    public static ProductAnswer Of(ProductRow row) =>
        new(row.ProductId, row.Sku, row.Name, row.Type, row.Kind, row.Category, ApiMoney.Of(row.Price), row.Active, row.Brand, row.Seller, row.Stock,
            row.AvailableSince, row.Links.ImageUrl, row.Links.PageUrl, Sold.Of(row.Sales));

    public static ProductAnswer Of(ProductDetails details)
    {
        var product = details.Product;
        var price = product.PriceMinor is { } minor ? new Money(minor, product.Currency) : (Money?)null;
        return new ProductAnswer(product.ProductId, product.Sku, product.Name, product.Type, product.Kind, product.Category, ApiMoney.Of(price), product.Active,
            product.Brand, product.Seller, product.Stock, details.AvailableSince, details.Links.ImageUrl, details.Links.PageUrl, Sold.Of(details.Sales));
    }
}

/// <summary>Products for programs: <c>/v1/products</c>.</summary>
internal static class ProductApi
{
    private const int LongestCode = 200;

    private static readonly ApiParameter<string?> Id = ApiParameter.Text("id", "The product's id, or its code (SKU).", LongestCode, "85123A") with { InPath = true };
    private static readonly ApiParameter<string?> Q = ApiParameter.Text("q", "Part of the name or of the code.", 100, "lantern");
    private static readonly ApiParameter<ProductType?> Type = ApiParameter.Choice<ProductType>("type", "Only products of this type.");
    private static readonly ApiParameter<ProductSort?> Sort = ApiParameter.Choice<ProductSort>("sort", "By what the list is sorted; the default is `name`. By price, the dearest come first.");

    private static readonly ProductAnswer Example = new(
        Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8058"), "71053", "WHITE METAL LANTERN", ProductType.Durable, "lantern", "Lights", new ApiMoney(339, "GBP"), true, "Acme", null, 12,
        new DateOnly(2026, 1, 31), "https://shop.example/i/71053.jpg", "https://shop.example/p/71053",
        new ProductAnswer.Sold(12, 71, new DateTimeOffset(2026, 1, 31, 9, 30, 0, TimeSpan.Zero)));

    private static readonly ApiOperation List = new("list_products", ApiGroups.Products, "List products", "Products, page by page.")
    {
        Parameters = [Q, Type, Sort, ApiParameter.Limit, ApiParameter.Cursor], Answer = ApiContent.Of(new ApiPage<ProductAnswer>([Example], null)),
    };

    private static readonly ApiOperation Read = new("read_product", ApiGroups.Products, "Read a product", "One product by its id or by its code.")
    {
        Parameters = [Id], Answer = ApiContent.Of(Example), Problems = [new("product_unknown", 404, "There is no such product.")],
    };

    public static void MapProductApi(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/products", async (ApiQuery query, ListProducts list, CancellationToken ct) =>
        {
            var page = await list.RunAsync(new(query.Read(Q), query.Read(Type), null, query.Read(Sort) ?? ProductSort.Name, query.Place(), null, query.Read(ApiParameter.Limit)), ct);
            return Results.Json(query.Page([.. page.Rows.Select(ProductAnswer.Of)], page.Next));
        }).RequirePermission(CommercePermissions.ReadProducts).AcceptKeys().Describe(List);
        app.MapGet("/v1/products/{id}", async (ApiQuery query, ReadProduct read, CancellationToken ct) => Results.Json(ProductAnswer.Of(await read.RunAsync(query.Read(Id)!, ct))))
            .RequirePermission(CommercePermissions.ReadProducts).AcceptKeys().Describe(Read);
    }
}
