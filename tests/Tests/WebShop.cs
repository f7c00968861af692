using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.SignIns;
using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Security;
using Wellmet.Platform.Storage;
using Wellmet.Server;

namespace Wellmet.Tests;

/// <summary>The real web server on a free port, with a real database of its own.</summary>
public sealed class WebShop : IAsyncDisposable
{
    /// <summary>The password of everybody whom <see cref="SignInAsync"/> makes.</summary>
    public const string Password = "seven lazy herons paint";

    private readonly WebApplication app;
    private readonly string folder;

    private readonly bool keepFolder;

    private WebShop(WebApplication app, string folder, bool keepFolder, Uri address)
    {
        this.app = app;
        this.folder = folder;
        this.keepFolder = keepFolder;
        Address = address;
    }

    public Uri Address { get; }
    public IServiceProvider Services => app.Services;
    public Database Database => Get<Database>();
    public string Folder => folder;

    /// <param name="configure">More services, e.g. a clock.</param>
    /// <param name="routes">More routes, e.g. of the test.</param>
    /// <param name="limited">Whether the limits of requests per second hold; tests are faster than people.</param>
    /// <param name="web">Changes how the shop is reached.</param>
    /// <param name="keepFolder">For a test that opens the same storage again.</param>
    public static async Task<WebShop> OpenAsync(
        Engine engine = Engine.Sqlite, Action<IServiceCollection>? configure = null, Action<WebApplication>? routes = null, bool limited = false, StorageOptions? storage = null,
        bool keepFolder = false, Func<WebOptions, WebOptions>? web = null)
    {
        storage ??= TestShop.NewStorage(engine);
        var port = FreePort();
        var address = new Uri($"http://localhost:{port}");
        var options = new WebOptions(address, []);
        var app = WebServer.Build(storage, port, web is null ? options : web(options), builder =>
        {
            configure?.Invoke(builder.Services);
            if (!limited)
            {
                builder.Services.Configure<RateLimiterOptions>(o => o.GlobalLimiter = null);
            }
        });
        routes?.Invoke(app);
        await app.Services.GetRequiredService<Preparation>().RunAsync(CancellationToken.None);
        await app.StartAsync();
        return new WebShop(app, storage.DataFolder, keepFolder, address);
    }

    public T Get<T>() where T : notnull => app.Services.GetRequiredService<T>();

    /// <summary>A browser that nobody has signed in with.</summary>
    public WebBrowser Anonymous() => new(Address);

    /// <summary>A new member of staff with this role, signed in: the quick way, by the use cases instead of the pages.</summary>
    public async Task<WebBrowser> SignInAsync(Role role = Role.Owner, string? email = null)
    {
        var browser = Anonymous();
        var name = "Test " + role;
        await UseAsync<IServiceProvider>(async services =>
        {
            var invited = await services.GetRequiredService<InviteStaff>().RunAsync(new(role, name), CancellationToken.None);
            email ??= $"{invited.StaffId:N}@shop.test";
            var session = await services.GetRequiredService<RedeemSignInLink>()
                .RunAsync(new(invited.Link.Segments[^1], email, name, Password, new("203.0.113.0/24", "Test")), CancellationToken.None);
            browser.SetCookie("__Host-wm-session", session!.Value.Text);
            browser.StaffId = invited.StaffId;
            browser.Email = email;
        });
        return browser;
    }

    /// <summary>Runs a use case in a scope of its own, as the program itself or as the given actor.</summary>
    public async Task UseAsync<T>(Func<T, Task> use, Actor? actor = null) where T : notnull
    {
        await using var scope = app.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().Value = actor ?? Actor.System;
        await use(typeof(T) == typeof(IServiceProvider) ? (T)scope.ServiceProvider : scope.ServiceProvider.GetRequiredService<T>());
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (!keepFolder)
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
