using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Wellmet.Platform.Log;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Storage;
using Wellmet.Tests.Commerce;
using Wellmet.Tests.Platform.Access.Keys;

namespace Wellmet.Tests.Server.Api;

/// <summary>A shop on the real server with some orders and events, asked as programs ask it.</summary>
internal sealed class ApiShop : IAsyncDisposable
{
    private readonly HttpClient http;

    private ApiShop(WebShop web)
    {
        Web = web;
        http = new HttpClient { BaseAddress = web.Address };
    }

    public WebShop Web { get; }

    /// <summary>Has every scope.</summary>
    public string Key { get; private set; } = "";

    public static async Task<ApiShop> OpenAsync(Engine engine = Engine.Sqlite)
    {
        var shop = new ApiShop(await WebShop.OpenAsync(engine));
        shop.Key = await shop.KeyAsync([.. shop.Web.Get<ModuleCatalog>().Scopes.Keys.Select(s => s.Code)]);
        using var owner = await shop.Web.SignInAsync();
        await CommercePagesTest.UntilAsync(owner, await CommercePagesTest.UploadAsync(owner, "orders.csv", CommercePagesTest.Orders, "online-retail"), "Complete");
        await shop.SendAsync("/v1/batch", """
            {"batch": [
              {"type": "identify", "userId": "17850", "messageId": "m1", "traits": {"firstName": "Ann", "lastName": "Lee", "email": "Ann@Example.com", "phone": "+44 20 7946 0000"}},
              {"type": "track", "userId": "17850", "event": "Product Viewed", "messageId": "m2", "properties": {"product_id": "71053", "note": "call me at ann@example.com"}},
              {"type": "page", "anonymousId": "v-77", "messageId": "m3", "properties": {"path": "/lanterns"}},
              {"type": "track", "userId": "13047", "event": "Wished", "messageId": "m4"}
            ]}
            """);
        await shop.DrainAsync();
        return shop;
    }

    public async Task<string> KeyAsync(params string[] scopes) => (await Web.MakeKeyAsync(scopes)).Text;

    public async Task<JsonElement> SendAsync(string path, string json, HttpStatusCode status = HttpStatusCode.OK, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
        return await AskAsync(request, Key, status);
    }

    public Task<JsonElement> GetAsync(string path, string? key = null, HttpStatusCode status = HttpStatusCode.OK) => AskAsync(new HttpRequestMessage(HttpMethod.Get, path), key ?? Key, status);

    /// <summary>The media type of an answer that is not JSON.</summary>
    public async Task<string?> TypeAsync(string path, HttpMethod method)
    {
        using var request = new HttpRequestMessage(method, path) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", Key) } };
        request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
        using var response = await http.SendAsync(request);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, path);
        return response.Content.Headers.ContentType?.MediaType;
    }

    /// <summary>All rows of a list, through all its pages.</summary>
    public async Task<List<JsonElement>> AllAsync(string path, int limit)
    {
        var rows = new List<JsonElement>();
        var address = path + (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "limit=" + limit;
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await GetAsync(address + (cursor.Length > 0 ? "&cursor=" + cursor : ""));
            var data = page.GetProperty("data").EnumerateArray().ToList();
            data.Count.ShouldBeLessThanOrEqualTo(limit);
            rows.AddRange(data);
            cursor = page.GetProperty("next_cursor").GetString();
        }
        return rows;
    }

    /// <summary>The code of a refusal.</summary>
    public async Task<(string Code, string? Parameter)> RefusedAsync(string path, HttpStatusCode status = HttpStatusCode.BadRequest, string? key = null)
    {
        var problem = await GetAsync(path, key, status);
        return (problem.GetProperty("code").GetString()!, problem.TryGetProperty("parameter", out var name) ? name.GetString() : null);
    }

    public Task<Guid> IdAsync(string sql) => Web.Database.ReadAsync(s => s.FirstAsync(sql, null, r => r.Guid(0), default), default);

    public async Task DrainAsync()
    {
        for (var i = 0; i < 600; i++)
        {
            var lag = await Web.Get<LogReader>().LagAsync(default);
            if (lag.Count == Web.Get<ModuleCatalog>().Receivers.Count && lag.All(l => l.Behind == 0))
            {
                return;
            }
            await Task.Delay(50);
        }
        throw new TimeoutException("The receivers did not catch up within 30 seconds.");
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await Web.DisposeAsync();
    }

    private async Task<JsonElement> AskAsync(HttpRequestMessage request, string key, HttpStatusCode status)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(status, $"{request.RequestUri}: {text}");
        response.Headers.CacheControl!.NoStore.ShouldBeTrue(request.RequestUri!.ToString());
        return JsonElement.Parse(text);
    }
}
