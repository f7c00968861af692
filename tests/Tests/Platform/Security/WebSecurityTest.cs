using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.SignIns;
using Wellmet.Platform.Storage;

namespace Wellmet.Tests.Platform.Security;

/// <summary>What the real server answers, over a real connection.</summary>
public sealed class WebSecurityTest
{
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
        + "frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'";

    [Fact]
    public async Task Every_answer_carries_the_headers_errors_too()
    {
        await using var shop = await WebShop.OpenAsync(routes: app => app.MapGet("/fails", string () => throw new InvalidOperationException("inner secret")).RequireSignIn());
        using var owner = await shop.SignInAsync();
        using var nobody = shop.Anonymous();

        foreach (var (browser, path, status) in new[]
        {
            (nobody, "/sign-in", 200), (nobody, "/console", 302), (nobody, SignInLinks.Path + "/none", 410), (owner, "/console/account", 200),
            (owner, "/no-such-page", 404), (owner, "/fails", 500), (nobody, "/assets/console.css", 200),
        })
        {
            using var response = await browser.GetAsync(path);
            ((int)response.StatusCode).ShouldBe(status, path);
            Header(response, "Content-Security-Policy").ShouldBe(Policy, path);
            Header(response, "X-Content-Type-Options").ShouldBe("nosniff", path);
            Header(response, "Referrer-Policy").ShouldBe(path.StartsWith(SignInLinks.Path, StringComparison.Ordinal) ? "no-referrer" : "strict-origin-when-cross-origin", path);
            Header(response, "Permissions-Policy").ShouldContain("camera=()");
            Header(response, "Cross-Origin-Opener-Policy").ShouldBe("same-origin", path);
            Header(response, "Server").ShouldBe("", path);
            (path.StartsWith("/assets", StringComparison.Ordinal) || Header(response, "Cache-Control").Contains("no-store", StringComparison.Ordinal)).ShouldBeTrue(path);
        }
    }

    [Fact]
    public async Task Cookies_are_bound_to_this_host_and_hidden_from_scripts()
    {
        await using var shop = await WebShop.OpenAsync();
        using var known = await shop.SignInAsync(Role.Agent, "ada@shop.test");
        using var browser = shop.Anonymous();
        using var page = await browser.GetAsync("/sign-in");
        using var entered = await browser.PostAsync("/sign-in", ("email", "ada@shop.test"), ("password", WebShop.Password));

        var cookies = page.Headers.GetValues("Set-Cookie").Concat(entered.Headers.GetValues("Set-Cookie")).ToList();
        cookies.ShouldContain(c => c.StartsWith("__Host-wm-antiforgery=", StringComparison.Ordinal));
        cookies.ShouldContain(c => c.StartsWith("__Host-wm-session=", StringComparison.Ordinal));
        foreach (var cookie in cookies.Where(c => c.StartsWith("__Host-", StringComparison.Ordinal)).Select(c => c.ToLowerInvariant()))
        {
            cookie.ShouldContain("; secure");
            cookie.ShouldContain("; httponly");
            cookie.ShouldContain("; path=/;");
            cookie.ShouldContain("; samesite=");
            cookie.ShouldNotContain("domain=");
            cookie.ShouldNotContain("expires=");
        }
        // A new sign-in makes a new reference, and the old one can no longer be planted.
        var before = browser.Cookies["__Host-wm-session"];
        await browser.PageAsync("/console/account");
        using var again = await browser.PostAsync("/sign-in", ("email", "ada@shop.test"), ("password", WebShop.Password));
        browser.Cookies["__Host-wm-session"].ShouldNotBe(before);
    }

