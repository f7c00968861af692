using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Search;
using Wellmet.Recommendations.Voice;
using Wellmet.Science.Recommenders;
using Wellmet.Science.Statistics;
using Wellmet.Tests.Customers;
using Wellmet.Tests.Customers.Collection;
using Wellmet.Tests.Platform.Access.Keys;

namespace Wellmet.Tests.Recommendations;

/// <summary>What a shop's search found, in the order for one customer: nothing lost, nothing invented, and what they then buy nearer to the front.</summary>
public sealed class RerankTest
{
    /// <summary>Bought A0 and B0, and would buy E0 next.</summary>
    private const int Ann = 1057;

    private static readonly string[] Found = ["Y", "F0", "E1", "X", "A1", "F1", "B1", "E2", "A2", "F2", "E0", "B2", "F3", "Z", "F4"];

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_customers_would_buy_moves_up_on_average(Engine engine)
    {
        await using var shop = await OpenAsync(engine);
        var (search, reranked) = (new List<double>(), new List<double>());
        foreach (var (customer, next) in new[] { (1057, "E0"), (1058, "E1"), (1059, "E2") })
        {
            for (var turn = 0; turn < Found.Length; turn++)
            {
                string[] found = [.. Found[turn..], .. Found[..turn]];
                var answer = await RerankAsync(shop, customer, found);
                answer.Personalised.ShouldBeTrue();
                answer.Products.Select(p => p.Named).ShouldBe(found, ignoreOrder: true);
                answer.Products.Select((p, at) => at + p.Moved).ShouldBe(answer.Products.Select(p => Array.IndexOf(found, p.Named)));
                search.Add(1.0 / (1 + Array.IndexOf(found, next)));
                reranked.Add(1.0 / (1 + answer.Products.ToList().FindIndex(p => p.Named == next)));
                var taste = int.Parse(next[1..], System.Globalization.CultureInfo.InvariantCulture);
                answer.Products.Where(p => p.Named == $"A{taste}" || p.Named == $"B{taste}").ShouldAllBe(p => p.Moved <= 0, "what they have is not pushed up");
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"Mean reciprocal rank: {search.Average():F3} as the search ordered, {reranked.Average():F3} for the customer");
        reranked.Average().ShouldBeGreaterThan(search.Average() * 1.3);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Whoever_is_unknown_or_objects_gets_the_searchs_own_order(Engine engine)
    {
        await using var shop = await OpenAsync(engine);
        await shop.Database.WriteAsync(tx => tx.ExecuteAsync("update commerce_products set active = @off where sku = 'Y'", new { off = false }), default);
        (await RerankAsync(shop, Ann, Found)).Personalised.ShouldBeTrue();

        await UntouchedAsync(null);
        await UntouchedAsync(2000);
        await UntouchedAsync(Ann, "e0 product");
        await UntouchedAsync(Ann, " E0 ");
        (await RerankAsync(shop, Ann, Found, "product")).Personalised.ShouldBeTrue();
        await shop.ObjectAsync(Ann);
        await UntouchedAsync(Ann);

        async Task UntouchedAsync(int? customer, string? query = null)
        {
            var answer = await RerankAsync(shop, customer, Found, query);
            answer.Personalised.ShouldBeFalse();
            answer.Products.Select(p => (p.Named, p.Score, p.Moved)).ShouldBe(Found.Select(f => (f, (float?)null, 0)));
        }
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_must_not_be_offered_goes_to_the_end_and_what_is_not_known_stays(Engine engine)
    {
        await using var shop = await OpenAsync(engine);
        var (ann, unwanted, e0) = (await shop.CustomerAsync(Ann), await shop.ProductAsync("F0"), (await shop.ProductAsync("E0")).ToString());
        await shop.UseAsync<GiveOpinion>(give => give.RunAsync(new(ann, unwanted, ProductOpinion.NotInterested), default));
        await shop.Database.WriteAsync(tx => tx.ExecuteAsync("update commerce_products set active = @off where sku = 'X'", new { off = false }), default);
        var stranger = Guid.CreateVersion7().ToString();

        var answer = await RerankAsync(shop, Ann, ["F0", "NEW", "X", "A0", stranger, "F1", "F2", "F3", "F4", "A1", "B1", "A2", "B2", e0, "E0", "NEW"]);

        var order = answer.Products.Select(p => p.Named).ToList();
        order.Order(StringComparer.Ordinal).ShouldBe(new[] { "F0", "NEW", "X", "A0", stranger, "F1", "F2", "F3", "F4", "A1", "B1", "A2", "B2", e0 }.Order(StringComparer.Ordinal), "each once");
        (order[1], order[4]).ShouldBe(("NEW", stranger));
        order[^2..].ShouldBe(["F0", "X"]);
        answer.Products.Where(p => p.Named is "NEW" or "F0" or "X" || p.Named == stranger).ShouldAllBe(p => p.Score == null);
        answer.Products.Single(p => p.Named == e0).ShouldSatisfyAllConditions(p => p.Moved.ShouldBeGreaterThan(1), p => p.Product!.Sku.ShouldBe("E0"));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_is_used_up_by_now_is_wanted_before_everything_else(Engine engine)
    {
        await using var shop = await OpenAsync(engine);
        var now = TimeProvider.System.GetUtcNow();
        // X every hundred days, the last time a hundred days ago.
        await shop.ImportTextAsync(ImportsInShop.Header + string.Concat(Enumerable.Range(1, 5).Select(i => GiftShop.Line($"{9000 + i}", "X", 1, now.AddDays(-100 * i), Ann))));
        var answer = await RerankAsync(shop, Ann, Found);

        answer.Products.Single(p => p.Named == "X").Moved.ShouldBeGreaterThan(0);
        answer.Products.Single(p => p.Named == "X").Score!.Value.ShouldBeGreaterThan(answer.Products.Single(p => p.Named == "E0").Score!.Value);
    }

    [Fact]
    public void Taste_never_outvotes_the_search()
    {
        PersonalOrder.WeightOf(0).ShouldBe(0);
        PersonalOrder.WeightOf(1e6).ShouldBeInRange(0.49f, PersonalOrder.MostWeight);
        PersonalOrder.Of([0, 0, 3, 2, 1], 0).Select(r => r.Place).ShouldBe([0, 1, 2, 3, 4]);
        PersonalOrder.Of([0, 0, 3, 2, 1], 1).Select(r => r.Place).ShouldBe([4, 3, 2, 0, 1]);
        PersonalOrder.Of([], 0.5f).ShouldBeEmpty();
        var random = new SeededRandom(1);
        for (var round = 0; round < 200; round++)
        {
            int[] taste = [.. Enumerable.Range(0, 1 + random.Next(50)).Select(i => random.Next(3) > 0 ? 0 : i + 1)];
            var order = PersonalOrder.Of(taste, PersonalOrder.WeightOf(random.Next(20)));
            order.Select(r => r.Place).Order().ShouldBe(Enumerable.Range(0, taste.Length));
            var silent = order.Where(r => taste[r.Place] == 0).Select(r => r.Place).ToList();
            silent.ShouldBe([.. silent.Order()], "what taste says nothing of overtakes nothing of its kind");
            order.Select((r, at) => (r, at)).Where(o => taste[o.r.Place] == 0).ShouldAllBe(o => o.at >= o.r.Place);
        }
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task The_shops_server_and_its_pages_ask(Engine engine)
    {
        var storage = TestShop.NewStorage(engine);
        await using var shop = await OpenAsync(engine, storage);
        await using var web = await WebShop.OpenAsync(engine, storage: storage);
        using var http = new HttpClient { BaseAddress = web.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await web.MakeKeyAsync(RecommendationsPermissions.Read.Code)).Text);
        var customer = await shop.CustomerAsync(Ann);

        var (status, answer) = await PostAsync(new { customer, products = Found.Append("NEW"), query = "gift" });
        status.ShouldBe(HttpStatusCode.OK);
        answer.GetProperty("personalised").GetBoolean().ShouldBeTrue();
        var products = answer.GetProperty("products").EnumerateArray().ToList();
        products.Count.ShouldBe(Found.Length + 1);
        products.Single(p => p.GetProperty("product").GetString() == "E0").GetProperty("moved").GetInt32().ShouldBeGreaterThan(0);
        products[^1].GetProperty("product_id").ValueKind.ShouldBe(JsonValueKind.Null);

        foreach (var (body, code) in new (object, string)[]
        {
            (new { products = Array.Empty<string>() }, "search_results_many"), (new { products = Enumerable.Range(0, 201).Select(i => $"P{i}") }, "search_results_many"), (new { customer }, "json_unexpected"),
            (new { products = new[] { "" } }, "json_unexpected"), (new { products = new string?[] { null } }, "json_unexpected"), (new { products = new[] { new string('x', 101) } }, "json_unexpected"),
            (new { products = new[] { "E0" }, query = new string('x', 201) }, "json_unexpected"), (new { customer = 1057, products = new[] { "E0" } }, "json_unexpected"), (new { products = new[] { "E0" }, limit = 1 }, "json_unexpected"),
        })
        {
            var refused = await PostAsync(body);
            (refused.Status, refused.Said.GetProperty("code").GetString()).ShouldBe((HttpStatusCode.BadRequest, code));
        }

        const string Page = "/v1/recommendations/page/rerank";
        var key = await web.MakeWriteKeyAsync();
        var proof = await SignedProof.OfUserAsync(web, key.KeyId, "1057");
        (await web.AskAsync(new { products = Found, identityProof = proof, writeKey = key.Text }, path: Page)).ShouldSatisfyAllConditions(
            a => a.GetProperty("personalised").GetBoolean().ShouldBeTrue(), a => a.GetProperty("products")[10].GetProperty("product").GetString().ShouldNotBe("E0"));
        foreach (var nobody in new[] { await web.AskAsync(new { products = Found, writeKey = key.Text }, path: Page), await web.AskAsync(new { products = Found, identityProof = proof, writeKey = key.Text }, privacyControl: true, path: Page) })
        {
            nobody.GetProperty("personalised").GetBoolean().ShouldBeFalse();
            nobody.GetProperty("products").EnumerateArray().Select(p => p.GetProperty("product").GetString()).ShouldBe(Found);
        }
        (await web.RefusedAsync(Page, $$"""{"products":["E0"],"customer":"{{customer}}","writeKey":"{{key.Text}}"}""")).ShouldBe((400, "json_unexpected"), "a page does not say who sits there");

        async Task<(HttpStatusCode Status, JsonElement Said)> PostAsync(object body)
        {
            using var sent = await http.PostAsJsonAsync("/v1/recommendations/rerank", body);
            return (sent.StatusCode, JsonElement.Parse(await sent.Content.ReadAsStringAsync()));
        }
    }

    [Fact]
    public async Task Only_who_may_read_recommendations()
    {
        await using var shop = await GiftShop.OpenAsync(Engine.Sqlite);
        var nobody = new Actor(Guid.CreateVersion7(), "auditor", Role.Auditor, _ => false);
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<RerankSearch, RerankedSearch>(r => r.RunAsync(new(null, ["E0"]), default), nobody));
        (await RerankAsync(shop, Ann, ["E0", "A1"])).ShouldSatisfyAllConditions(a => a.Model.ShouldBeNull(), a => a.Products.Select(p => p.Named).ShouldBe(["E0", "A1"]));
    }

    private static async Task<TestShop> OpenAsync(Engine engine, StorageOptions? storage = null)
    {
        var shop = await GiftShop.OpenAsync(engine, storage: storage);
        await shop.TrainAsync();
        return shop;
    }

    private static async Task<RerankedSearch> RerankAsync(TestShop shop, int? customer, string[] found, string? query = null)
    {
        Guid? id = customer is { } number ? await shop.CustomerAsync(number) : null;
        return await shop.UseAsync<RerankSearch, RerankedSearch>(r => r.RunAsync(new(id, found, query), default));
    }
}
