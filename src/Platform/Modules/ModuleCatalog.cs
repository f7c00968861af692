using System.Reflection;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform.Access;
using Wellmet.Platform.Log;

namespace Wellmet.Platform.Modules;

/// <summary>An entry of the left navigation.</summary>
/// <param name="Group">Home, Customers, Inbox, Grow, Keep, Market, Know or Settings (English text, translated on display).</param>
/// <param name="Label">English text, translated on display.</param>
/// <param name="Icon">Name of an icon in the interface kit.</param>
/// <param name="Order">Position within the group.</param>
public sealed record MenuEntry(string Group, string Label, string Path, string Icon, Permission Permission, int Order = 0);

/// <summary>A Razor component that a module shows on a place owned by another one.</summary>
/// <param name="Place">E.g. <c>customer.side</c>, <c>product.main</c>, <c>key.main</c>, <c>home</c>; the owner of the place says which parameters it passes.</param>
public sealed record Panel(string Place, Type Component, Permission Permission, int Order = 0);

/// <summary>Everything the modules declared, in the order in which Server lists them.</summary>
public sealed class ModuleCatalog
{
    private readonly List<IModule> modules = [];
    private readonly List<Action<IEndpointRouteBuilder>> routes = [];
    private readonly Dictionary<Permission, HashSet<Role>> permissions = [];
    private readonly Dictionary<Permission, string> scopes = [];
    private readonly List<MenuEntry> menu = [];
    private readonly List<Panel> panels = [];
    private readonly List<ReceiverRegistration> receivers = [];
    private readonly List<Type> workers = [];
    private readonly EventTypes events = new();

    public IReadOnlyList<IModule> Modules => modules;
    public IReadOnlyList<Action<IEndpointRouteBuilder>> RouteMaps => routes;
    public IReadOnlyDictionary<Permission, HashSet<Role>> Permissions => permissions;

    /// <summary>The permissions that a key can be given, with what they allow (English text, translated on display).</summary>
    public IReadOnlyDictionary<Permission, string> Scopes => scopes;
    public IReadOnlyList<MenuEntry> Menu => menu;
    public IReadOnlyList<ReceiverRegistration> Receivers => receivers;
    public IReadOnlyList<Type> Workers => workers;
    public EventTypes Events => events;

    /// <summary>Platform first, then the modules in order: the order in which migrations run.</summary>
    public IEnumerable<Assembly> Assemblies => modules.Select(m => m.GetType().Assembly).Prepend(typeof(ModuleCatalog).Assembly).Distinct();

    public IEnumerable<Panel> PanelsAt(string place) => panels.Where(p => p.Place == place).OrderBy(p => p.Order);

    internal void Add(IModule module) => modules.Add(module);
    internal void AddScope(Permission permission, string allows) => scopes.Add(permission, allows);
    internal void AddRoutes(Action<IEndpointRouteBuilder> map) => routes.Add(map);
    internal void AddMenu(MenuEntry entry) => menu.Add(entry);
    internal void AddPanel(Panel panel) => panels.Add(panel);
    internal void AddWorker(Type worker) => workers.Add(worker);
    internal void AddEvent(string name, Type type) => events.Add(name, type);

    internal void AddReceiver(ReceiverRegistration receiver)
    {
        if (receivers.Any(r => r.Name == receiver.Name))
        {
            throw new InvalidOperationException($"Two receivers are called '{receiver.Name}'.");
        }
        receivers.Add(receiver);
    }

    internal void AddPermission(Permission permission, Role[] roles)
    {
        if (!permissions.TryGetValue(permission, out var holders))
        {
            permissions[permission] = holders = [Role.Owner];
        }
        holders.UnionWith(roles);
    }
}
