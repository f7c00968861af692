using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wellmet.Platform.Access;
using Wellmet.Platform.Log;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Storage;

namespace Wellmet.Server.Commands;

/// <summary>The program without its web server, for a command: opened, prepared, and closed again.</summary>
internal sealed class ShopHost : IAsyncDisposable
{
    private readonly IHost host;
    private readonly AsyncServiceScope scope;

    private ShopHost(IHost host)
    {
        this.host = host;
        scope = host.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().Value = Actor.System;
    }

    public IServiceProvider Services => scope.ServiceProvider;

    /// <param name="receivers">Whether receivers run in this process while the command does.</param>
    /// <param name="prepare">Whether folders, keys and schema are made ready first.</param>
    /// <param name="configure">What only this command needs.</param>
    /// <param name="log">Settings of the receivers; the usual ones where null.</param>
    public static async Task<ShopHost> OpenAsync(StorageOptions storage, bool receivers, bool prepare, CancellationToken ct, Action<IServiceCollection>? configure = null, LogOptions? log = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddSimpleConsole(o => o.SingleLine = true).SetMinimumLevel(LogLevel.Error);
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddPlatform(storage, ModuleList.All, log ?? (receivers ? new LogOptions() : new LogOptions { RecentBytes = 0 }));
        configure?.Invoke(builder.Services);
        if (receivers)
        {
            builder.Services.AddLogWorkers();
        }
        var host = builder.Build();
        if (prepare)
        {
            await host.Services.GetRequiredService<Preparation>().RunAsync(ct);
        }
        await host.StartAsync(ct);
        return new ShopHost(host);
    }

    /// <summary>Waits until every receiver, here or on another node, has seen everything.</summary>
    public async Task DrainAsync(Action<long> behind, CancellationToken ct)
    {
        var reader = Services.GetRequiredService<LogReader>();
        var receivers = Services.GetRequiredService<ModuleCatalog>().Receivers.Count;
        while (true)
        {
            var lag = await reader.LagAsync(ct);
            var left = lag.Sum(l => l.Behind);
            behind(left);
            if (lag.Count >= receivers && left == 0)
            {
                return;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(50), ct);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await scope.DisposeAsync();
        await host.StopAsync();
        if (host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }
}
