using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Wellmet.Tests;

/// <summary>
/// An HTTP client that behaves as a browser does on localhost: keeps cookies (also Secure ones), asks for pages, and sends the token of the
/// last page with everything it posts. Redirects are not followed, so that tests see them.
/// </summary>
public sealed partial class WebBrowser : IDisposable
{
    private readonly HttpClient client;
    private readonly Dictionary<string, string> cookies = [];
    private string? token;

    public WebBrowser(Uri address) => client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = address };

    /// <summary>Who is signed in, where <see cref="WebShop.SignInAsync"/> made them.</summary>
    public Guid StaffId { get; internal set; }
    public string Email { get; internal set; } = "";
    public IReadOnlyDictionary<string, string> Cookies => cookies;

    public void SetCookie(string name, string value) => cookies[name] = value;

    public Task<HttpResponseMessage> GetAsync(string path, string accept = "text/html") => SendAsync(new HttpRequestMessage(HttpMethod.Get, path), accept);

    /// <summary>The page, which must be there.</summary>
    public async Task<string> PageAsync(string path)
    {
        using var response = await GetAsync(path);
        var body = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK, $"{path} → {response.Headers.Location} {body[..Math.Min(500, body.Length)]}");
        return body;
    }

    /// <summary>Sends a form with the antiforgery token; a page is opened first where none was.</summary>
    public async Task<HttpResponseMessage> PostAsync(string path, params (string Name, string Value)[] form)
    {
        await TokenAsync();
        var fields = form.Select(f => KeyValuePair.Create(f.Name, f.Value)).Append(new("__RequestVerificationToken", token!));
        return await SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields) });
    }

    /// <summary>Any request, with cookies; with the token as a header where the method changes something.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string accept = "text/html", bool withToken = true)
    {
        if (withToken && request.Method != HttpMethod.Get && request.Method != HttpMethod.Head && request.Content is not FormUrlEncodedContent)
        {
            request.Headers.Add("RequestVerificationToken", await TokenAsync());
        }
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        if (cookies.Count > 0)
        {
            request.Headers.Add("Cookie", string.Join("; ", cookies.Select(c => $"{c.Key}={c.Value}")));
        }
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        KeepCookies(response);
        if (response.Content.Headers.ContentType?.MediaType == "text/html")
        {
            token = RequestToken().Match(await response.Content.ReadAsStringAsync()) is { Success: true } found ? WebUtility.HtmlDecode(found.Groups[1].Value) : token;
        }
        return response;
    }

    public void Dispose() => client.Dispose();

    /// <summary>A token for whoever is signed in now.</summary>
    public async Task<string> TokenAsync()
    {
        if (token is null)
        {
            using var page = await GetAsync(cookies.ContainsKey("__Host-wm-session") ? "/console/account" : "/sign-in");
        }
        return token ?? throw new InvalidOperationException("No page gave a token.");
    }

    private void KeepCookies(HttpResponseMessage response)
    {
        foreach (var header in response.Headers.TryGetValues("Set-Cookie", out var values) ? values : [])
        {
            var pair = header.Split(';')[0].Split('=', 2);
            if (pair[1].Length == 0)
            {
                cookies.Remove(pair[0]);
            }
            else
            {
                cookies[pair[0]] = pair[1];
            }
        }
    }

    [GeneratedRegex("name=\"request-token\" content=\"([^\"]+)\"", RegexOptions.None, 1000)]
    private static partial Regex RequestToken();
}
