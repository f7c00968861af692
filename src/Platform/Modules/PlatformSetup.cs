using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Sessions;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Downloads;
using Wellmet.Platform.Experiments;
using Wellmet.Platform.Files;
using Wellmet.Platform.Idempotency;
using Wellmet.Platform.Log;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.SafeHttp;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Telemetry;
using Wellmet.Platform.Ui.Live;
using Wellmet.Platform.Vault;
using Wellmet.Platform.Webhooks;

namespace Wellmet.Platform.Modules;

/// <summary>Puts the program together: what stands under every module, then the modules in their order.</summary>
public static class PlatformSetup
{
    /// <summary>The same for the server, the command line and the tests; web pages and sign-in are added by the server on top.</summary>
    public static ModuleCatalog AddPlatform(this IServiceCollection services, StorageOptions storage, IReadOnlyList<IModule> modules, LogOptions? log = null)
    {
        var catalog = new ModuleCatalog();
        services.AddSingleton(catalog);
        services.AddSingleton(storage);
        services.TryAddSingleton(TimeProvider.System);
        services.AddScoped<CurrentActor>();
        services.AddScoped<IPurposeGate, PurposeGate>().AddScoped<CsvDownload>();
        services.TryAddSingleton<LiveTopics>();
        services.AddSingleton<Instruments>().AddSingleton<LogSamples>().AddSingleton<PrometheusText>();
        AddStorage(services);
        AddLog(services, catalog, log ?? new LogOptions());
        AddVault(services);
        AddAudit(services);
        AddOutside(services);
        services.AddExperiments();
        services.AddWebhooks();
        AccessSetup.Declare(catalog);
        ExperimentSetup.Declare(catalog);
        WebhookSetup.Declare(catalog);
        foreach (var module in modules)
        {
            catalog.Add(module);
            module.Configure(new ModuleSetup(module, services, catalog));
        }
        return catalog;
    }

    /// <summary>Runs the receivers and the modules' workers in this process.</summary>
    public static IServiceCollection AddLogWorkers(this IServiceCollection services) =>
        services.AddHostedService<LogWorkers>().AddHostedService<LogNotifications>().AddHostedService<ModuleWorkers>();

    private static void AddStorage(IServiceCollection services)
    {
        services.AddSingleton<StorageHealth>();
        services.AddSingleton(p => Database.Open(p.GetRequiredService<StorageOptions>(), p.GetRequiredService<LogAppender>(),
            p.GetRequiredService<StorageHealth>(), p.GetRequiredService<ILogger<Database>>()));
        services.AddSingleton<Migrator>();
        services.AddSingleton<Preparation>();
        services.AddSingleton<StoredTables>();
        services.AddSingleton<TableStatistics>();
        services.AddSingleton<Doctor.Doctor>();
        services.AddSingleton<Backups.BackupShop>();
    }

    private static void AddLog(IServiceCollection services, ModuleCatalog catalog, LogOptions options)
    {
        services.AddSingleton(catalog.Events);
        services.AddSingleton(options);
        services.AddSingleton<RecentEvents>();
        services.AddSingleton<LogSignal>();
        services.AddSingleton<LogAppender>();
        services.AddSingleton<LogReader>();
        services.AddSingleton<LogTail>();
        services.AddSingleton<Parking>();
        services.AddScoped<ReplayDeadLetter>();
        services.AddSingleton<LogHistory>();
        services.AddSingleton<Leases>();
        services.AddSingleton<LogRun>();
    }

    private static void AddVault(IServiceCollection services)
    {
        services.AddSingleton(p => RootKey.ReadOrCreate(p.GetRequiredService<StorageOptions>().KeysFolder));
        services.AddSingleton(p => new KeyStore(
            Database.OpenKeys(p.GetRequiredService<StorageOptions>(), p.GetRequiredService<StorageHealth>(), p.GetRequiredService<ILogger<Database>>()),
            p.GetRequiredService<RootKey>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<PendingTokens>().AddSingleton<SearchTokens>();
        services.AddSingleton<IdentifierClaims>().AddSingleton<KeptSecrets>();
    }

    private static void AddAudit(IServiceCollection services)
    {
        services.AddScoped<CurrentSession>();
        services.AddSingleton<AuditKey>().AddSingleton<AuditSignal>().AddSingleton<AuditCheckpoint>().AddSingleton<AuditChain>();
        services.AddScoped<AuditLog>().AddScoped<ListAudit>().AddScoped<VerifyAudit>();
    }

    /// <summary>Files, calls to others, and requests that may come twice.</summary>
    private static void AddOutside(IServiceCollection services)
    {
        services.AddSingleton<IFileStore, FolderFileStore>();
        services.TryAddSingleton(new SafeHttpOptions());
        services.AddSingleton<SafeHttpClient>();
        services.AddSingleton<IdempotencyMeasures>();
        services.AddScoped<IdempotentRequest>();
    }
}