    [Fact]
    public async Task What_another_site_sends_is_refused()
    {
        await using var shop = await WebShop.OpenAsync(routes: app =>
        {
            app.MapDelete("/thing", () => "deleted").RequireSignIn();
            app.MapPost("/json", (string[] values) => values.Length).RequireSignIn();
        });
        using var owner = await shop.SignInAsync();
        using var other = await shop.SignInAsync(Role.Agent);

        async Task<HttpStatusCode> SendAsync(HttpMethod method, string path, Action<HttpRequestMessage>? change = null, bool withToken = false)
        {
            var request = new HttpRequestMessage(method, path);
            if (path == "/json")
            {
                request.Content = JsonContent.Create(new[] { "a" });
            }
            change?.Invoke(request);
            using var response = await owner.SendAsync(request, "application/json", withToken);
            return response.StatusCode;
        }

        (await SendAsync(HttpMethod.Delete, "/thing")).ShouldBe(HttpStatusCode.BadRequest);
        (await SendAsync(HttpMethod.Post, "/json")).ShouldBe(HttpStatusCode.BadRequest);
        (await SendAsync(HttpMethod.Post, "/sign-in/confirm")).ShouldBe(HttpStatusCode.BadRequest);
        (await SendAsync(HttpMethod.Delete, "/thing", withToken: true)).ShouldBe(HttpStatusCode.OK);
        (await SendAsync(HttpMethod.Post, "/json", withToken: true)).ShouldBe(HttpStatusCode.OK);
        foreach (var site in new[] { "cross-site", "same-site" })
        {
            (await SendAsync(HttpMethod.Delete, "/thing", r => r.Headers.Add("Sec-Fetch-Site", site), withToken: true)).ShouldBe(HttpStatusCode.BadRequest, site);
        }
        (await SendAsync(HttpMethod.Delete, "/thing", r => r.Headers.Add("Sec-Fetch-Site", "same-origin"), withToken: true)).ShouldBe(HttpStatusCode.OK);
        var foreign = await other.TokenAsync();
        (await SendAsync(HttpMethod.Delete, "/thing", r => r.Headers.Add("RequestVerificationToken", foreign))).ShouldBe(HttpStatusCode.BadRequest, "the token of somebody else");
        (await SendAsync(HttpMethod.Delete, "/thing", r => r.Headers.Add("RequestVerificationToken", "x"))).ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Failures_tell_programs_a_problem_people_a_page_and_nobody_a_stack()
    {
        await using var shop = await WebShop.OpenAsync(routes: app =>
        {
            app.MapGet("/fails", string () => throw new InvalidOperationException("inner secret")).RequireSignIn();
            app.MapGet("/refuses", string () => throw new ProblemException("file_not_csv", "Choose a role.", 422)).RequireSignIn();
            app.MapGet("/forbids", string () => throw new ForbiddenException(new("secret.permission"))).RequireSignIn();
        });
        using var agent = await shop.SignInAsync(Role.Agent);
        agent.SetCookie("wm_lang", "zh-CN");

        foreach (var (path, status, code) in new[] { ("/fails", 500, "failed"), ("/refuses", 422, "file_not_csv"), ("/forbids", 403, "forbidden"), ("/nowhere", 404, "not_found") })
        {
            using var problem = await agent.GetAsync(path, "application/json");
            ((int)problem.StatusCode).ShouldBe(status);
            problem.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
            var text = await problem.Content.ReadAsStringAsync();
            using var body = JsonDocument.Parse(text);
            body.RootElement.GetProperty("code").GetString().ShouldBe(code);
            body.RootElement.GetProperty("type").GetString().ShouldBe("/problems/" + code);
            body.RootElement.GetProperty("status").GetInt32().ShouldBe(status);
            using var page = await agent.GetAsync(path);
            ((int)page.StatusCode).ShouldBe(status);
            var html = await page.Content.ReadAsStringAsync();
            html.ShouldContain("error-page");
            foreach (var answer in new[] { text, html })
            {
                answer.ShouldNotContain("inner secret");
                answer.ShouldNotContain("secret.permission");
                answer.ShouldNotContain("   at ");
                answer.ShouldNotContain("Exception");
            }
        }
        (await (await agent.GetAsync("/refuses")).Content.ReadAsStringAsync()).ShouldContain("请选择角色。");
    }

    [Fact]
    public async Task Nobody_signed_in_is_led_to_the_sign_in_page_or_told_so()
    {
        await using var shop = await WebShop.OpenAsync();
        using var browser = shop.Anonymous();

        using var page = await browser.GetAsync("/console/settings/audit?action=x");
        page.Headers.Location!.ToString().ShouldBe("/sign-in?returnUrl=%2Fconsole%2Fsettings%2Faudit%3Faction%3Dx");
        using var program = await browser.GetAsync("/console/settings/audit", "application/json");
        program.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var part = await browser.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/console/settings/audit") { Headers = { { "HX-Request", "true" } } });
        part.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        part.Headers.GetValues("HX-Redirect").ShouldBe(["/sign-in"]);
    }

    [Fact]
    public async Task Too_many_requests_are_told_when_to_come_back()
    {
        await using var shop = await WebShop.OpenAsync(limited: true);
        using var browser = shop.Anonymous();
        var refused = 0;
        for (var i = 0; i < 1500 && refused == 0; i++)
        {
            using var response = await browser.GetAsync("/assets/mark.svg");
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
            {
                refused++;
                int.Parse(Header(response, "Retry-After")).ShouldBeInRange(1, 60);
            }
        }
        refused.ShouldBe(1);

        // A public key has the same limit; the collection has a queue instead, which refuses for all callers together.
        using var client = new HttpClient();
        var statuses = new HashSet<(string, HttpStatusCode)>();
        for (var i = 0; i < 1500 && !statuses.Contains(("/v1/recommendations/page", HttpStatusCode.TooManyRequests)); i++)
        {
            foreach (var path in new[] { "/v1/recommendations/page", "/v1/track" })
            {
                using var response = await client.PostAsync(new Uri(shop.Address, path), new StringContent("{}"));
                statuses.Add((path, response.StatusCode));
            }
        }
        statuses.ShouldBe([("/v1/recommendations/page", HttpStatusCode.Unauthorized), ("/v1/track", HttpStatusCode.Unauthorized), ("/v1/recommendations/page", HttpStatusCode.TooManyRequests)], ignoreOrder: true);
    }

    [Fact]
    public async Task Another_host_name_a_large_body_and_doubled_json_are_refused()
    {
        await using var shop = await WebShop.OpenAsync(routes: app => app.MapPost("/strict", (Strict strict) => strict.Name).RequireSignIn());
        using var owner = await shop.SignInAsync();

        (await RawAsync(shop.Address, "GET /sign-in HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")).ShouldStartWith("HTTP/1.1 400");
        (await RawAsync(shop.Address, "GET /sign-in HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Host: evil.example\r\nAccept: text/html\r\nConnection: close\r\n\r\n")).ShouldNotContain("evil.example");

        foreach (var (body, status) in new[]
        {
            ("{\"name\":\"a\",\"amount\":1}", 200), ("{\"name\":\"a\",\"name\":\"b\",\"amount\":1}", 400), ("{\"name\":\"a\",\"amount\":1,\"is_owner\":true}", 400),
            ("{\"name\":\"a\",\"amount\":\"1\"}", 400), ("{\"name\":null,\"amount\":1}", 400), ("{\"amount\":1}", 400), ("{\"Name\":\"a\",\"amount\":1}", 400),
            (new string('[', 5000), 400), ("{\"name\":\"" + new string('x', 1_100_000) + "\",\"amount\":1}", 413),
        })
        {
            // The body is sent when it is asked for: one that is refused before may else meet a closed connection instead of its answer.
            using var response = await owner.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/strict")
            {
                Content = new StringContent(body, Encoding.UTF8, "application/json"), Headers = { ExpectContinue = true },
            }, "application/json");
            ((int)response.StatusCode).ShouldBe(status, body[..Math.Min(60, body.Length)]);
        }
    }

