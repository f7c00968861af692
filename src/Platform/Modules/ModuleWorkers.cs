using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Wellmet.Platform.Modules;

/// <summary>Starts and stops the workers that modules declared.</summary>
internal sealed class ModuleWorkers(ModuleCatalog catalog, IServiceProvider services) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.WhenAll(Workers.Select(w => w.StartAsync(cancellationToken)));

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(Workers.Select(w => w.StopAsync(cancellationToken)));

    private IEnumerable<IHostedService> Workers => catalog.Workers.Select(w => (IHostedService)services.GetRequiredService(w));
}
