using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace Wellmet.Browser;

/// <summary>A Wellmet with a write key.</summary>
public sealed class SnippetApp() : ConsoleApp("Production")
{
    private string? key;

    public async Task<string> KeyAsync()
    {
        if (key is null)
        {
            var console = await OpenAsync();
            await console.GotoAsync("/console/settings/storefronts");
            await console.Locator("main a[href$='/new'], main button[data-open]").First.ClickAsync();
            await console.Locator("input[name=name]").FillAsync("Lamp shop");
            await console.Locator("main form:has(input[name=name]) button.primary, dialog form button.primary").First.ClickAsync();
            await console.GetByText("Lamp shop").First.WaitForAsync();
            await console.GotoAsync("/console/settings/keys/new?kind=write");
            await console.Locator("input[name=name]").FillAsync("Lamp shop pages");
            await console.Locator("main form button.primary").ClickAsync();
            key = await console.Locator("#key").InputValueAsync();
        }
        return key;
    }
}

/// <summary>Pages of a shop with wellmet.js, on an origin of their own; and a plain one without.</summary>
internal sealed class SnippetShop : IAsyncDisposable
{
    private readonly WebApplication app;

    private SnippetShop(WebApplication app, string host)
    {
        this.app = app;
        Address = app.Urls.First().Replace("127.0.0.1", host, StringComparison.Ordinal) + "/";
    }

    public string Address { get; }

    /// <param name="attributes">Of the script.</param>
    /// <param name="host">127.0.0.1 or localhost: two domains of one machine.</param>
    public static async Task<SnippetShop> OpenAsync(SnippetApp wellmet, string attributes = "", string body = "", string host = "127.0.0.1")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var script = $"""<script async src="{wellmet.BaseUrl}/wellmet.js" data-write-key="{await wellmet.KeyAsync()}" {attributes}></script>""";
        app.MapGet("/plain", () => Results.Content("<!doctype html><title>Plain</title>", "text/html"));
        app.MapGet("/", () => Results.Content($"<!doctype html><title>Lamps</title><script>window.wellmet = {{ q: [] }}</script>{script}<h1>Lamps</h1>{body}", "text/html"));
        await app.StartAsync();
        return new SnippetShop(app, host);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}

/// <summary>Somebody who visits the shop, and what their browser says to Wellmet.</summary>
internal sealed class SnippetVisitor
{
    private readonly ConcurrentQueue<JsonElement> sent = new(), answered = new();

    private SnippetVisitor(IBrowserContext context, IPage page)
    {
        (Context, Page) = (context, page);
        context.Request += (_, request) =>
        {
            if (request.Url.EndsWith("/v1/batch", StringComparison.Ordinal))
            {
                JsonElement.Parse(request.PostData!).GetProperty("batch").EnumerateArray().ToList().ForEach(sent.Enqueue);
            }
        };
        context.Response += async (_, response) =>
        {
            if (response.Url.EndsWith("/v1/batch", StringComparison.Ordinal) && response.Status == 200)
            {
                (await response.JsonAsync())!.Value.GetProperty("events").EnumerateArray().ToList().ForEach(answered.Enqueue);
            }
        };
    }

    public IBrowserContext Context { get; }
    public IPage Page { get; }

    public IReadOnlyList<JsonElement> Sent => [.. sent];

    public static async Task<SnippetVisitor> ComeAsync(SnippetApp app)
    {
        var context = await app.Browser.NewContextAsync();
        return new SnippetVisitor(context, await context.NewPageAsync());
    }

    public async Task GoAsync(string address)
    {
        await Page.GotoAsync(address);
        await Page.WaitForFunctionAsync("() => !wellmet.q");
    }

    /// <summary>How each event of this name was answered, as soon as there are so many answers.</summary>
    public async Task<IReadOnlyList<string>> AnswersAsync(string name, int count)
    {
        for (var i = 0; i < 200; i++)
        {
            var ids = Of(name).Select(e => e.GetProperty("messageId").GetString()).ToHashSet();
            IReadOnlyList<string> all = [.. answered.Where(a => ids.Contains(a.GetProperty("messageId").GetString())).Select(a => a.GetProperty("status").GetString()!)];
            if (all.Count >= count)
            {
                return all;
            }
            await Task.Delay(50);
        }
        throw new InvalidOperationException($"{name} was not answered {count} times.");
    }

    /// <summary>All times that it was sent. A page's name is its type.</summary>
    public IReadOnlyList<JsonElement> Of(string name) => [.. sent.Where(e => (e.TryGetProperty("event", out var n) ? n : e.GetProperty("type")).GetString() == name)];

    public async Task<string?> CookieAsync(string name = "wm_visitor") => (await Context.CookiesAsync([Page.Url])).SingleOrDefault(c => c.Name == name)?.Value;

    public Task<int> KeptAsync() => Page.EvaluateAsync<int>("() => localStorage.length");
}
