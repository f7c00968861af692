using System.Net;
using System.Text.Json;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Tests.Customers;

namespace Wellmet.Tests.Recommendations;

/// <summary>The API and the pages, over HTTP on the real server.</summary>
public sealed class PlacementApiTest
{
    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Each_placement_answers_with_products_and_reasons(Engine engine)
    {
        var storage = TestShop.NewStorage(engine);
        await using var shop = await GiftShop.OpenAsync(engine, storage: storage);
        await shop.TrainAsync();
        await using var web = await WebShop.OpenAsync(engine, storage: storage);
        using var browser = await web.SignInAsync(Role.Analyst);
        var (customer, product) = (await shop.CustomerAsync(1057), await shop.ProductAsync("A0"));

        var forYou = await JsonAsync(browser, $"/v1/recommendations/for-you?customer={customer}&limit=3");
        forYou.GetProperty("placement").GetString().ShouldBe("for-you");
        forYou.GetProperty("personalised").GetBoolean().ShouldBeTrue();
        forYou.GetProperty("trained_at").GetDateTimeOffset().ShouldBeGreaterThan(DateTimeOffset.UnixEpoch);
        var list = forYou.GetProperty("recommendations").EnumerateArray().ToList();
        list.Count.ShouldBe(3);
        list[0].GetProperty("sku").GetString().ShouldBe("E0");
        list[0].GetProperty("price_minor").GetInt64().ShouldBe(250);
        list[0].GetProperty("reason").GetProperty("code").GetString().ShouldBe("because_bought");
        list[0].GetProperty("reason").GetProperty("text").GetString()!.ShouldMatch("^Because you bought (A0 PRODUCT and B0|B0 PRODUCT and A0) PRODUCT$");
        list[0].GetProperty("reason").GetProperty("because").EnumerateArray().Count().ShouldBe(2);

        var together = await JsonAsync(browser, $"/v1/recommendations/bought-together?product={product}&limit=1");
        together.GetProperty("recommendations")[0].GetProperty("reason").GetProperty("text").GetString().ShouldBe($"Bought together in {GiftShop.PerTaste} orders");
        var also = await JsonAsync(browser, $"/v1/recommendations/also-bought?product={product}");
        also.GetProperty("recommendations").GetArrayLength().ShouldBe(10);
        browser.SetCookie("wm_lang", "zh-CN");
        var chinese = await JsonAsync(browser, $"/v1/recommendations/bought-together?product={product}&limit=1");
        chinese.GetProperty("recommendations")[0].GetProperty("reason").GetProperty("text").GetString().ShouldBe($"在 {GiftShop.PerTaste} 个订单中一起购买");
    }

    [Fact]
    public async Task Bad_requests_get_problem_details_that_say_what_to_mend()
    {
        await using var web = await WebShop.OpenAsync();
        using var browser = await web.SignInAsync(Role.Agent);
        var id = Guid.CreateVersion7();

        foreach (var (path, status, code) in new[]
        {
            ("for-me?customer=" + id, 404, "placement_unknown"),
            ("for-you", 400, "parameter_missing"),
            ("recently-viewed", 400, "parameter_missing"),
            ("near-you", 400, "parameter_missing"),
            ($"near-you?country=GB&product={id}", 400, "parameter_unexpected"),
            ("near-you?country=" + new string('x', 61), 400, "parameter_malformed"),
            ("bestsellers?country=GB", 400, "parameter_unexpected"),
            ("for-you?customer=", 400, "parameter_malformed"),
            ("for-you?customer=17850", 400, "parameter_malformed"),
            ($"for-you?customer={id}&product={id}", 400, "parameter_unexpected"),
            ($"also-bought?customer={id}", 400, "parameter_unexpected"),
            ("also-bought?product=%00'--", 400, "parameter_malformed"),
            ($"also-bought?product={id}", 404, "product_unknown"),
            ($"basket?customer={id}", 400, "parameter_missing"),
            ($"basket?products={id},x", 400, "parameter_malformed"),
            ($"basket?product={id}&products={id}", 400, "parameter_unexpected"),
            ("basket?products=" + string.Join(',', Enumerable.Range(0, 51).Select(_ => Guid.CreateVersion7())), 400, "basket_too_large"),
            ($"bestsellers?product={id}", 400, "parameter_unexpected"),
            ($"for-you?customer={id}&products={id}", 400, "parameter_unexpected"),
            ($"for-you?customer={id}&limit=0", 400, "limit_out_of_range"),
            ($"for-you?customer={id}&limit=101", 400, "limit_out_of_range"),
            ($"for-you?customer={id}&limit=9999999999999", 400, "limit_out_of_range"),
            ($"for-you?customer={id}&limit=ten", 400, "limit_out_of_range"),
        })
        {
            using var refused = await browser.GetAsync("/v1/recommendations/" + path, "application/json");
            ((int)refused.StatusCode).ShouldBe(status, path);
            refused.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json", path);
            using var problem = JsonDocument.Parse(await refused.Content.ReadAsStringAsync());
            problem.RootElement.GetProperty("type").GetString().ShouldBe("/problems/" + code, path);
            problem.RootElement.GetProperty("detail").GetString()!.Length.ShouldBeGreaterThan(10, path);
        }
        (await JsonAsync(browser, $"/v1/recommendations/for-you?customer={id}")).GetProperty("recommendations").GetArrayLength().ShouldBe(0, "an empty shop");
    }

