using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Sessions;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Ui;
using Wellmet.Platform.Ui.Parts;

namespace Wellmet.Tests.Platform.Ui;

/// <summary>The interface kit with two menu entries, in memory: its routes, and its parts one by one.</summary>
public sealed class UiHost : IAsyncDisposable
{
    public static readonly Permission Read = new("things.read");
    public static readonly Permission Secret = new("secrets.read");
    public static readonly Actor Reader = new(Guid.CreateVersion7(), "reader", Role.Analyst, p => p == Read);

    private readonly WebApplication app;

    private UiHost(WebApplication app) => this.app = app;

    public IServiceProvider Services => app.Services;
    public HttpClient Client => app.GetTestClient();

    public static async Task<UiHost> StartAsync(
        Actor? actor = null, TimeProvider? clock = null, Action<IEndpointRouteBuilder>? routes = null, string? postgres = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddAuthorization();
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        var catalog = new ModuleCatalog();
        var setup = new ModuleSetup(new NoModule(), builder.Services, catalog);
        setup.Menu(new MenuEntry("Customers", "Customers", "/console/customers", "users", Read));
        setup.Menu(new MenuEntry("Settings", "Search", "/console/secrets", "lock", Secret));
        setup.Panel(new Panel("thing.side", typeof(Badge), Read, 2));
        setup.Panel(new Panel("thing.side", typeof(Notice), Read, 1));
        setup.Panel(new Panel("thing.side", typeof(EmptyState), Secret));
        setup.Panel(new Panel("elsewhere", typeof(EmptyState), Read));
        builder.Services.AddSingleton(catalog).AddSingleton(new StorageOptions(Path.GetTempPath(), postgres)).AddScoped<CurrentActor>().AddScoped<CurrentSession>().AddSingleton(clock ?? TimeProvider.System).AddUi();
        var app = builder.Build();
        app.Use((http, next) =>
        {
            http.RequestServices.GetRequiredService<CurrentActor>().Value = actor ?? Reader;
            http.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "Ann <b>Lee</b>")], "test"));
            return next(http);
        });
        app.UseAuthorization();
        app.UseAntiforgery();
        app.UseUi();
        app.MapUi();
        routes?.Invoke(app);
        await app.StartAsync();
        return new UiHost(app);
    }

    /// <summary>The HTML of one part, as it is rendered for a request with this path and cookies.</summary>
    public async Task<string> RenderAsync<T>(Dictionary<string, object?> parameters, string path = "/console/things", string cookies = "") where T : IComponent
    {
        await using var scope = app.Services.CreateAsyncScope();
        var url = new Uri(new Uri("http://localhost"), path);
        var http = new DefaultHttpContext { RequestServices = scope.ServiceProvider, Request = { Path = url.AbsolutePath, QueryString = new QueryString(url.Query) } };
        http.Request.Headers.Cookie = cookies;
        scope.ServiceProvider.GetRequiredService<IHttpContextAccessor>().HttpContext = http;
        scope.ServiceProvider.GetRequiredService<CurrentActor>().Value = Reader;
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, NullLoggerFactory.Instance);
        return await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<T>(ParameterView.FromDictionary(parameters))).ToHtmlString());
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private sealed class NoModule : IModule
    {
        public string Name => "none";

        public void Configure(ModuleSetup setup)
        {
        }
    }
}
