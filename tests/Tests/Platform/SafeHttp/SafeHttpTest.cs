using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Wellmet.Platform;
using Wellmet.Platform.SafeHttp;

namespace Wellmet.Tests.Platform.SafeHttp;

/// <summary>
/// Two real servers on loopback: one at 127.0.0.1, which the options allow, and a canary at 127.0.0.2 on the same port, which nothing may ever reach.
/// </summary>
public sealed class SafeHttpTest : IAsyncLifetime
{
    private readonly int port = WebShop.FreePort();
    private readonly List<string> heard = [];
    private int canary;
    private WebApplication app = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.Listen(IPAddress.Parse("127.0.0.1"), port);
            k.Listen(IPAddress.Parse("127.0.0.2"), port);
        });
        app = builder.Build();
        app.Use(async (http, next) =>
        {
            if (http.Connection.LocalIpAddress!.Equals(IPAddress.Parse("127.0.0.2")))
            {
                Interlocked.Increment(ref canary);
            }
            lock (heard)
            {
                heard.Add($"{http.Request.Method} {http.Request.Host.Host} {http.Request.Path} {http.Request.Headers.Authorization} {http.Request.Headers.Cookie}");
            }
            await next(http);
        });
        app.MapGet("/hello", (HttpContext http) =>
        {
            http.Response.Cookies.Append("tracking", "1");
            return "hello";
        });
        app.MapPost("/hook", async (HttpRequest request) => await new StreamReader(request.Body).ReadToEndAsync());
        app.MapPost("/moved", () => Results.Redirect("/hello"));
        app.MapGet("/to", (string url) => Results.Redirect(url));
        app.MapGet("/loop", () => Results.Redirect("/loop"));
        app.MapGet("/large", () => Results.Bytes(new byte[20_000]));
        app.MapGet("/endless", async (HttpResponse response) =>
        {
            for (var i = 0; i < 1000; i++)
            {
                await response.Body.WriteAsync(new byte[1000]);
                await response.Body.FlushAsync();
            }
        });
        app.MapGet("/slow", async (CancellationToken ct) => await Task.Delay(TimeSpan.FromMinutes(1), ct));
        await app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    [Fact]
    public async Task A_request_gets_its_answer_without_keeping_cookies()
    {
        using var client = Client();
        for (var i = 0; i < 2; i++)
        {
            var answer = await client.SendAsync(new(HttpMethod.Get, Url("shop.example", "/hello")), CancellationToken.None);
            (answer.Status, Encoding.UTF8.GetString(answer.Body)).ShouldBe((200, "hello"));
        }
        heard.ShouldAllBe(h => !h.Contains("tracking", StringComparison.Ordinal));

        var posted = await client.SendAsync(new(HttpMethod.Post, Url("shop.example", "/hook")) { Body = RequestBody.AboutNobody("{}"u8.ToArray()) }, CancellationToken.None);
        Encoding.UTF8.GetString(posted.Body).ShouldBe("{}");
    }

    [Theory]
    [InlineData("http://127.0.0.2:{0}/hello")]
    [InlineData("http://127.2:{0}/hello")]
    [InlineData("http://2130706434:{0}/hello")]
    [InlineData("http://0x7f000002:{0}/hello")]
    [InlineData("http://0177.0.0.2:{0}/hello")]
    [InlineData("http://１２７.0.0.2:{0}/hello")]
    [InlineData("http://[::ffff:127.0.0.2]:{0}/hello")]
    [InlineData("http://[::ffff:7f00:2]:{0}/hello")]
    [InlineData("http://[64:ff9b::7f00:2]:{0}/hello")]
    [InlineData("http://user@127.0.0.1:{0}/hello")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://127.0.0.1:{0}/")]
    [InlineData("http://127.0.0.1:22/")]
    [InlineData("//shop.example/hello")]
    public async Task An_address_that_is_not_public_is_refused_before_anything_is_sent(string pattern)
    {
        using var client = Client();
        var address = new Uri(string.Format(System.Globalization.CultureInfo.InvariantCulture, pattern, port), UriKind.RelativeOrAbsolute);
        (await Should.ThrowAsync<ProblemException>(() => client.SendAsync(new(HttpMethod.Get, address), CancellationToken.None))).Code.ShouldBe("address_invalid");
        heard.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("inside.example")]
    [InlineData("mixed.example")]
    [InlineData("mapped.example")]
    [InlineData("nowhere.example")]
    [InlineData("dead.example")]
    public async Task A_name_that_leads_inside_or_nowhere_fails_the_same_way(string host)
    {
        using var client = Client();
        var refusal = await Should.ThrowAsync<ProblemException>(() => client.SendAsync(new(HttpMethod.Get, Url(host, "/hello")), CancellationToken.None));
        (refusal.Code, refusal.Message).ShouldBe(("address_unreachable", $"{host} could not be reached."));
        canary.ShouldBe(0);
    }

    [Fact]
    public async Task A_failure_takes_its_least_time_whatever_the_cause()
    {
        using var client = Client(o => o with { LeastFailureTime = TimeSpan.FromMilliseconds(400) });
        foreach (var host in new[] { "inside.example", "nowhere.example", "dead.example" })
        {
            var started = TimeProvider.System.GetTimestamp();
            await Should.ThrowAsync<ProblemException>(() => client.SendAsync(new(HttpMethod.Get, Url(host, "/hello")), CancellationToken.None));
            TimeProvider.System.GetElapsedTime(started).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(390), host);
        }
    }

    [Fact]
    public async Task A_name_that_changes_its_mind_between_check_and_connection_gains_nothing()
    {
        var asked = 0;
        using var client = Client(o => o with
        {
            // The first answer is fine, every later one leads inside, as a rebinding name server does.
            Resolve = (_, _) => Task.FromResult(new[] { IPAddress.Parse(Interlocked.Increment(ref asked) == 1 ? "127.0.0.1" : "127.0.0.2") }),
        });
        (await client.SendAsync(new(HttpMethod.Get, Url("rebind.example", "/hello")), CancellationToken.None)).Status.ShouldBe(200);
        asked.ShouldBe(1, "connected to what was checked");
        canary.ShouldBe(0);
    }

    [Fact]
    public async Task Redirects_are_checked_anew_and_counted()
    {
        using var client = Client();
        var followed = await client.SendAsync(new(HttpMethod.Get, Url("shop.example", "/to?url=/hello")), CancellationToken.None);
        followed.Address.AbsolutePath.ShouldBe("/hello");

        (await FailAsync(client, $"/to?url=http://127.0.0.2:{port}/hello")).ShouldBe("address_invalid");
        (await FailAsync(client, $"/to?url=http://inside.example:{port}/hello")).ShouldBe("address_unreachable");
        (await FailAsync(client, "/to?url=file:///etc/passwd")).ShouldBe("address_invalid");
        (await FailAsync(client, "/loop")).ShouldBe("address_unreachable");
        heard.Count(h => h.Contains("/loop", StringComparison.Ordinal)).ShouldBe(4);
        canary.ShouldBe(0);

        var posted = await client.SendAsync(new(HttpMethod.Post, Url("shop.example", "/moved")), CancellationToken.None);
        posted.Status.ShouldBe(302, "what changes something is not sent elsewhere");
    }

    [Fact]
    public async Task Secrets_stay_with_their_host()
    {
        using var client = Client();
        await client.SendAsync(new(HttpMethod.Get, Url("shop.example", $"/to?url=http://other.example:{port}/hello"))
        { Headers = new Dictionary<string, string> { ["Authorization"] = "Bearer secret" } }, CancellationToken.None);
        heard.Single(h => h.Contains("shop.example", StringComparison.Ordinal)).ShouldContain("secret");
        heard.Single(h => h.Contains("other.example", StringComparison.Ordinal)).ShouldNotContain("secret");
    }

    [Theory]
    [InlineData("/large", "answer_large")]
    [InlineData("/endless", "answer_large")]
    [InlineData("/slow", "address_unreachable")]
    public async Task Too_much_and_too_slow_are_cut_off(string path, string code)
    {
        using var client = Client(o => o with { MaxAnswerBytes = 10_000, Timeout = TimeSpan.FromSeconds(1) });
        (await FailAsync(client, path)).ShouldBe(code);
    }

    [Fact]
    public async Task Plain_http_and_loopback_are_refused_by_default()
    {
        using var client = new SafeHttpClient(new SafeHttpOptions(), TimeProvider.System);
        foreach (var address in new[] { "http://example.com/", "https://127.0.0.1/", "https://[::1]/", "https://example.com:8443/" })
        {
            (await Should.ThrowAsync<ProblemException>(() => client.SendAsync(new(HttpMethod.Get, new Uri(address)), CancellationToken.None))).Code.ShouldBe("address_invalid");
        }
        (await Should.ThrowAsync<ProblemException>(() => client.SendAsync(new(HttpMethod.Get, new Uri("https://localhost/")), CancellationToken.None))).Code.ShouldBe("address_unreachable");
    }

    private async Task<string> FailAsync(SafeHttpClient client, string path) =>
        (await Should.ThrowAsync<ProblemException>(() => client.SendAsync(new(HttpMethod.Get, Url("shop.example", path)), CancellationToken.None))).Code;

    private Uri Url(string host, string path) => new($"http://{host}:{port}{path}");

    private SafeHttpClient Client(Func<SafeHttpOptions, SafeHttpOptions>? change = null)
    {
        var options = new SafeHttpOptions
        {
            AllowPlainHttp = true,
            AllowedRanges = [System.Net.IPNetwork.Parse("127.0.0.1/32")],
            Ports = [port],
            LeastFailureTime = TimeSpan.Zero,
            Resolve = (host, _) => host switch
            {
                "shop.example" or "other.example" => Task.FromResult(new[] { IPAddress.Loopback }),
                "inside.example" => Task.FromResult(new[] { IPAddress.Parse("127.0.0.2") }),
                "mixed.example" => Task.FromResult(new[] { IPAddress.Loopback, IPAddress.Parse("127.0.0.2") }),
                "mapped.example" => Task.FromResult(new[] { IPAddress.Parse("::ffff:127.0.0.2") }),
                "dead.example" => Task.FromResult(Array.Empty<IPAddress>()),
                _ => throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.HostNotFound),
            },
        };
        return new SafeHttpClient(change is null ? options : change(options), TimeProvider.System);
    }
}
