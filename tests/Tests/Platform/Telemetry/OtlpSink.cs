using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Wellmet.Tests.Platform.Telemetry;

/// <summary>A span as it arrived.</summary>
/// <param name="Status">Its bytes in hex; <c>1802</c> is an error without a text.</param>
internal sealed record SentSpan(string Name, string TraceId, string SpanId, string ParentId, IReadOnlyList<(string TraceId, string SpanId)> Links, IReadOnlyList<string> Tags, string Status);

/// <summary>A real collector for OTLP over HTTP, which keeps what it is sent (opentelemetry-proto: trace.proto, metrics.proto).</summary>
internal sealed class OtlpSink : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<byte[]> traces = new(), metrics = new();

    private OtlpSink(WebApplication app, Uri address) => (this.app, Address) = (app, address);

    public Uri Address { get; }

    public IReadOnlyList<SentSpan> Spans => [.. traces.SelectMany(t => new Protobuf(t).All(1, 2, 2)).Select(s => new SentSpan(
        s.Text(5), s.Hex(1), s.Hex(2), s.Hex(4), [.. s.All(13).Select(l => (l.Hex(1), l.Hex(2)))], [.. s.All(9).Select(a => a.Text(1))], s.Hex(15)))];

    public IReadOnlySet<string> Metrics => metrics.SelectMany(m => new Protobuf(m).All(1, 2, 2)).Select(m => m.Text(1)).ToHashSet();

    /// <summary>Everything that arrived, to look for what must not be in it.</summary>
    public string Raw => string.Concat(traces.Concat(metrics).Select(Encoding.Latin1.GetString));

    public static async Task<OtlpSink> OpenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var address = new Uri($"http://localhost:{WebShop.FreePort()}");
        builder.WebHost.UseUrls(address.ToString());
        var app = builder.Build();
        var sink = new OtlpSink(app, address);
        app.MapPost("/v1/traces", http => KeepAsync(http, sink.traces));
        app.MapPost("/v1/metrics", http => KeepAsync(http, sink.metrics));
        await app.StartAsync();
        return sink;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private static async Task KeepAsync(HttpContext http, ConcurrentQueue<byte[]> kept)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        kept.Enqueue(body.ToArray());
        http.Response.ContentType = "application/x-protobuf";
    }
}
