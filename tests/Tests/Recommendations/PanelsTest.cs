using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Wellmet.Platform.Access;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Storage;

namespace Wellmet.Tests.Recommendations;

/// <summary>What other modules' pages show.</summary>
public sealed class PanelsTest
{
    [Fact]
    public async Task The_product_page_shows_the_bundle_with_its_price_and_the_customer_page_what_to_offer()
    {
        var storage = TestShop.NewStorage(Engine.Sqlite);
        await using var shop = await GiftShop.OpenAsync(Engine.Sqlite, storage: storage);
        await shop.TrainAsync();
        await using var web = await WebShop.OpenAsync(storage: storage);

        var product = await RenderAsync(web, "product.main", new() { ["ProductId"] = await shop.ProductAsync("A0") });
        var lonely = await RenderAsync(web, "product.main", new() { ["ProductId"] = await shop.ProductAsync("Z") });
        var subject = await shop.CustomerAsync(1057);
        var customer = await RenderAsync(web, "customer.side", new() { ["CustomerId"] = subject, ["Subjects"] = (IReadOnlyList<Guid>)[subject] });

        product.ShouldContain("B0 PRODUCT");
        product.ShouldContain("£5.00", Case.Sensitive, "A0 and B0 together");
        product.ShouldContain($"Bought together in {GiftShop.PerTaste} orders");
        product.ShouldContain("E0 PRODUCT");
        lonely.ShouldContain("Too few orders hold this product");
        lonely.ShouldContain("Too few customers bought this product");
        customer.ShouldMatch("Because you bought (A0 PRODUCT and B0|B0 PRODUCT and A0) PRODUCT");
    }

    private static async Task<string> RenderAsync(WebShop web, string place, Dictionary<string, object?> parameters)
    {
        var text = "";
        await web.UseAsync<IServiceProvider>(async services =>
        {
            services.GetRequiredService<IHttpContextAccessor>().HttpContext = new DefaultHttpContext { RequestServices = services };
            services.GetRequiredService<CurrentActor>().Value = Actor.System;
            await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
            text = await renderer.Dispatcher.InvokeAsync(async () =>
            {
                var html = "";
                foreach (var panel in services.GetRequiredService<ModuleCatalog>().PanelsAt(place).Where(p => p.Component.Assembly == typeof(Wellmet.Recommendations.RecommendationsModule).Assembly))
                {
                    html += (await renderer.RenderComponentAsync(panel.Component, ParameterView.FromDictionary(parameters))).ToHtmlString();
                }
                return html;
            });
        });
        return System.Net.WebUtility.HtmlDecode(text);
    }
}
