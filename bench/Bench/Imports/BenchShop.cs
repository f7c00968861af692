using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Wellmet.Customers.Imports;
using Wellmet.Customers.Imports.Reading;
using Wellmet.Platform.Access;
using Wellmet.Platform.Log;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Storage;
using Wellmet.Server;

namespace Wellmet.Bench.Imports;

/// <summary>A whole Wellmet with all its modules on a new database, without the web server.</summary>
internal sealed class BenchShop : IAsyncDisposable
{
    private readonly IHost host;

    private BenchShop(IHost host, string folder) => (this.host, Folder) = (host, folder);

    /// <summary>Where its files are.</summary>
    public string Folder { get; }

    public Database Database => Get<Database>();
    public T Get<T>() where T : notnull => host.Services.GetRequiredService<T>();

    /// <param name="workers">Whether the receivers run.</param>
    public static async Task<BenchShop> OpenAsync(string? postgres, bool workers)
    {
        return await OnAsync(Path.Combine(Path.GetTempPath(), "wellmet-bench-" + Guid.CreateVersion7().ToString("N")), postgres, workers);
    }

    /// <summary>Another process's worth of the program on the same database.</summary>
    public static async Task<BenchShop> OnAsync(string folder, string? postgres, bool workers = true)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddPlatform(new StorageOptions(folder, postgres), ModuleList.All);
        if (workers)
        {
            builder.Services.AddLogWorkers();
        }
        var host = builder.Build();
        await host.Services.GetRequiredService<Preparation>().RunAsync(CancellationToken.None);
        await host.StartAsync();
        return new BenchShop(host, folder);
    }

    public async Task<TResult> UseAsync<T, TResult>(Func<T, Task<TResult>> use) where T : notnull
    {
        await using var scope = host.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().Value = Actor.System;
        return await use(scope.ServiceProvider.GetRequiredService<T>());
    }

    /// <summary>Imports a sales file.</summary>
    public async Task<Import> ImportAsync(string file, string layout, IProgress<ImportProgress>? progress, CancellationToken ct)
    {
        var import = await UseAsync<StartImport, Import>(s => s.RunAsync(new StartImportRequest(ImportSource.Local(file), Path.GetFileName(file), layout), ct));
        return await UseAsync<RunImport, Import>(r => r.RunAsync(new RunImportRequest(import.ImportId, ImportSource.Local(file), progress), ct));
    }

    /// <summary>Waits until every receiver has seen everything.</summary>
    public async Task DrainAsync(CancellationToken ct)
    {
        var history = Get<LogHistory>();
        var heads = await history.HeadsAsync(ct);
        while (!await history.HaveAllSeenAsync(heads, ct))
        {
            await Task.Delay(10, ct);
        }
    }

    /// <summary>Its receivers end, so that those of a server have all there is; it can still be asked.</summary>
    public Task StopAsync() => host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        if (host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}
