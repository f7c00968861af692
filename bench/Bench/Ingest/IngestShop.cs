using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Keys;
using Wellmet.Platform.Log;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Security;
using Wellmet.Platform.Storage;
using Wellmet.Server;

namespace Wellmet.Bench.Ingest;

/// <summary>The real web server on a free port of this machine, on a new database, and a client with a secret key.</summary>
internal sealed class IngestShop : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly string folder;

    private IngestShop(WebApplication app, string folder, HttpClient client) => (this.app, this.folder, Client) = (app, folder, client);

    public HttpClient Client { get; }
    public Database Database => app.Services.GetRequiredService<Database>();
    public ModuleCatalog Catalog => app.Services.GetRequiredService<ModuleCatalog>();

    public static async Task<IngestShop> OpenAsync(string? postgres, CancellationToken ct)
    {
        var folder = Path.Combine(Path.GetTempPath(), "wellmet-bench-" + Guid.CreateVersion7().ToString("N"));
        var port = FreePort();
        var address = new Uri($"http://localhost:{port}");
        var app = WebServer.Build(new StorageOptions(folder, postgres), port, new WebOptions(address, []), b => b.Logging.SetMinimumLevel(LogLevel.Error).AddFilter("Wellmet", LogLevel.Error));
        await app.Services.GetRequiredService<Preparation>().RunAsync(ct);
        await app.StartAsync(ct);
        await using var scope = app.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().Value = Actor.System;
        var key = await scope.ServiceProvider.GetRequiredService<CreateAccessKey>().RunAsync(new(AccessKeyKind.Secret, "bench", [AccessPermissions.WriteEvents.Code]), ct);
        var client = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromHours(1) }) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Text);
        return new IngestShop(app, folder, client);
    }

    /// <summary>Sends a batch; answers the status.</summary>
    public async Task<HttpStatusCode> SendAsync(byte[] batch, CancellationToken ct)
    {
        using var content = new ByteArrayContent(batch);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await Client.PostAsync(new Uri("/v1/batch", UriKind.Relative), content, ct);
        await answer.Content.CopyToAsync(Stream.Null, ct);
        return answer.StatusCode;
    }

    /// <summary>Waits until every receiver has seen everything.</summary>
    public async Task DrainAsync(CancellationToken ct)
    {
        var history = app.Services.GetRequiredService<LogHistory>();
        var heads = await history.HeadsAsync(ct);
        while (!await history.HaveAllSeenAsync(heads, ct))
        {
            await Task.Delay(10, ct);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