    [Fact]
    public async Task A_proxy_is_believed_only_where_it_is_named()
    {
        await using var shop = await WebShop.OpenAsync(routes: app => app.MapGet("/who", (HttpContext http) => http.Connection.RemoteIpAddress!.ToString()).RequireSignIn());
        using var owner = await shop.SignInAsync();
        using var answer = await owner.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/who") { Headers = { { "X-Forwarded-For", "198.51.100.7" }, { "X-Forwarded-Proto", "https" } } });
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain("198.51.100.7");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Tokens_hold_over_a_restart_and_their_keys_are_encrypted(Engine engine)
    {
        var storage = TestShop.NewStorage(engine);
        string cookie, token;
        await using (var shop = await WebShop.OpenAsync(engine, storage: storage, keepFolder: true))
        {
            using var browser = shop.Anonymous();
            token = await browser.TokenAsync();
            cookie = browser.Cookies["__Host-wm-antiforgery"];
        }
        await using var restarted = await WebShop.OpenAsync(engine, storage: storage);
        using var returned = restarted.Anonymous();
        returned.SetCookie("__Host-wm-antiforgery", cookie);
        using var posted = await returned.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, "/theme") { Headers = { { "RequestVerificationToken", token } }, Content = new FormUrlEncodedContent([new("theme", "dark")]) }, withToken: false);
        posted.StatusCode.ShouldBe(HttpStatusCode.Redirect);

        var keys = await restarted.Database.ReadAsync(s => s.QueryAsync("select xml from access_key_ring", null, r => r.Text(0), CancellationToken.None), CancellationToken.None);
        var key = keys.ShouldHaveSingleItem();
        key.ShouldContain("<sealed");
        key.ShouldNotContain("masterKey");
    }

    private static async Task<string> RawAsync(Uri address, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, address.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }

    private static string Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "";

    internal sealed record Strict(string Name, int Amount);
}
