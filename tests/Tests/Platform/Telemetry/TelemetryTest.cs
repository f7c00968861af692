using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Telemetry;
using Wellmet.Tests.Platform.Access.Keys;

namespace Wellmet.Tests.Platform.Telemetry;

/// <summary>What the running program says of itself, to a real collector and to Prometheus. Alone: whoever listens hears every shop of the process.</summary>
[Collection(nameof(Listening))]
public sealed partial class TelemetryTest
{
    private const string Secret = "secret.person@example.com";

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Metrics_and_linked_spans_arrive_at_a_collector_without_anything_of_a_person(Engine engine)
    {
        await using var sink = await OtlpSink.OpenAsync();
        await using (var shop = await WebShop.OpenAsync(engine, services => services.AddTelemetryExport(new TelemetryOptions(sink.Address) { Interval = TimeSpan.FromMilliseconds(300) })))
        {
            var key = (await shop.MakeKeyAsync("events.write", "customers.read", "customers.read_personal")).Text;
            await SendAsync(shop, key, "/v1/track", """{"userId": "secret.person@example.com", "event": "Order Completed", "messageId": "m", "properties": {"order_id": "9", "products": [{"product_id": "A", "price": 1, "quantity": 1}]}}""");
            await SendAsync(shop, key, $"/v1/customers?email={Uri.EscapeDataString(Secret)}");
            await UntilAsync(() => Received(sink).Any() && sink.Metrics.Contains("wellmet.log.receiver.lag"), () => $"{string.Join(", ", sink.Spans.Select(s => s.Name).Distinct())} {string.Join(", ", sink.Metrics)}");
        }

        foreach (var name in new[]
        {
            "wellmet.collection.events", "wellmet.collection.commit.size", "wellmet.collection.commit.duration", "wellmet.collection.queue", "wellmet.log.receiver.lag", "wellmet.log.leases",
            "http.server.request.duration", "kestrel.active_connections",
        })
        {
            sink.Metrics.ShouldContain(name);
        }
        sink.Spans.ShouldContain(s => s.Name == "GET /v1/customers");
        sink.Spans.SelectMany(s => s.Tags).ShouldNotContain(t => t.StartsWith("url.p", StringComparison.Ordinal) || t.StartsWith("url.q", StringComparison.Ordinal) || t.StartsWith("client", StringComparison.Ordinal) || t.StartsWith("user_agent", StringComparison.Ordinal));
        sink.Raw.ShouldNotContain("secret.person");
        if (engine == Engine.Postgres)
        {
            sink.Metrics.Where(m => m.StartsWith("db.client.", StringComparison.Ordinal)).ShouldNotBeEmpty();
        }
    }

    [Fact]
    public async Task What_the_database_says_of_a_wrong_value_does_not_leave()
    {
        await using var sink = await OtlpSink.OpenAsync();
        await using (var shop = await WebShop.OpenAsync(Engine.Postgres, services => services.AddTelemetryExport(new TelemetryOptions(sink.Address))))
        {
            using var work = Instruments.Source.StartActivity("test");
            var said = await Should.ThrowAsync<Exception>(() => shop.Database.ReadAsync(s => s.CountAsync("select cast(@Secret as integer)", new { Secret }), default));
            said.ToString().ShouldContain(Secret);
        }

        sink.Spans.ShouldContain(s => s.Name != "test" && s.Status == "1802");
        sink.Raw.ShouldNotContain("secret.person");
    }

