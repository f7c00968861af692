using Microsoft.Extensions.DependencyInjection;
using Wellmet.Commerce.Catalog;
using Wellmet.Commerce.CatalogueFiles;
using Wellmet.Commerce.Connectors;
using Wellmet.Commerce.Contract;
using Wellmet.Commerce.CustomerFiles;
using Wellmet.Commerce.Imports;
using Wellmet.Commerce.Mappings;
using Wellmet.Commerce.Orders;
using Wellmet.Commerce.Returns;
using Wellmet.Commerce.Samples;
using Wellmet.Commerce.ShipmentFiles;
using Wellmet.Commerce.Shipments;
using Wellmet.Commerce.ShopEvents;
using Wellmet.Commerce.ShopPayloads;
using Wellmet.Commerce.Signals;
using Wellmet.Commerce.Storefronts;
using Wellmet.Customers.Contract;
using Wellmet.Demo.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Keys;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Vault;
using Wellmet.Platform.Webhooks;

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
        setup.Services.AddScoped<IOrders, OrderBook>();
        setup.Services.AddSingleton<ISignals, SignalBook>();
        setup.Services.AddSingleton<IStorefronts, StorefrontDirectory>();
        setup.Services.AddScoped<IPersonalData, CommercePersonalData>();
        setup.Services.AddSingleton<ISites, StorefrontDirectory>();
        setup.Services.AddSingleton<IWebhookEvents, OrderWebhooks>();
        Imports(setup.Services);
        CatalogueFile(setup.Services);
        ShopEvents(setup);
        Connectors(setup);
        UseCases(setup.Services);
        Pages(setup);
    }

    private static void Permissions(ModuleSetup setup)
    {
        setup.Permission(CommercePermissions.ReadProducts, Role.Marketer, Role.Agent, Role.Analyst, Role.Auditor);
        setup.Scope(CommercePermissions.ReadProducts, "Read products and prices");
        setup.Permission(CommercePermissions.EditProducts, Role.Marketer);
        setup.Scope(CommercePermissions.EditProducts, "Add and change products, their prices and stock");
        setup.Permission(CommercePermissions.ReadOrders, Role.Marketer, Role.Agent, Role.Analyst, Role.Auditor);
        setup.Scope(CommercePermissions.ReadOrders, "Read orders, shipments and returns");
        setup.Permission(CommercePermissions.EditOrders, Role.Agent);
        setup.Permission(CommercePermissions.EditStorefronts);
        setup.Permission(CommercePermissions.EditConnections);
    }

    private static void Events(ModuleSetup setup)
    {
        setup.Event<OrderPlaced>("commerce.order_placed");
        setup.Event<OrderExtended>("commerce.order_extended");
        setup.Event<OrderCancelled>("commerce.order_cancelled");
        setup.Event<SalesRetracted>("commerce.sales_retracted");
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
        services.AddScoped<RereadDocuments>();
        services.AddScoped<UndoSales>();
        services.AddScoped<IDemoPart, SampleSales>();
        foreach (var layout in new ISalesLayout[] { new OnlineRetailLayout(), new OrdersCsvLayout(), new AmazonOrdersLayout(), new WooCommerceAnalyticsLayout() })
        {
            services.AddScoped<IImportTarget>(p => new SalesTarget(layout, p.GetRequiredService<ImportStorefront>(), p.GetRequiredService<SalesStores>(), p.GetRequiredService<UndoSales>()));
        }
    }

    private static void CatalogueFile(IServiceCollection services)
    {
        services.AddSingleton<WriteProducts>();
        services.AddScoped<IImportTarget, ProductsTarget>();
        services.AddScoped<IImportTarget, CustomersTarget>();
        services.AddScoped<IImportTarget, AmazonShipmentsTarget>();
    }

    private static void ShopEvents(ModuleSetup setup)
    {
        setup.Services.AddSingleton<FindToldStorefront>();
        setup.Services.AddSingleton<PlaceToldOrder>();
        setup.Services.AddSingleton<FindToldProducts>();
        setup.Services.AddSingleton<IExpiry, SignalsExpiry>();
        setup.Receiver<ShopEventsReceiver>("commerce.shop_events");
    }

    private static void Connectors(ModuleSetup setup)
    {
        setup.Services.AddSingleton<DeliveryNews>().AddSingleton<ConnectionStore>();
        setup.Services.AddScoped<CreateConnection>().AddScoped<RotateConnection>().AddScoped<RemoveConnection>().AddScoped<ReadConnections>();
        setup.Services.AddScoped<TakeDelivery>().AddScoped<WorkDelivery>().AddScoped<ReplayDeliveries>().AddScoped<CloseShopRequest>();
        setup.Services.AddScoped<ShopCustomers>().AddScoped<OrderParts>();
        setup.Services.AddScoped<IShopKeeper, ShopOrders>().AddScoped<IShopKeeper, ShopProducts>().AddScoped<IShopKeeper, ShopRequests>();
        setup.Services.AddScoped<IShopKeeper>(p => p.GetRequiredService<ShopCustomers>()).AddScoped<IShopKeeper>(p => p.GetRequiredService<OrderParts>());
        setup.Services.AddSingleton<MappingStore>().AddSingleton<MessageIds>().AddSingleton<SampleLooks>();
        setup.Services.AddScoped<WorkMapped>().AddScoped<IShopKeeper, MappedEvents>().AddScoped<SaveMapping>().AddScoped<TryMapping>();
        setup.Services.AddSingleton<IExpiry, DeliveryExpiry>();
        setup.Worker<DeliveryWorker>();
        setup.Routes(HookRoutes.MapHooks);
        setup.Routes(ConnectionRoutes.MapConnections);
        setup.Routes(MappingRoutes.MapMappings);
        setup.Menu(new MenuEntry("Settings", "Connections", ConnectionRoutes.Path, ConnectionRoutes.Icon, CommercePermissions.EditConnections, 6));
    }

    private static void UseCases(IServiceCollection services)
    {
        services.AddScoped<ListProducts>().AddScoped<ReadProduct>().AddScoped<EditProduct>().AddScoped<SaveProducts>();
        services.AddScoped<ListOrders>().AddScoped<ListCancellations>().AddScoped<ReadOrder>().AddScoped<CancelItems>();
        services.AddScoped<RecordShipment>().AddScoped<RecordDelivery>().AddScoped<RecordReturn>();
        services.AddScoped<ListStorefronts>().AddScoped<SaveStorefront>();
    }

    private static void Pages(ModuleSetup setup)
    {
        setup.Routes(ProductRoutes.MapProducts);
        setup.Routes(OrderRoutes.MapOrders);
        setup.Routes(StorefrontRoutes.MapStorefronts);
        setup.Routes(ProductApi.MapProductApi);
        setup.Routes(SaveProductsApi.Map);
        setup.Routes(OrderApi.MapOrderApi);
        setup.Menu(new MenuEntry("Customers", "Orders", OrderRoutes.Path, "receipt", CommercePermissions.ReadOrders, 20));
        setup.Menu(new MenuEntry("Customers", "Products", ProductRoutes.Path, "package", CommercePermissions.ReadProducts, 30));
        setup.Menu(new MenuEntry("Settings", "Storefronts", StorefrontRoutes.Path, "store", CommercePermissions.EditStorefronts, 5));
    }
}
