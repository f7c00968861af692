using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Wellmet.Customers.Erasure;
using Wellmet.Customers.Timeline;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Serving;
using Wellmet.Recommendations.Voice;
using Wellmet.Tests.Platform.Access.Keys;

namespace Wellmet.Tests.Recommendations;

/// <summary>What customers say about products, and that it counts from the very next answer on.</summary>
public sealed class VoiceTest
{
    /// <summary>Bought A0 and B0 only; E0 speaks for itself.</summary>
    private const int WithoutE0 = 1057;

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_somebody_does_not_want_is_not_offered_until_they_take_it_back(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine);
        await shop.TrainAsync();
        (await shop.ForAsync(WithoutE0, 1)).Products.Single().Product.Sku.ShouldBe("E0");

        await SayAsync(shop, "E0", ProductOpinion.NotInterested);
        await SayAsync(shop, "E0", ProductOpinion.NotInterested);

        (await shop.ForAsync(WithoutE0, 100)).Products.Select(p => p.Product.Sku).ShouldNotContain("E0");
        (await shop.ForAsync(WithoutE0 + 1, 100)).Products.Select(p => p.Product.Sku).ShouldContain("E0", "of somebody else nothing was said");
        (await CountAsync(shop)).ShouldBe(1);
        (await TextsAsync(shop)).Count(t => t == "Is not interested in a product").ShouldBe(1);

        await SayAsync(shop, "E0", ProductOpinion.NotInterested, back: true);

        (await shop.ForAsync(WithoutE0, 1)).Products.Single().Product.Sku.ShouldBe("E0");
        (await TextsAsync(shop)).Count(t => t == "Took back not being interested in a product").ShouldBe(1);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_gift_says_nothing_about_who_bought_it(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine);
        await shop.TrainAsync();

        await SayAsync(shop, "A0", ProductOpinion.Gift);
        var one = (await shop.ForAsync(WithoutE0, 1)).Products.Single();
        one.Reason.Because.Select(b => b.Product.Sku).ShouldBe(["B0"]);
        await SayAsync(shop, "B0", ProductOpinion.Gift);

        var none = await shop.ForAsync(WithoutE0, 100);
        none.Products.ShouldAllBe(p => p.Reason.Kind != ReasonKind.BecauseBought);
        none.Products.Select(p => p.Product.Sku).ShouldNotContain("A0");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task It_goes_with_the_person(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine);
        await SayAsync(shop, "E0", ProductOpinion.NotInterested);
        var customer = await shop.CustomerAsync(WithoutE0);
        var held = await shop.UseAsync<ExportCustomer, IReadOnlyList<Wellmet.Platform.Vault.PersonalRecord>>(e => e.RunAsync(customer, default));
        held.ShouldContain(r => r.Kind == "product_opinion" && r.Fields["opinion"] == "not_interested");

        await shop.UseAsync<EraseCustomer>(e => e.RunAsync(new(customer, "erase"), default));

        (await CountAsync(shop)).ShouldBe(0);
        (await Should.ThrowAsync<ProblemException>(() => SayAsync(shop, customer, "E0", ProductOpinion.Gift))).Code.ShouldBe("customer_unknown");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task The_shops_server_tells_it_by_the_api(Engine engine)
    {
        var storage = TestShop.NewStorage(engine);
        await using var shop = await GiftShop.OpenAsync(engine, storage: storage);
        await shop.TrainAsync();
        await using var web = await WebShop.OpenAsync(engine, storage: storage);
        using var http = new HttpClient { BaseAddress = web.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await web.MakeKeyAsync(RecommendationsPermissions.Speak.Code, RecommendationsPermissions.Read.Code)).Text);
        var (customer, product) = (await shop.CustomerAsync(WithoutE0), await shop.ProductAsync("E0"));

        (await PostAsync(http, new { customer, product, opinion = "not_interested" })).ShouldBe((HttpStatusCode.OK, "recorded"));
        using var answer = JsonDocument.Parse(await http.GetStringAsync(new Uri($"/v1/recommendations/for-you?customer={customer}&limit=100", UriKind.Relative)));
        answer.RootElement.GetProperty("recommendations").EnumerateArray().ShouldAllBe(r => r.GetProperty("sku").GetString() != "E0");
        (await PostAsync(http, new { customer, product, opinion = "not_interested", taken_back = true })).ShouldBe((HttpStatusCode.OK, "taken_back"));
        (await PostAsync(http, new { customer, product = Guid.CreateVersion7(), opinion = "gift" })).ShouldBe((HttpStatusCode.NotFound, "/problems/product_unknown"));
        (await PostAsync(http, new { customer = Guid.CreateVersion7(), product, opinion = "gift" })).ShouldBe((HttpStatusCode.NotFound, "/problems/customer_unknown"));
        (await PostAsync(http, new { customer, product, opinion = "boring" })).ShouldBe((HttpStatusCode.BadRequest, "/problems/json_unexpected"));
        (await PostAsync(http, new { customer, product, opinion = "gift", wrapped = true })).ShouldBe((HttpStatusCode.BadRequest, "/problems/json_unexpected"));
    }

    [Fact]
    public async Task Only_those_who_may_speak_for_customers()
    {
        await using var shop = await GiftShop.OpenAsync(Engine.Sqlite);
        var analyst = new Actor(Guid.CreateVersion7(), "analyst", Role.Analyst, p => p == RecommendationsPermissions.Read);
        var (customer, product) = (await shop.CustomerAsync(WithoutE0), await shop.ProductAsync("E0"));

        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<GiveOpinion>(g => g.RunAsync(new(customer, product, ProductOpinion.Gift), default), analyst));
        (await CountAsync(shop)).ShouldBe(0);
    }

    private static async Task SayAsync(TestShop shop, string sku, ProductOpinion opinion, bool back = false) => await SayAsync(shop, await shop.CustomerAsync(WithoutE0), sku, opinion, back);

    private static async Task SayAsync(TestShop shop, Guid customer, string sku, ProductOpinion opinion, bool back = false)
    {
        var product = await shop.ProductAsync(sku);
        await shop.UseAsync<GiveOpinion>(g => g.RunAsync(new(customer, product, opinion, back), default));
    }

    private static Task<long> CountAsync(TestShop shop) => shop.Database.ReadAsync(s => s.CountAsync("select count(*) from recommendations_opinions"), default);

    private static async Task<List<string>> TextsAsync(TestShop shop)
    {
        var customer = await shop.CustomerAsync(WithoutE0);
        var page = await shop.UseAsync<ReadTimeline, ReadTimeline.Page>(t => t.RunAsync(new(customer, null, null, 50), default));
        return [.. page.Lines.Select(l => l.Text.Text)];
    }

    private static async Task<(HttpStatusCode Status, string? Said)> PostAsync(HttpClient http, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/recommendations/opinions") { Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
        using var answer = await http.SendAsync(request);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return (answer.StatusCode, json.RootElement.TryGetProperty("type", out var type) ? type.GetString() : json.RootElement.GetProperty("status").GetString());
    }
}
