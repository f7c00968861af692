using Microsoft.Extensions.DependencyInjection;
using Wellmet.Commerce.Catalog;
using Wellmet.Commerce.Contract;
using Wellmet.Commerce.Imports;
using Wellmet.Commerce.Orders;
using Wellmet.Commerce.Storefronts;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Modules;

namespace Wellmet.Commerce;

/// <summary>The door of Commerce.</summary>
public sealed class CommerceModule : IModule
{
    public string Name => "commerce";

    public void Configure(ModuleSetup setup)
    {
        Permissions(setup);
        Events(setup);
        setup.Services.AddSingleton<ICatalog, ProductCatalog>();
        setup.Services.AddSingleton<IStorefronts, StorefrontList>();
        setup.Services.AddScoped<IOrders, OrderBook>();
        setup.Services.AddSingleton<IStorefronts, StorefrontDirectory>();
        Imports(setup.Services);
    }

    private static void Permissions(ModuleSetup setup)
    {
        setup.Permission(CommercePermissions.ReadProducts, Role.Marketer, Role.Agent, Role.Analyst, Role.Auditor);
        setup.Permission(CommercePermissions.EditProducts, Role.Marketer);
        setup.Permission(CommercePermissions.ReadOrders, Role.Marketer, Role.Agent, Role.Analyst, Role.Auditor);
        setup.Permission(CommercePermissions.EditOrders, Role.Agent);
        setup.Permission(CommercePermissions.EditStorefronts);
    }

    private static void Events(ModuleSetup setup)
    {
        setup.Event<OrderPlaced>("commerce.order_placed");
        setup.Event<OrderExtended>("commerce.order_extended");
        setup.Event<OrderCancelled>("commerce.order_cancelled");
        setup.Event<ShipmentSent>("commerce.shipment_sent");
        setup.Event<ShipmentDelivered>("commerce.shipment_delivered");
        setup.Event<ItemsReturned>("commerce.items_returned");
    }

    private static void Imports(IServiceCollection services)
    {
        services.AddSingleton<ImportStorefront>();
        services.AddSingleton<StandingDocuments>();
        services.AddSingleton<ProductPrices>();
        services.AddScoped<SalesStores>();
        foreach (var layout in new ISalesLayout[] { new OnlineRetailLayout(), new OrdersCsvLayout() })
        {
            services.AddScoped<IImportTarget>(p => new SalesTarget(layout, p.GetRequiredService<ImportStorefront>(), p.GetRequiredService<SalesStores>()));
        }
    }
}
