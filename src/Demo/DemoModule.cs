using Microsoft.Extensions.DependencyInjection;
using Wellmet.Demo.Console;
using Wellmet.Demo.Contract;
using Wellmet.Demo.Loading;
using Wellmet.Demo.Removal;
using Wellmet.Platform.Modules;

namespace Wellmet.Demo;

/// <summary>The door of Demo: a made-up shop for newcomers to look around in, kept apart from the shop's own data.</summary>
public sealed class DemoModule : IModule
{
    public string Name => "demo";

    public void Configure(ModuleSetup setup)
    {
        setup.Permission(DemoPermissions.Manage);
        setup.Services.AddSingleton<DemoLedger>();
        setup.Services.AddSingleton<IDemoShop>(p => p.GetRequiredService<DemoLedger>());
        Loading(setup);
        Removal(setup.Services);
        Pages(setup);
    }

    private static void Loading(ModuleSetup setup)
    {
        setup.Services.AddScoped<CreateDemo>();
        setup.Services.AddScoped<CreateFirstDemo>();
        setup.Services.AddScoped<DemoPeople>();
        setup.Services.AddScoped<MakeDemo>();
        setup.Worker<DemoWorker>();
    }

    private static void Removal(IServiceCollection services)
    {
        services.AddScoped<RemoveDemo>();
        services.AddScoped<RemovalStores>();
        services.AddScoped<RunRemoval>();
    }

    private static void Pages(ModuleSetup setup)
    {
        setup.Routes(DemoRoutes.MapDemo);
        setup.Menu(new MenuEntry("Settings", "Demo shop", DemoRoutes.Path, "store", DemoPermissions.Manage, 90));
        setup.Panel(new Panel("console.top", typeof(DemoNotice), DemoPermissions.Manage));
    }
}
