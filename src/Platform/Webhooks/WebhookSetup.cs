using Microsoft.Extensions.DependencyInjection;
using Wellmet.Platform.Log;
using Wellmet.Platform.Modules;

namespace Wellmet.Platform.Webhooks;

/// <summary>What outgoing webhooks add.</summary>
internal static class WebhookSetup
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services) => services
        .AddSingleton<WebhookCatalog>().AddSingleton<WebhookEndpoints>().AddSingleton<WebhookOutbox>().AddSingleton<WebhookRules>().AddScoped<WebhookRecords>()
        .AddScoped<WebhookReceiver>().AddScoped<SendWebhook>().AddSingleton<WebhookWorker>().AddSingleton<IExpiry, WebhookExpiry>()
        .AddScoped<CreateWebhook>().AddScoped<ChangeWebhook>().AddScoped<SwitchWebhook>().AddScoped<RotateWebhook>().AddScoped<RemoveWebhook>().AddScoped<TestWebhook>().AddScoped<ReplayWebhooks>()
        .AddScoped<ReadWebhooks>();

    public static void Declare(ModuleCatalog catalog)
    {
        catalog.AddPermission(WebhookPermissions.Manage, []);
        catalog.AddReceiver(new ReceiverRegistration("platform.webhooks", typeof(WebhookReceiver)));
        catalog.AddWorker(typeof(WebhookWorker));
        catalog.AddRoutes(WebhookRoutes.MapWebhooks);
        catalog.AddMenu(new MenuEntry("Settings", "Webhooks", WebhookRoutes.Path, WebhookRoutes.Icon, WebhookPermissions.Manage, 18));
    }
}
