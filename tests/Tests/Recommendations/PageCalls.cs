using System.Net;
using System.Text;
using System.Text.Json;

namespace Wellmet.Tests.Recommendations;

/// <summary>What the widget in a page of the shop sends, as it sends it: plain text, from another origin.</summary>
internal static class PageCalls
{
    public static async Task<JsonElement> AskAsync(this WebShop web, object body, bool privacyControl = false, string path = "/v1/recommendations/page")
    {
        using var answer = await web.TellAsync(path, JsonSerializer.Serialize(body), privacyControl);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonElement.Parse(text);
    }

    /// <summary>Status and code of a refusal.</summary>
    public static async Task<(int Status, string Code)> RefusedAsync(this WebShop web, string path, string body)
    {
        using var answer = await web.TellAsync(path, body);
        var type = JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("type").GetString()!;
        return ((int)answer.StatusCode, type["/problems/".Length..]);
    }

    public static async Task<HttpResponseMessage> TellAsync(this WebShop web, string path, string body, bool privacyControl = false)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(web.Address, path)) { Content = new StringContent(body, Encoding.UTF8, "text/plain") };
        request.Headers.Add("Origin", "https://shop.example");
        if (privacyControl)
        {
            request.Headers.Add("Sec-GPC", "1");
        }
        return await client.SendAsync(request);
    }
}
