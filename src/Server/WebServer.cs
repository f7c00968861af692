using System.Net.Sockets;
using Wellmet.Demo.Loading;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.SignIns;
using Wellmet.Platform.Health;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Security;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;
using Wellmet.Platform.Telemetry;
using Wellmet.Platform.Ui;

namespace Wellmet.Server;

/// <summary>The web server: platform, modules, pages, until Ctrl-C.</summary>
public static class WebServer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <param name="demo">Whether the very first start makes a demo shop.</param>
    /// <exception cref="ProblemException">One clear sentence about what keeps it from starting.</exception>
    public static async Task<int> RunAsync(StorageOptions storage, int port, WebOptions web, TelemetryOptions? telemetry, bool demo, CancellationToken ct)
    {
        var app = Build(storage, port, web, builder => Watch(builder.Services, telemetry));
        await app.Services.GetRequiredService<Preparation>().RunAsync(ct);
        ExitOnStorageFailure(app);
        try
        {
            await app.StartAsync(ct);
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException || e.InnerException is SocketException)
        {
            throw new ProblemException("port_occupied", "Port {0} is taken by another program. Stop it, or choose another with --port.", 409, port);
        }
        Console.WriteLine($"Ready: {web.BaseUrl.ToString().TrimEnd('/')}");
        // Before the invitation, which is the first thing that is ever recorded.
        demo = demo && await AsProgramAsync<CreateFirstDemo, bool>(app.Services, first => first.RunAsync(ct));
        if (await AsProgramAsync<InviteFirstOwner, Uri?>(app.Services, invite => invite.RunAsync(ct)) is { } link)
        {
            Console.WriteLine($"Nobody can sign in yet. Open this link within {SignInLinks.FirstStart.TotalHours} hours, it works once: {link}");
        }
        if (demo)
        {
            Console.WriteLine("A demo shop is being made, for you to look around in. One click on the home page removes it; --no-demo starts without.");
        }
        await app.WaitForShutdownAsync(ct);
        await app.DisposeAsync();
        return Environment.ExitCode;
    }

    /// <summary>The application, not started yet.</summary>
    public static WebApplication Build(StorageOptions storage, int port, WebOptions web, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "Wellmet", ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders().AddSimpleConsole(o => { o.SingleLine = true; o.TimestampFormat = "HH:mm:ss "; o.UseUtcTimestamp = true; })
            .SetMinimumLevel(LogLevel.Warning).AddFilter("Wellmet", LogLevel.Information);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            if (web.BaseUrl.IsLoopback)
            {
                // Both loopback addresses, as far as the machine has them.
                kestrel.ListenLocalhost(port);
            }
            else
            {
                kestrel.ListenAnyIP(port);
            }
        });
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = Patience);
        var catalog = builder.Services.AddPlatform(storage, ModuleList.All);
        builder.Services.AddLogWorkers();
        builder.Services.AddHostedService(p => p.GetRequiredService<TableStatistics>());
        builder.Services.AddHostedService(p => p.GetRequiredService<PendingTokens>());
        builder.Services.AddUi();
        builder.Services.AddSecurityDefaults(web);
        builder.Services.AddAccess(web);
        configure?.Invoke(builder);
        var app = builder.Build();
        app.UseRequestSpans();
        app.UseSecurityDefaults();
        app.UseUi();
        app.MapGet("/", () => Results.LocalRedirect("/console"));
        app.MapHealth();
        app.MapMetrics();
        app.MapUi();
        app.MapAccess();
        foreach (var map in catalog.RouteMaps)
        {
            map(app);
        }
        return app;
    }

    private static void Watch(IServiceCollection services, TelemetryOptions? telemetry)
    {
        if (telemetry is not null)
        {
            services.AddTelemetryExport(telemetry);
        }
    }

    /// <summary>Runs a use case as the program itself.</summary>
    private static async Task<TResult> AsProgramAsync<T, TResult>(IServiceProvider services, Func<T, Task<TResult>> use) where T : notnull
    {
        await using var scope = services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().Value = Actor.System;
        return await use(scope.ServiceProvider.GetRequiredService<T>());
    }

    /// <summary>After a failed fsync nothing may be acknowledged any more: the process ends, its supervisor starts it anew.</summary>
    private static void ExitOnStorageFailure(WebApplication app) => app.Services.GetRequiredService<StorageHealth>().Failed += reason =>
    {
        Console.Error.WriteLine($"The storage failed, stopping: {reason}");
        Environment.ExitCode = StorageHealth.ExitCode;
        app.Lifetime.StopApplication();
    };
}
