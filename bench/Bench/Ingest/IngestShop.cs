using System.Net;
using Wellmet.Bench.Imports;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Bench.Ingest;

/// <summary>A server on a new database, which takes events, and a look into that database.</summary>
internal sealed class IngestShop : IAsyncDisposable
{
    private readonly BenchShop shop;
    private readonly BenchServer server;

    private IngestShop(BenchShop shop, BenchServer server) => (this.shop, this.server) = (shop, server);

    public Database Database => shop.Database;
    public KeyStore Keys => shop.Get<KeyStore>();

    /// <inheritdoc cref="BenchServer.PeakRssMegabytes"/>
    public double PeakRssMegabytes => server.PeakRssMegabytes;

    public static async Task<IngestShop> OpenAsync(string? postgres, CancellationToken ct)
    {
        var shop = await BenchShop.OpenAsync(postgres, workers: false);
        return new IngestShop(shop, await BenchServer.StartAsync(shop.Folder, postgres, [AccessPermissions.WriteEvents], ct));
    }

    /// <summary>Sends a batch; answers the status.</summary>
    public Task<HttpStatusCode> SendAsync(byte[] batch, CancellationToken ct) => server.PostAsync("/v1/batch", batch, ct);

    /// <summary>Waits until every receiver has seen everything.</summary>
    public Task DrainAsync(CancellationToken ct) => shop.DrainAsync(ct);

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await shop.DisposeAsync();
    }
}