    /// <summary>Neither by asking for it nor by choosing the id of the trace.</summary>
    [Fact]
    public async Task A_stranger_cannot_have_a_request_traced()
    {
        await using var sink = await OtlpSink.OpenAsync();
        await using (var shop = await WebShop.OpenAsync(Engine.Sqlite, services => services.AddTelemetryExport(new TelemetryOptions(sink.Address) { Ratio = 1e-9 })))
        {
            foreach (var trace in new[] { "00000000000000000000000000000001", "ffffffffffffffffffffffffffffffff", "4bf92f3577b34da6a3ce929d0e0e4736" })
            {
                using var http = new HttpClient { BaseAddress = shop.Address };
                http.DefaultRequestHeaders.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
                using var response = await http.GetAsync(new Uri("/sign-in", UriKind.Relative));
                response.StatusCode.ShouldBe(HttpStatusCode.OK);
            }
        }

        sink.Metrics.ShouldNotBeEmpty();
        sink.Spans.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_of_a_trace_is_kept_where_nobody_listens()
    {
        await using var shop = await WebShop.OpenAsync();
        await SendAsync(shop, (await shop.MakeKeyAsync("events.write")).Text, "/v1/track", """{"userId": "u", "event": "Seen"}""");

        (await shop.Database.ReadAsync(s => s.CountAsync("select count(*) from log_events"), default)).ShouldBeGreaterThan(0);
        (await shop.Database.ReadAsync(s => s.CountAsync("select count(*) from log_events where trace is not null"), default)).ShouldBe(0);
    }

    [Fact]
    public async Task Prometheus_reads_the_figures_with_a_key_that_may()
    {
        await using var shop = await WebShop.OpenAsync();
        var (metrics, write) = ((await shop.MakeKeyAsync("metrics.read")).Text, (await shop.MakeKeyAsync("events.write")).Text);
        await SendAsync(shop, metrics, "/metrics");
        foreach (var body in new[] { """{"userId": "u", "event": "Seen", "messageId": "1"}""", """{"userId": "u", "event": "Seen", "messageId": "1"}""", """{"userId": "u"}""" })
        {
            await SendAsync(shop, write, "/v1/track", body);
        }

        var text = await SendAsync(shop, metrics, "/metrics");
        foreach (var line in new[]
        {
            "# TYPE wellmet_collection_events_total counter", "wellmet_collection_events_total{outcome=\"accepted\"} 1", "wellmet_collection_events_total{outcome=\"duplicate\"} 1",
            "wellmet_collection_events_total{outcome=\"rejected\"} 1", "wellmet_collection_commit_duration_seconds_count 2", "wellmet_collection_commit_size_bucket{le=\"1\"} 2",
            "wellmet_collection_commit_size_bucket{le=\"+Inf\"} 2", "wellmet_collection_commit_size_sum 2", "wellmet_collection_queue 0",
        })
        {
            text.ShouldContain(line + "\n", Case.Sensitive);
        }
        text.ShouldContain("wellmet_log_receiver_lag{receiver=\"customers.figures\"}");
        text.ShouldContain("http_route=\"/v1/track\"");
        text.ShouldContain("http_server_request_duration_seconds_bucket{");
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => !Line().IsMatch(l)).ShouldBeEmpty();
        using var nobody = shop.Anonymous();
        (await nobody.GetAsync("/metrics", "text/plain")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(shop, write, "/metrics")).ShouldBe(HttpStatusCode.Forbidden);
        using var auditor = await shop.SignInAsync(Role.Auditor);
        (await auditor.GetAsync("/metrics", "text/plain")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData(null, null, null, null, null)]
    [InlineData("", " ", null, null, null)]
    [InlineData("http://collector:4318", null, null, null, "http://collector:4318/")]
    [InlineData("https://one", "http://two", null, "a=b,c=d", "https://one/")]
    [InlineData(null, "http://two:4317", "grpc", null, "http://two:4317/ grpc")]
    [InlineData("collector:4318", null, null, null, "telemetry_endpoint_wrong")]
    [InlineData("nonsense", null, null, null, "telemetry_endpoint_wrong")]
    [InlineData("ftp://one", null, null, null, "telemetry_endpoint_wrong")]
    [InlineData("http://user:password@one", null, null, null, "telemetry_endpoint_wrong")]
    [InlineData("http://one", null, "http/json", null, "telemetry_protocol_wrong")]
    [InlineData("http://one", null, null, "token", "telemetry_headers_wrong")]
    [InlineData("http://one", null, null, null, "telemetry_ratio_wrong", "2")]
    [InlineData("http://one", null, null, null, "http://one/", "0.25")]
    public void The_endpoint_is_read_or_refused_with_a_reason(string? option, string? endpoint, string? protocol, string? headers, string? expected, string? ratio = null)
    {
        string? Variable(string name) => name switch
        {
            "OTEL_EXPORTER_OTLP_ENDPOINT" => endpoint, "OTEL_EXPORTER_OTLP_PROTOCOL" => protocol, "OTEL_EXPORTER_OTLP_HEADERS" => headers, "OTEL_TRACES_SAMPLER_ARG" => ratio, _ => null,
        };
        string? read;
        try
        {
            read = TelemetryOptions.Read(option, Variable) is { } options ? options.Endpoint + (options.Grpc ? " grpc" : "") : null;
        }
        catch (ProblemException refused)
        {
            read = refused.Code;
        }
        read.ShouldBe(expected);
    }

    /// <summary>Spans of receivers that are linked to the request that sent the event.</summary>
    private static IEnumerable<SentSpan> Received(OtlpSink sink)
    {
        var requests = sink.Spans.Where(s => s.Name == "POST /v1/track").Select(s => (s.TraceId, s.SpanId)).ToHashSet();
        return sink.Spans.Where(s => s.Name.StartsWith("receive ", StringComparison.Ordinal) && s.Links.Any(requests.Contains));
    }

    private static async Task<string> SendAsync(WebShop shop, string key, string path, string? json = null)
    {
        using var http = new HttpClient { BaseAddress = shop.Address };
        using var request = new HttpRequestMessage(json is null ? HttpMethod.Get : HttpMethod.Post, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return text;
    }

    private static async Task<HttpStatusCode> StatusAsync(WebShop shop, string key, string path)
    {
        using var http = new HttpClient { BaseAddress = shop.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await http.GetAsync(new Uri(path, UriKind.Relative));
        return response.StatusCode;
    }

    private static async Task UntilAsync(Func<bool> holds, Func<string> found)
    {
        for (var i = 0; i < 200 && !holds(); i++)
        {
            await Task.Delay(100);
        }
        holds().ShouldBeTrue(found());
    }

    [GeneratedRegex("""^(# (HELP|TYPE) [a-z_0-9]+ .*|[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\.)*",?)+\})? -?[0-9.eE+-]+)$""", RegexOptions.None, 1000)]
    private static partial Regex Line();
}

/// <summary>Tests during which the whole process is listened to.</summary>
[CollectionDefinition(nameof(Listening), DisableParallelization = true)]
public sealed class Listening;