    [Fact]
    public async Task Only_those_with_the_permission_get_in()
    {
        await using var web = await WebShop.OpenAsync();
        using var auditor = await web.SignInAsync(Role.Auditor);
        using var analyst = await web.SignInAsync(Role.Analyst);
        using var marketer = await web.SignInAsync(Role.Marketer);
        using var stranger = web.Anonymous();

        foreach (var path in new[] { "/v1/recommendations/for-you?customer=" + Guid.Empty, "/console/recommendations", "/console/recommendations/model" })
        {
            (await StatusAsync(auditor, path)).ShouldBe(HttpStatusCode.Forbidden, path);
            (await StatusAsync(analyst, path)).ShouldBe(HttpStatusCode.OK, path);
            (await StatusAsync(stranger, path)).ShouldNotBe(HttpStatusCode.OK, path);
        }
        using var refused = await analyst.PostAsync("/console/recommendations/train");
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var trained = await marketer.PostAsync("/console/recommendations/train");
        trained.Headers.Location!.ToString().ShouldBe("/console/recommendations");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task The_page_finds_products_and_customers_and_says_what_is_recommended_and_why(Engine engine)
    {
        var storage = TestShop.NewStorage(engine);
        await using var shop = await GiftShop.OpenAsync(engine, storage: storage);
        await shop.TrainAsync();
        await using var web = await WebShop.OpenAsync(engine, storage: storage);
        using var browser = await web.SignInAsync(Role.Owner);
        var (customer, product) = (await shop.CustomerAsync(1057), await shop.ProductAsync("A0"));

        var found = await browser.PageAsync("/console/recommendations?q=a0+prod");
        found.ShouldContain($"/console/recommendations?product={product}");
        (await browser.PageAsync("/console/recommendations?q=1057")).ShouldContain($"/console/recommendations?customer={customer}");
        (await browser.PageAsync("/console/recommendations?q=" + Uri.EscapeDataString("<script>'\"%00 名"))).ShouldContain("Nothing found");
        var ofProduct = await browser.PageAsync($"/console/recommendations?product={product}");
        ofProduct.ShouldContain("Bought together with A0 PRODUCT");
        ofProduct.ShouldContain($"{GiftShop.PerTaste} customers bought both");
        (await browser.PageAsync($"/console/recommendations?customer={customer}")).ShouldMatch("Because you bought (A0 PRODUCT and B0|B0 PRODUCT and A0) PRODUCT");
        using var unknown = await browser.GetAsync($"/console/recommendations?product={Guid.CreateVersion7()}");
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task<HttpStatusCode> StatusAsync(WebBrowser browser, string path)
    {
        using var response = await browser.GetAsync(path);
        return response.StatusCode;
    }

    private static async Task<JsonElement> JsonAsync(WebBrowser browser, string path)
    {
        using var response = await browser.GetAsync(path, "application/json");
        var body = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK, body);
        return JsonDocument.Parse(body).RootElement;
    }
}
