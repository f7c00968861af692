using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Wellmet.Platform.Access;
using Wellmet.Platform.Log;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Storage;
using Wellmet.Server;

namespace Wellmet.Tests;

/// <summary>
/// A whole Wellmet without its web server, on a real database of its own: a new SQLite folder or a new PostgreSQL database.
/// Use-case tests take the engine from <see cref="Engines"/> and run on both.
/// </summary>
public sealed class TestShop : IAsyncDisposable
{
    private readonly IHost host;
    private readonly string folder;

    private TestShop(IHost host, string folder)
    {
        this.host = host;
        this.folder = folder;
    }

    /// <summary>For <c>[Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]</c>.</summary>
    public static TheoryData<Engine> Engines => [Engine.Sqlite, Engine.Postgres];

    public IServiceProvider Services => host.Services;
    public Database Database => Get<Database>();
    public string Folder => folder;

    /// <param name="workers">Whether receivers run.</param>
    /// <param name="configure">More services, e.g. a clock or a receiver of the test.</param>
    /// <param name="modules">The program's modules where null.</param>
    public static async Task<TestShop> OpenAsync(
        Engine engine, bool workers = true, Action<IServiceCollection>? configure = null, IReadOnlyList<IModule>? modules = null, StorageOptions? storage = null)
    {
        storage ??= NewStorage(engine);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddPlatform(storage, modules ?? ModuleList.All, new LogOptions { Poll = TimeSpan.FromMilliseconds(100), Linger = TimeSpan.FromMilliseconds(10), Rest = TimeSpan.FromMilliseconds(10), FirstRetry = TimeSpan.FromMilliseconds(20), Attempts = 3 });
        configure?.Invoke(builder.Services);
        if (workers)
        {
            builder.Services.AddLogWorkers();
        }
        var host = builder.Build();
        await host.Services.GetRequiredService<Preparation>().RunAsync(CancellationToken.None);
        await host.StartAsync();
        return new TestShop(host, storage.DataFolder);
    }

    /// <summary>Where a shop could be opened; open it twice to have two processes' worth of nodes on one database.</summary>
    public static StorageOptions NewStorage(Engine engine)
    {
        var folder = TestFolder.New("test");
        if (engine == Engine.Sqlite)
        {
            return new StorageOptions(folder, null);
        }
        Assert.SkipWhen(PostgresCluster.Instance is null, "PostgreSQL 15 is not installed (apt-get install postgresql-15).");
        return new StorageOptions(folder, PostgresCluster.Instance!.CreateDatabase());
    }

    public T Get<T>() where T : notnull => host.Services.GetRequiredService<T>();

    /// <summary>Runs a use case in a scope of its own, as the given actor (the program itself where null).</summary>
    public async Task<TResult> UseAsync<T, TResult>(Func<T, Task<TResult>> use, Actor? actor = null) where T : notnull
    {
        await using var scope = host.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().Value = actor ?? Actor.System;
        return await use(scope.ServiceProvider.GetRequiredService<T>());
    }

    public Task UseAsync<T>(Func<T, Task> use, Actor? actor = null) where T : notnull =>
        UseAsync<T, int>(async t => { await use(t); return 0; }, actor);

    /// <summary>Waits until every receiver has seen everything.</summary>
    public async Task DrainAsync()
    {
        var reader = Get<LogReader>();
        for (var i = 0; i < 600; i++)
        {
            var lag = await reader.LagAsync(CancellationToken.None);
            if (lag.Count == Get<ModuleCatalog>().Receivers.Count && lag.All(l => l.Behind == 0))
            {
                return;
            }
            await Task.Delay(50);
        }
        throw new TimeoutException("The receivers did not catch up within 30 seconds.");
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        if (host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (Directory.Exists(folder))
        {
            // Two shops may have been opened on one folder.
            Directory.Delete(folder, recursive: true);
        }
    }
}
