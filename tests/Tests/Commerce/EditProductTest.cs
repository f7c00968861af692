using Wellmet.Commerce.Catalog;
using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Storage;
using Wellmet.Tests.Customers;

namespace Wellmet.Tests.Commerce;

public sealed class EditProductTest
{
    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_a_person_set_is_not_inferred_again(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        const string lines = ImportsInShop.Header + "1,71053,WHITE METAL LANTERN,6,2010-12-01 08:26:00,3.39,17850,UK\n";
        await shop.ImportTextAsync(lines);
        var product = (await shop.UseAsync<ICatalog, IReadOnlyList<ProductLabel>>(c => c.AllAsync(default))).Single();
        (product.Type, product.Kind, product.PriceMinor).ShouldBe((ProductType.Durable, "lantern", 339L));

        await shop.UseAsync<EditProduct>(edit => edit.RunAsync(product.ProductId, new() { Type = ProductType.Consumable, Kind = "lantern", Category = "Lights", Active = true }, default));
        await shop.ImportTextAsync(lines + "2,71053,WHITE METAL LANTERN,6,2010-12-02 08:26:00,3.75,17850,UK\n");

        var details = await shop.UseAsync<ReadProduct, ProductDetails>(read => read.RunAsync(product.ProductId, default));
        (details.Product.Type, details.TypeSource, details.KindSource, details.Product.Category).ShouldBe((ProductType.Consumable, TypeSource.Set, TypeSource.Inferred, "Lights"));
        details.Product.PriceMinor.ShouldBe(375);
        (await shop.Database.ReadAsync(s => s.FirstAsync("select type from commerce_products", null, r => r.Text(0), default), default)).ShouldBe("consumable");
        (details.Sales.Orders, details.Sales.Units).ShouldBe((2, 12));
    }

    [Fact]
    public async Task A_product_that_is_not_there_is_refused()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);

        var problem = await Should.ThrowAsync<ProblemException>(() =>
            shop.UseAsync<EditProduct>(edit => edit.RunAsync(Id.New(), new() { Active = true }, default)));

        problem.Code.ShouldBe("product_unknown");
    }
}
