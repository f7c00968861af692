using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Wellmet.Bench.Imports;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Keys;
using Wellmet.Platform.Security;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;
using Wellmet.Server;

namespace Wellmet.Bench.Ingest;

/// <summary>
/// The server as users start it, a process of its own on a free port and a new database, and a client with a secret key. The client's garbage must
/// not be collected on the server's time.
/// </summary>
internal sealed class IngestShop : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly BenchShop shop;
    private readonly Process server;
    private readonly HttpClient client;

    private IngestShop(BenchShop shop, Process server, HttpClient client) => (this.shop, this.server, this.client) = (shop, server, client);

    public Database Database => shop.Database;
    public KeyStore Keys => shop.Get<KeyStore>();

    /// <summary>The most memory that the server held so far, in MB.</summary>
    public double PeakRssMegabytes => Machine.PeakRssMegabytes(server.Id);

    public static async Task<IngestShop> OpenAsync(string? postgres, CancellationToken ct)
    {
        var shop = await BenchShop.OpenAsync(postgres, workers: false);
        var port = FreePort();
        var key = await KeyAsync(new StorageOptions(shop.Folder, postgres), port, ct);
        var client = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromHours(1) })
        {
            BaseAddress = new Uri($"http://localhost:{port}"),
            Timeout = TimeSpan.FromMinutes(2),
        };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Text);
        var opened = new IngestShop(shop, Start(shop.Folder, postgres, port), client);
        await opened.ReadyAsync(ct);
        return opened;
    }

    /// <summary>Sends a batch; answers the status.</summary>
    public async Task<HttpStatusCode> SendAsync(byte[] batch, CancellationToken ct)
    {
        using var content = new ByteArrayContent(batch);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await client.PostAsync(new Uri("/v1/batch", UriKind.Relative), content, ct);
        await answer.Content.CopyToAsync(Stream.Null, ct);
        return answer.StatusCode;
    }

    /// <summary>Waits until every receiver has seen everything.</summary>
    public Task DrainAsync(CancellationToken ct) => shop.DrainAsync(ct);

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        server.Kill();
        await server.WaitForExitAsync();
        server.Dispose();
        await shop.DisposeAsync();
    }

    private static async Task<IssuedKey> KeyAsync(StorageOptions storage, int port, CancellationToken ct)
    {
        await using var app = WebServer.Build(storage, port, new WebOptions(new Uri($"http://localhost:{port}"), []));
        await using var scope = app.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().Value = Actor.System;
        return await scope.ServiceProvider.GetRequiredService<CreateAccessKey>()
            .RunAsync(new(AccessKeyKind.Secret, "bench", [AccessPermissions.WriteEvents.Code]), ct);
    }

    private static Process Start(string folder, string? postgres, int port)
    {
        List<string> arguments = [Path.Combine(AppContext.BaseDirectory, "wellmet.dll"), "up", "--no-demo", "--data", folder, "--port", $"{port}"];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true };
        if (postgres is not null)
        {
            start.Environment["WELLMET_DATABASE"] = postgres;
        }
        var process = Process.Start(start) ?? throw new InvalidOperationException("The server could not be started.");
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    private async Task ReadyAsync(CancellationToken ct)
    {
        for (var started = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri("/health/ready", UriKind.Relative), ct);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException) when (!server.HasExited && Stopwatch.GetElapsedTime(started) < Patience)
            {
                // It does not listen yet.
            }
            await Task.Delay(50, ct);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
