using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Wellmet.Platform.Storage;
using Wellmet.Tests.Platform.Access.Keys;

namespace Wellmet.Tests.Recommendations;

/// <summary>Many placements in one request, over HTTP on the real server.</summary>
public sealed class BatchTest
{
    private const string Path = "/v1/recommendations/batch";

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Each_question_is_answered_as_it_would_be_alone_or_has_its_own_problem(Engine engine)
    {
        var storage = TestShop.NewStorage(engine);
        await using var shop = await GiftShop.OpenAsync(engine, storage: storage);
        await shop.TrainAsync();
        await using var web = await WebShop.OpenAsync(engine, storage: storage);
        using var client = new HttpClient { BaseAddress = web.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await web.MakeKeyAsync("recommendations.read")).Text);
        var (ann, a0, a1, nobody) = (await shop.CustomerAsync(1057), await shop.ProductAsync("A0"), await shop.ProductAsync("A1"), Guid.CreateVersion7());

        var answers = (await SendAsync(client, new
        {
            questions = new object[]
            {
                new { placement = "for-you", customer = ann, limit = 3 }, new { placement = "also-bought", product = nobody }, new { placement = "basket", products = new[] { a0, a1 }, limit = 2 },
                new { placement = "nowhere" }, new { placement = "bestsellers", limit = 101 }, new { placement = "near-you", country = "GB", limit = 1 }, new { placement = "similar" },
                new { placement = "bestsellers", customer = ann }, new { placement = "bought-together", product = a0, limit = 1 },
            },
        })).GetProperty("answers").EnumerateArray().ToList();

        answers.Select(a => a.GetProperty("status").GetInt32()).ShouldBe([200, 404, 200, 404, 400, 200, 400, 400, 200]);
        answers.Select(a => a.GetProperty("problem") is { ValueKind: JsonValueKind.Object } problem ? problem.GetProperty("type").GetString() : null).ShouldBe([
            null, "/problems/product_unknown", null, "/problems/placement_unknown", "/problems/limit_out_of_range", null, "/problems/parameter_missing", "/problems/parameter_unexpected", null]);
        answers[1].GetProperty("problem").GetProperty("detail").GetString().ShouldBe("There is no such product.");
        answers[1].GetProperty("answer").ValueKind.ShouldBe(JsonValueKind.Null);
        foreach (var (at, alone) in new[] { (0, $"for-you?customer={ann}&limit=3"), (2, $"basket?products={a0},{a1}&limit=2"), (5, "near-you?country=GB&limit=1"), (8, $"bought-together?product={a0}&limit=1") })
        {
            answers[at].GetProperty("answer").GetRawText().ShouldBe(await client.GetStringAsync("/v1/recommendations/" + alone), alone);
        }
    }

    [Fact]
    public async Task What_is_wrong_with_the_whole_is_refused_as_a_whole()
    {
        await using var web = await WebShop.OpenAsync();
        using var client = new HttpClient { BaseAddress = web.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await web.MakeKeyAsync("recommendations.read")).Text);
        (await SendAsync(client, Many(100))).GetProperty("answers").GetArrayLength().ShouldBe(100);
        foreach (var (body, code) in new (string, string)[]
        {
            (Json(Many(101)), "questions_many"), (Json(Many(0)), "questions_many"), ("{}", "json_unexpected"), ("[]", "json_unexpected"), ("nonsense", "json_unexpected"), ("""{"questions":[null]}""", "json_unexpected"),
            ("""{"questions":[{}]}""", "json_unexpected"), ("""{"questions":[{"placement":"for-you","customer":"17850"}]}""", "json_unexpected"), ("""{"questions":[{"placement":"for-you","who":"x"}]}""", "json_unexpected"),
            ("""{"questions":[{"placement":null}]}""", "json_unexpected"), (Json(new { questions = new[] { new { placement = new string('a', 101) } } }), "json_unexpected"),
        })
        {
            (await RefusedAsync(client, body)).ShouldBe((HttpStatusCode.BadRequest, code), body[..Math.Min(80, body.Length)]);
        }
        using var other = new HttpClient { BaseAddress = web.Address };
        (await RefusedAsync(other, Json(Many(1)))).Item1.ShouldBe(HttpStatusCode.Unauthorized);
        other.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await web.MakeKeyAsync("orders.read")).Text);
        (await RefusedAsync(other, Json(Many(1)))).Item1.ShouldBe(HttpStatusCode.Forbidden);
    }

    private static object Many(int count) => new { questions = Enumerable.Range(0, count).Select(i => new { placement = "bestsellers", country = i.ToString(CultureInfo.InvariantCulture) }) };

    private static string Json(object body) => JsonSerializer.Serialize(body);

    private static async Task<JsonElement> SendAsync(HttpClient client, object body)
    {
        using var answer = await client.PostAsync(new Uri(Path, UriKind.Relative), new StringContent(Json(body), Encoding.UTF8, "application/json"));
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonElement.Parse(text);
    }

    private static async Task<(HttpStatusCode, string)> RefusedAsync(HttpClient client, string body)
    {
        using var answer = await client.PostAsync(new Uri(Path, UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));
        return (answer.StatusCode, JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("code").GetString()!);
    }
}
