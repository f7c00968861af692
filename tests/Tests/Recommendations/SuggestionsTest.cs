using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Wellmet.Commerce.Contract;
using Wellmet.Customers.Erasure;
using Wellmet.Customers.Timeline;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Suggestions;
using Wellmet.Recommendations.Voice;
using Wellmet.Tests.Platform.Access.Keys;

namespace Wellmet.Tests.Recommendations;

/// <summary>Ten products picked out for a customer: saved, and left by what they bought or do not want.</summary>
public sealed class SuggestionsTest
{
    private const int Somebody = 1057;

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_list_stays_until_it_is_made_anew_and_what_is_not_wanted_leaves_it(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine);
        await shop.TrainAsync();
        (await ReadAsync(shop)).ShouldSatisfyAllConditions(l => l.MadeAt.ShouldBeNull(), l => l.Suggestions.ShouldBeEmpty());

        await MakeAsync(shop);

        var made = await ReadAsync(shop);
        made.Suggestions.Select(s => s.Product.Product.Sku).ShouldBe((await shop.ForAsync(Somebody, SuggestionList.Length)).Products.Select(p => p.Product.Sku));
        made.Suggestions[0].Product.Reason.Because.Select(b => b.Product.Sku).ShouldBe(["A0", "B0"], ignoreOrder: true);

        var product = await shop.ProductAsync("E0");
        await shop.UseAsync<GiveOpinion>(async g => await g.RunAsync(new(await shop.CustomerAsync(Somebody), product, ProductOpinion.NotInterested), default));

        (await ReadAsync(shop)).Suggestions.Select(s => s.Product.Product.Sku).ShouldBe(made.Suggestions.Skip(1).Select(s => s.Product.Product.Sku));
        await MakeAsync(shop);
        (await ReadAsync(shop)).Suggestions.Select(s => s.Product.Product.Sku).ShouldNotContain("E0");
        (await CountAsync(shop)).ShouldBe((await ReadAsync(shop)).Suggestions.Count, "the new list is in place of the old one");
        (await TextsAsync(shop)).Count(t => t.StartsWith("Products were picked out", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Whoever_wants_nothing_personal_has_no_list(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine);
        await shop.TrainAsync();
        await MakeAsync(shop);

        await shop.ObjectAsync(Somebody);

        (await ReadAsync(shop)).ShouldSatisfyAllConditions(l => l.MadeAt.ShouldBeNull(), l => l.Suggestions.ShouldBeEmpty());
        (await Should.ThrowAsync<ProblemException>(() => MakeAsync(shop))).Code.ShouldBe("personalisation_refused");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task It_goes_with_the_person(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine);
        await shop.TrainAsync();
        await MakeAsync(shop);
        var customer = await shop.CustomerAsync(Somebody);
        (await shop.UseAsync<ExportCustomer, IReadOnlyList<PersonalRecord>>(e => e.RunAsync(customer, default))).Count(r => r.Kind == "suggestion").ShouldBe((int)await CountAsync(shop));

        await shop.UseAsync<EraseCustomer>(e => e.RunAsync(new(customer, "erase"), default));

        (await CountAsync(shop)).ShouldBe(0);
        (await Should.ThrowAsync<ProblemException>(() => shop.UseAsync<MakeSuggestions>(m => m.RunAsync(customer, default)))).Code.ShouldBe("customer_unknown");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task The_shops_server_makes_and_reads_it(Engine engine)
    {
        var storage = TestShop.NewStorage(engine);
        await using var shop = await GiftShop.OpenAsync(engine, storage: storage);
        await shop.TrainAsync();
        await using var web = await WebShop.OpenAsync(engine, storage: storage);
        using var http = new HttpClient { BaseAddress = web.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await web.MakeKeyAsync(RecommendationsPermissions.Suggest.Code, RecommendationsPermissions.Read.Code)).Text);
        var customer = await shop.CustomerAsync(Somebody);

        var (status, made) = await PostAsync(http, new { customer });
        status.ShouldBe(HttpStatusCode.OK);
        made.GetProperty("suggestions")[0].GetProperty("sku").GetString().ShouldBe("E0");
        made.GetProperty("suggestions")[0].GetProperty("kind").GetString().ShouldBe("cross_sell");
        using var read = JsonDocument.Parse(await http.GetStringAsync(new Uri($"/v1/recommendations/suggestions?customer={customer}", UriKind.Relative)));
        read.RootElement.GetRawText().ShouldBe(made.GetRawText());
        (await http.GetAsync(new Uri("/v1/recommendations/suggestions?customer=7", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await PostAsync(http, new { customer = Guid.CreateVersion7() })).Status.ShouldBe(HttpStatusCode.NotFound);
        (await PostAsync(http, new { customer, limit = 5 })).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("lamp", 1400L, SuggestionKind.Upsell)]
    [InlineData("lamp", 1501L, SuggestionKind.CrossSell)]
    [InlineData("lamp", 1000L, SuggestionKind.CrossSell)]
    [InlineData("vase", 1400L, SuggestionKind.CrossSell)]
    [InlineData(null, 1400L, SuggestionKind.CrossSell)]
    public void A_better_one_is_of_the_same_kind_and_dearer_by_at_most_half(string? kind, long price, SuggestionKind expected) =>
        SuggestionList.KindOf(Label(kind, price), [Label("lamp", 1000), Label(null, 1000)]).ShouldBe(expected);

    [Fact]
    public async Task Only_those_who_may_pick_out()
    {
        await using var shop = await GiftShop.OpenAsync(Engine.Sqlite);
        var analyst = new Actor(Guid.CreateVersion7(), "analyst", Role.Analyst, p => p == RecommendationsPermissions.Read);
        var customer = await shop.CustomerAsync(Somebody);

        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<MakeSuggestions>(m => m.RunAsync(customer, default), analyst));
    }

    private static ProductLabel Label(string? kind, long price) => new(Guid.CreateVersion7(), "sku", "name", ProductType.Durable, kind, price, "GBP", Active: true);

    private static async Task MakeAsync(TestShop shop)
    {
        var customer = await shop.CustomerAsync(Somebody);
        await shop.UseAsync<MakeSuggestions>(m => m.RunAsync(customer, default));
    }

    private static async Task<SuggestionList> ReadAsync(TestShop shop)
    {
        var customer = await shop.CustomerAsync(Somebody);
        return await shop.UseAsync<ReadSuggestions, SuggestionList>(r => r.RunAsync(customer, default));
    }

    private static Task<long> CountAsync(TestShop shop) => shop.Database.ReadAsync(s => s.CountAsync("select count(*) from recommendations_suggestions"), default);

    private static async Task<List<string>> TextsAsync(TestShop shop)
    {
        var customer = await shop.CustomerAsync(Somebody);
        var page = await shop.UseAsync<ReadTimeline, ReadTimeline.Page>(t => t.RunAsync(new(customer, null, null, 50), default));
        return [.. page.Lines.Select(l => l.Text.Text)];
    }

    private static async Task<(HttpStatusCode Status, JsonElement Said)> PostAsync(HttpClient http, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/recommendations/suggestions") { Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
        using var answer = await http.SendAsync(request);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return (answer.StatusCode, json.RootElement.Clone());
    }
}
