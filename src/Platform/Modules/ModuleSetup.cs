using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Wellmet.Platform.Access;
using Wellmet.Platform.Log;

namespace Wellmet.Platform.Modules;

/// <summary>What a module declares at its door. Platform reads the result as a <see cref="ModuleCatalog"/>.</summary>
public sealed class ModuleSetup(IModule module, IServiceCollection services, ModuleCatalog catalog)
{
    public IServiceCollection Services { get; } = services;

    /// <summary>Adds routes. Every route must carry <c>RequirePermission</c> or stand in the anonymous allow-list.</summary>
    public void Routes(Action<IEndpointRouteBuilder> map) => catalog.AddRoutes(map);

    /// <summary>Declares a permission and the roles that have it; the owner has every permission.</summary>
    public void Permission(Permission permission, params Role[] roles) => catalog.AddPermission(permission, roles);

    /// <summary>Lets keys have a permission, so that programs can do what it allows.</summary>
    /// <param name="allows">English text, translated on display: <c>Read orders and their lines</c>.</param>
    public void Scope(Permission permission, string allows) => catalog.AddScope(permission, allows);

    /// <summary>Adds an entry to the left navigation; it is shown to those who hold the permission.</summary>
    public void Menu(MenuEntry entry) => catalog.AddMenu(entry);

    /// <summary>Shows a Razor component on another module's page, e.g. the customer page. See <see cref="Panel"/>.</summary>
    public void Panel(Panel panel) => catalog.AddPanel(panel);

    /// <summary>Declares an event type by its stable name in the log, e.g. <c>commerce.order_placed</c>.</summary>
    public void Event<TEvent>(string name) where TEvent : ILogEvent => catalog.AddEvent(name, typeof(TEvent));

    /// <summary>
    /// Subscribes a receiver under a stable name: its cursor is kept under this name, so renaming it replays the log.
    /// </summary>
    public void Receiver<TReceiver>(string name) where TReceiver : class, IReceiver
    {
        Services.AddScoped<TReceiver>();
        catalog.AddReceiver(new ReceiverRegistration(name, typeof(TReceiver)));
    }

    /// <summary>Work that goes on behind the pages, in every process that runs receivers; nodes must agree through the database.</summary>
    public void Worker<TWorker>() where TWorker : BackgroundService
    {
        Services.AddSingleton<TWorker>();
        catalog.AddWorker(typeof(TWorker));
    }

    /// <summary>The assembly whose embedded <c>Migrations/*.sql</c> and <c>Words.*.resx</c> belong to this module.</summary>
    public Assembly Assembly { get; } = module.GetType().Assembly;
}
