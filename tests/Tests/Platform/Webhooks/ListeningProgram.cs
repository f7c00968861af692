using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Wellmet.Tests.Platform.Webhooks;

/// <summary>A message as a program got it.</summary>
internal sealed record Heard(string Path, string Id, long Timestamp, string[] Signatures, byte[] Body)
{
    public JsonElement Json => JsonElement.Parse(Body);

    public string Type => Json.GetProperty("type").GetString()!;

    /// <summary>Checks by the words of the specification, with code of its own.</summary>
    public bool IsSignedWith(string secret) => Signatures.Any(s => s == "v1," + Convert.ToBase64String(
        HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), Encoding.UTF8.GetBytes($"{Id}.{Timestamp}.{Encoding.UTF8.GetString(Body)}"))));
}

/// <summary>Another program: a real server on loopback that hears webhooks, and answers as the test says.</summary>
internal sealed class ListeningProgram : IAsyncDisposable
{
    private readonly WebApplication app;

    private ListeningProgram(WebApplication app) => this.app = app;

    public ConcurrentQueue<Heard> Heard { get; } = new();

    /// <summary>How a message is answered; 204 where the test says nothing.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = http => { http.Response.StatusCode = 204; return Task.CompletedTask; };

    public string Address => app.Urls.First();
    public int Port => new Uri(Address).Port;

    public static async Task<ListeningProgram> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var program = new ListeningProgram(app);
        app.Map("/{**path}", program.HearAsync);
        await app.StartAsync();
        return program;
    }

    public async Task<List<Heard>> WaitAsync(int messages)
    {
        for (var i = 0; i < 1200 && Heard.Count < messages; i++)
        {
            await Task.Delay(25);
        }
        return [.. Heard];
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private async Task HearAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        Heard.Enqueue(new Heard(http.Request.Path, http.Request.Headers["webhook-id"].ToString(), long.Parse(http.Request.Headers["webhook-timestamp"].ToString(), System.Globalization.CultureInfo.InvariantCulture),
            http.Request.Headers["webhook-signature"].ToString().Split(' '), body.ToArray()));
        await Answer(http);
    }
}
