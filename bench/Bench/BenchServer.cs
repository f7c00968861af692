using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Keys;
using Wellmet.Platform.Security;
using Wellmet.Platform.Storage;
using Wellmet.Server;

namespace Wellmet.Bench;

/// <summary>
/// The server as users start it, a process of its own on a free port and a database that is there already, and a client with a secret key. The client's garbage must
/// not be collected on the server's time.
/// </summary>
internal sealed class BenchServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process process;

    private BenchServer(Process process, HttpClient client) => (this.process, Client) = (process, client);

    public HttpClient Client { get; }

    /// <summary>The most memory that the server held so far, in MB.</summary>
    public double PeakRssMegabytes => Machine.PeakRssMegabytes(process.Id);

    /// <param name="scopes">Of the key.</param>
    public static async Task<BenchServer> StartAsync(string folder, string? postgres, Permission[] scopes, CancellationToken ct)
    {
        var port = FreePort();
        var key = await KeyAsync(new StorageOptions(folder, postgres), port, scopes, ct);
        var client = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromHours(1) })
        {
            BaseAddress = new Uri($"http://localhost:{port}"),
            Timeout = TimeSpan.FromMinutes(2),
        };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Text);
        var server = new BenchServer(Start(folder, postgres, port), client);
        await server.ReadyAsync(ct);
        return server;
    }

    /// <summary>Sends JSON; answers the status.</summary>
    public async Task<HttpStatusCode> PostAsync(string path, byte[] json, CancellationToken ct)
    {
        using var content = new ByteArrayContent(json);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await Client.PostAsync(new Uri(path, UriKind.Relative), content, ct);
        await answer.Content.CopyToAsync(Stream.Null, ct);
        return answer.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static async Task<IssuedKey> KeyAsync(StorageOptions storage, int port, Permission[] scopes, CancellationToken ct)
    {
        await using var app = WebServer.Build(storage, port, new WebOptions(new Uri($"http://localhost:{port}"), []));
        await using var scope = app.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().Value = Actor.System;
        return await scope.ServiceProvider.GetRequiredService<CreateAccessKey>().RunAsync(new(AccessKeyKind.Secret, "bench", [.. scopes.Select(s => s.Code)]), ct);
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
                using var answer = await Client.GetAsync(new Uri("/health/ready", UriKind.Relative), ct);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException) when (!process.HasExited && Stopwatch.GetElapsedTime(started) < Patience)
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
