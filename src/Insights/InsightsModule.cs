using Microsoft.Extensions.DependencyInjection;
using Wellmet.Insights.Buyers;
using Wellmet.Insights.Contract;
using Wellmet.Insights.Home;
using Wellmet.Insights.Rollups;
using Wellmet.Insights.Sales;
using Wellmet.Platform.Access;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Vault;

namespace Wellmet.Insights;

/// <summary>The door of Insights.</summary>
public sealed class InsightsModule : IModule
{
    public string Name => "insights";

    public void Configure(ModuleSetup setup)
    {
        setup.Permission(InsightsPermissions.Read, Role.Marketer, Role.Analyst);
        setup.Services.AddScoped<IPersonalData, InsightsPersonalData>();
        Sales(setup);
        Home(setup);
    }

    private static void Sales(ModuleSetup setup)
    {
        setup.Receiver<SalesReceiver>("insights.sales");
        setup.Services.AddSingleton(new RollupOptions());
        setup.Services.AddScoped<CountSales>();
        setup.Services.AddScoped<FollowMerges>();
        setup.Worker<RollupWorker>();
    }

    private static void Home(ModuleSetup setup)
    {
        setup.Services.AddScoped<ChoosePeriod>();
        setup.Services.AddScoped<ReadFigures>();
        setup.Services.AddScoped<ReadSeries>();
        setup.Services.AddScoped<TopProducts>();
        setup.Services.AddScoped<TopCountries>();
        setup.Services.AddScoped<ShowHome>();
        setup.Services.AddScoped<ExportHome>();
        setup.Services.AddScoped<ListBuyers>();
        setup.Services.AddScoped<ExportBuyers>();
        setup.Routes(HomeRoutes.Map);
        setup.Routes(BuyerRoutes.Map);
        setup.Menu(new MenuEntry("Home", "Home", HomeRoutes.Path, "house", InsightsPermissions.Read));
    }
}
