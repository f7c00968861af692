using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Wellmet.Browser;

/// <summary>A page of a shop on an origin of its own, which allows scripts and requests of Wellmet and nothing inline; it counts what moves, and what is chosen.</summary>
internal sealed class ShopPage : IAsyncDisposable
{
    private const string Watch = """
        window.moved = 0;
        new PerformanceObserver(list => list.getEntries().forEach(e => window.moved += e.value)).observe({ type: "layout-shift", buffered: true });
        document.addEventListener("wellmet-chosen", e => window.chosen = e.detail.sku);
        document.addEventListener("click", e => e.composedPath().some(n => n.localName === "a") && e.preventDefault());
        """;

    private readonly WebApplication app;

    private ShopPage(WebApplication app) => this.app = app;

    public string Address => app.Urls.First() + "/";

    public static async Task<ShopPage> ServeAsync(string wellmet, string body)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapGet("/watch.js", () => Results.Content(Watch, "text/javascript"));
        app.MapGet("/style.css", () => Results.Content(":root { color-scheme: light dark; font-family: sans-serif } body { margin: 1rem auto; max-width: 70rem; padding: 0 1rem }", "text/css"));
        app.MapGet("/", (HttpContext http) =>
        {
            http.Response.Headers.ContentSecurityPolicy = $"default-src 'none'; style-src 'self'; script-src 'self' {wellmet}; connect-src {wellmet}";
            return Results.Content($"""
                <!doctype html><html lang="en-GB"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Tea shop</title><link rel="stylesheet" href="/style.css"><script src="/watch.js"></script>
                <script src="{wellmet}/assets/widget.js"></script><main><h1>Tea shop</h1>{body}</main></html>
                """, "text/html");
        });
        await app.StartAsync();
        return new ShopPage(app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
