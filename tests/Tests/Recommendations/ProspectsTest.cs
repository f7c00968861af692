using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Wellmet.Platform.Access;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Purposes;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Predictions;
using Wellmet.Recommendations.Prospects;
using Wellmet.Tests.Platform.Access.Keys;

namespace Wellmet.Tests.Recommendations;

/// <summary>The customers who may buy soon, as staff and programs see them.</summary>
public sealed class ProspectsTest
{
    private const string Page = "/console/recommendations/prospects", List = "/v1/recommendations/prospects", One = "/v1/recommendations/predictions";

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task The_list_is_sorted_filtered_and_paged_both_ways(Engine engine)
    {
        await using var shop = await PredictionsTest.OpenAsync(engine);
        await PredictionsTest.MakeAsync(shop);
        var all = (await PredictionsTest.AllAsync(shop)).OrderByDescending(p => p.Chance).ThenByDescending(p => p.CustomerId).ToList();
        var type = all[0].NextType!;

        var first = await ListAsync(shop, new(Limit: 20));
        var second = await ListAsync(shop, new(After: first.Next, Limit: 20));
        var back = await ListAsync(shop, new(Before: second.Previous, Limit: 20));

        first.Rows.Concat(second.Rows).Select(p => p.Prediction.CustomerId).ShouldBe(all.Take(40).Select(p => p.CustomerId));
        back.Rows.Select(p => p.Prediction.CustomerId).ShouldBe(first.Rows.Select(p => p.Prediction.CustomerId));
        (first.Previous, back.Previous).ShouldBe((null, null));
        (await ListAsync(shop, new(LeastPercent: 25, Limit: 500))).Rows.Count.ShouldBe(all.Count(p => p.Chance >= 0.25));
        (await ListAsync(shop, new(Type: type, Limit: 500))).Rows.Select(p => p.Prediction.CustomerId).ShouldBe(all.Where(p => p.NextType == type).Select(p => p.CustomerId));
        (await ListAsync(shop, new(Type: "no such type"))).Rows.ShouldBeEmpty();

        await shop.UseAsync<ObjectToPurpose>(o => o.RunAsync(new(all[0].CustomerId, Purpose.Personalisation), default));
        (await ListAsync(shop, new(Limit: 20))).Rows.Select(p => p.Prediction.CustomerId).ShouldBe(all.Skip(1).Take(19).Select(p => p.CustomerId));
        var stranger = new Actor(Guid.CreateVersion7(), "agent", Role.Agent, p => p == RecommendationsPermissions.Read);
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<ListProspects, ListProspects.Page>(l => l.RunAsync(new(), default), stranger));
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<ReadPrediction, ReadPrediction.Answer>(r => r.RunAsync(all[1].CustomerId, default), stranger));
    }

    [Fact]
    public async Task The_page_shows_how_good_it_is_the_list_and_a_file_of_it()
    {
        var storage = TestShop.NewStorage(Engine.Sqlite);
        await using var shop = await PredictionsTest.OpenAsync(Engine.Sqlite, storage: storage);
        await using var web = await WebShop.OpenAsync(storage: storage, configure: s => s.AddSingleton(PredictionsTest.Few));
        using var owner = await web.SignInAsync();
        (await owner.PageAsync(Page)).ShouldContain("Nothing is foretold yet");

        using (var asked = await owner.PostAsync(Page))
        {
            asked.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        }
        var text = "";
        for (var i = 0; i < 600 && !text.Contains("What was foretold, and what came", StringComparison.Ordinal); i++)
        {
            await Task.Delay(50);
            text = await owner.PageAsync(Page);
        }
        // The list may have been read just before the last of them was written.
        text = await owner.PageAsync(Page);

        var card = (await shop.Get<PredictionStore>().CardAsync(default))!;
        var all = await PredictionsTest.AllAsync(shop);
        text.ShouldContain(card.Quality!.Auc.ToString("P1", CultureInfo.InvariantCulture).Replace(" ", "", StringComparison.Ordinal));
        var hot = all.OrderByDescending(p => p.Chance).ThenByDescending(p => p.CustomerId).First();
        text.ShouldContain($"/console/customers/{hot.CustomerId}");
        var csv = await (await owner.GetAsync(Page + ".csv?least=10")).Content.ReadAsStringAsync();
        var lines = csv.TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldBe("customer_id,chance,next_type,next_type_share,due_sku,due_at,last_order_at");
        lines.Length.ShouldBe(1 + all.Count(p => p.Chance >= 0.1));
        lines[1].ShouldStartWith($"{hot.CustomerId},{hot.Chance!.Value.ToString("0.####", CultureInfo.InvariantCulture)},{hot.NextType},");

        // On the customer's page the same, with its reasons.
        var panel = await owner.PageAsync($"/console/customers/{hot.CustomerId}");
        panel.ShouldContain("What comes next");
        panel.ShouldContain("with about this chance a month ago");
        panel.ShouldContain("more likely");
        using var analyst = await web.SignInAsync(Role.Analyst);
        (await analyst.PageAsync(Page)).ShouldNotContain("Export CSV");
        (await analyst.GetAsync(Page + ".csv")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await analyst.PostAsync(Page)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Programs_read_one_customer_and_go_through_the_list(Engine engine)
    {
        var storage = TestShop.NewStorage(engine);
        await using var shop = await PredictionsTest.OpenAsync(engine, storage: storage);
        await PredictionsTest.MakeAsync(shop);
        var all = (await PredictionsTest.AllAsync(shop)).OrderByDescending(p => p.Chance).ThenByDescending(p => p.CustomerId).ToList();
        await using var web = await WebShop.OpenAsync(engine, storage: storage);
        using var http = new HttpClient { BaseAddress = web.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await web.MakeKeyAsync(RecommendationsPermissions.Predictions.Code)).Text);
        var due = all.First(p => p.Due.Count > 0 && p.Chance >= 0.1);

        var page = await GetAsync(http, $"{List}?min_percent=10&limit=3");
        page.GetProperty("data").GetArrayLength().ShouldBe(3);
        page.GetProperty("data")[0].GetProperty("customer").GetGuid().ShouldBe(all[0].CustomerId);
        page.GetProperty("data")[0].GetProperty("chance").GetDouble().ShouldBe(all[0].Chance!.Value);
        var next = await GetAsync(http, $"{List}?min_percent=10&limit=3&cursor={page.GetProperty("next_cursor").GetString()}");
        next.GetProperty("data")[0].GetProperty("customer").GetGuid().ShouldBe(all[3].CustomerId);
        (await StatusAsync(http, $"{List}?min_percent=101")).ShouldBe(HttpStatusCode.BadRequest);
        (await StatusAsync(http, $"{List}?min_percent=20&limit=3&cursor={page.GetProperty("next_cursor").GetString()}")).ShouldBe(HttpStatusCode.BadRequest);

        var one = await GetAsync(http, $"{One}?customer={due.CustomerId}");
        one.GetProperty("chance").GetDouble().ShouldBe(due.Chance!.Value);
        one.GetProperty("next_type").GetString().ShouldBe(due.NextType);
        one.GetProperty("due")[0].GetProperty("product").GetGuid().ShouldBe(due.Due[0].ProductId);
        one.GetProperty("reliability").GetProperty("customers").GetInt32().ShouldBeGreaterThan(5);
        one.GetProperty("reasons")[0].GetProperty("text").GetString().ShouldNotBeNullOrEmpty();
        one.GetProperty("reasons").EnumerateArray().Select(r => r.GetProperty("sign").GetString()).ShouldBe(due.Reasons.Select(r => EnumText.Of(r.Sign)));
        (await GetAsync(http, $"{One}?customer={Guid.CreateVersion7()}")).GetProperty("predicted_at").ValueKind.ShouldBe(JsonValueKind.Null);
        (await StatusAsync(http, One)).ShouldBe(HttpStatusCode.BadRequest);
        (await StatusAsync(http, One + "?customer=7")).ShouldBe(HttpStatusCode.BadRequest);

        await shop.UseAsync<ObjectToPurpose>(o => o.RunAsync(new(due.CustomerId, Purpose.Personalisation), default));
        (await GetAsync(http, $"{One}?customer={due.CustomerId}")).GetProperty("predicted_at").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    private static Task<ListProspects.Page> ListAsync(TestShop shop, ListProspects.Request request) => shop.UseAsync<ListProspects, ListProspects.Page>(l => l.RunAsync(request, default));

    private static async Task<JsonElement> GetAsync(HttpClient http, string path) => JsonElement.Parse(await http.GetStringAsync(new Uri(path, UriKind.Relative)));

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string path) => (await http.GetAsync(new Uri(path, UriKind.Relative))).StatusCode;
}
