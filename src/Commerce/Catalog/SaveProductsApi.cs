using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Api;
using Wellmet.Platform.Idempotency;
using Wellmet.Platform.Ui;

namespace Wellmet.Commerce.Catalog;

/// <summary>What the shop's server says of its products: <c>POST /v1/products</c>.</summary>
internal static class SaveProductsApi
{
    private static readonly ApiOperation Save = new("save_products", ApiGroups.Products, "Add and change products",
        "Up to 500 products, by their codes. A code that is not known yet makes a product and needs a `name`. A field that is left out stays as it is; null clears it: without `type` or `price` it is again what the name says or the latest order paid. "
        + "The newest word counts, whether your server or a person said it; no sale changes any of it. Each row is saved or refused for itself. It holds from the next answer on: what has a `stock` of 0 or becomes available on a later day is not recommended.")
    {
        Body = ApiContent.Of(new ProductsBody(
        [
            new("LAMP-1", "White metal lantern", Category: "Lights", Brand: "Acme", Stock: 12, AvailableSince: new DateOnly(2026, 1, 31), Price: new ApiMoney(1995, "GBP"),
                ImageUrl: "https://shop.example/i/lamp-1.jpg", PageUrl: "https://shop.example/p/lamp-1"),
            new("LAMP-2", Stock: 0),
        ])),
        Answer = ApiContent.Of(new SavedProductsAnswer(
        [
            new("LAMP-1", SaveStatus.Added, Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8058"), null),
            new("LAMP-2", SaveStatus.Refused, null, new ApiRefusal("/problems/name_missing", "That did not work", 422, "A product that is not known yet needs a name, and none can lose it.", "name_missing")),
        ])),
        Problems =
        [
            new("json_unexpected", 400, "The body has a field that is not known, or a value that does not fit; `detail` says where. Within a row: of that row alone."),
            new("products_many", 400, "There is no product, or more than 500."),
        ],
    };

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/v1/products", SaveAsync).RequireKey(CommercePermissions.EditProducts).RequireIdempotencyKey().Describe(Save);

    private static async Task<IResult> SaveAsync(HttpRequest request, IOptions<JsonOptions> json, SaveProducts save, Words words, CancellationToken ct)
    {
        var rows = (await ApiBody.ReadAsync<Rows>(request.Body, json.Value.SerializerOptions, ct)).Products;
        if (rows.Count is 0 or > SaveProducts.Most)
        {
            throw SaveProducts.Many();
        }
        var read = rows.Select((row, at) => ReadRow(row, at, json.Value.SerializerOptions)).ToList();
        var saved = new Queue<SaveProducts.Saved>(await save.RunAsync([.. read.Select(r => r.Said).OfType<SaidProduct>()], ct));
        return Results.Json(new SavedProductsAnswer([.. read.Select(r => AnswerOf(r.Said is null ? new SaveProducts.Saved(r.Sku, null, false, r.Problem) : saved.Dequeue(), words))]));
    }

    private static SavedProductsAnswer.Row AnswerOf(SaveProducts.Saved saved, Words words) => new(
        saved.Sku, saved.Problem is not null ? SaveStatus.Refused : saved.IsNew ? SaveStatus.Added : SaveStatus.Saved, saved.ProductId, saved.Problem is { } problem ? ApiRefusal.Of(problem, words) : null);

    /// <summary>A row that is not what it should be is refused for itself.</summary>
    private static (string Sku, SaidProduct? Said, ProblemException? Problem) ReadRow(JsonElement row, int at, JsonSerializerOptions format)
    {
        try
        {
            var body = row.Deserialize<ProductBody>(format) ?? throw new JsonException(null, "$", null, null);
            return (body.Sku, new SaidProduct(body.Sku, FactsOf(body, row)), null);
        }
        catch (JsonException e)
        {
            var sku = row.ValueKind == JsonValueKind.Object && row.TryGetProperty("sku", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString()! : "";
            return (sku.Length <= SaidProduct.LongestSku ? sku : "", null, ApiBody.Unexpected($"$.products[{at}]{(e.Path ?? "$")[1..]}"));
        }
    }

    private static ProductFacts FactsOf(ProductBody body, JsonElement row)
    {
        return new ProductFacts
        {
            Name = Told("name", body.Name), Type = Told("type", body.Type), Kind = Told("kind", body.Kind), Category = Told("category", body.Category), Brand = Told("brand", body.Brand),
            Seller = Told("seller", body.Seller), Stock = Told("stock", body.Stock), AvailableSince = Told("available_since", body.AvailableSince),
            Price = Told("price", body.Price is { } price ? new Money(price.AmountMinor, price.Currency) : (Money?)null), Active = Told("active", body.Active ?? true),
            ImageUrl = Told("image_url", body.ImageUrl), PageUrl = Told("page_url", body.PageUrl),
        };

        Told<T> Told<T>(string name, T value) => row.TryGetProperty(name, out _) ? value : default(Told<T>);
    }

    /// <summary>The body as it is read: each row for itself.</summary>
    private sealed record Rows(IReadOnlyList<JsonElement> Products);
}

/// <param name="Products">1 to 500.</param>
internal sealed record ProductsBody(IReadOnlyList<ProductBody> Products);

/// <param name="Sku">The product's code.</param>
internal sealed record ProductBody(
    string Sku, string? Name = null, ProductType? Type = null, string? Kind = null, string? Category = null, string? Brand = null, string? Seller = null, long? Stock = null, DateOnly? AvailableSince = null,
    ApiMoney? Price = null, bool? Active = null, string? ImageUrl = null, string? PageUrl = null);

/// <summary>What became of a row.</summary>
internal enum SaveStatus
{
    Added,
    Saved,
    Refused,
}

/// <param name="Products">One for each row, in their order.</param>
internal sealed record SavedProductsAnswer(IReadOnlyList<SavedProductsAnswer.Row> Products)
{
    /// <param name="Id">Null where it was refused.</param>
    /// <param name="Problem">Why it was refused; else null.</param>
    internal sealed record Row(string Sku, SaveStatus Status, Guid? Id, ApiRefusal? Problem);
}
