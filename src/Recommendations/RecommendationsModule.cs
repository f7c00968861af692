using Microsoft.Extensions.DependencyInjection;
using Wellmet.Platform.Access;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Vault;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Models;
using Wellmet.Recommendations.Placements;
using Wellmet.Recommendations.Serving;
using Wellmet.Recommendations.Studio;
using Wellmet.Recommendations.Suggestions;
using Wellmet.Recommendations.Voice;

namespace Wellmet.Recommendations;

/// <summary>The door of Recommendations.</summary>
public sealed class RecommendationsModule : IModule
{
    public string Name => "recommendations";

    public void Configure(ModuleSetup setup)
    {
        setup.Permission(RecommendationsPermissions.Read, Role.Marketer, Role.Agent, Role.Analyst);
        setup.Scope(RecommendationsPermissions.Read, "Ask for recommendations");
        setup.Permission(RecommendationsPermissions.Train, Role.Marketer);
        setup.Permission(RecommendationsPermissions.Arrange, Role.Marketer);
        setup.Permission(RecommendationsPermissions.Speak, Role.Marketer, Role.Agent);
        setup.Scope(RecommendationsPermissions.Speak, "Record what customers say about products");
        setup.Permission(RecommendationsPermissions.Suggest, Role.Marketer, Role.Agent);
        setup.Scope(RecommendationsPermissions.Suggest, "Pick out products to suggest to customers");
        Models(setup);
        Voice(setup);
        Serving(setup.Services);
        Suggestions(setup);
        Pages(setup);
    }

    private static void Models(ModuleSetup setup)
    {
        setup.Services.AddSingleton<ModelStore>();
        setup.Services.AddSingleton<DemoModel>();
        setup.Services.AddSingleton<TrainingStatus>();
        setup.Services.AddSingleton<TrainingSchedule>();
        setup.Services.AddSingleton(new TrainingOptions());
        setup.Services.AddScoped<PurchaseHistory>();
        setup.Services.AddScoped<TrainModel>();
        setup.Services.AddScoped<RequestTraining>();
        setup.Worker<TrainingWorker>();
    }

    private static void Serving(IServiceCollection services)
    {
        services.AddScoped<CustomerPermission>();
        services.AddScoped<RecommendForProduct>();
        services.AddScoped<RecommendForCustomer>();
        services.AddScoped<RecommendAgain>();
        services.AddScoped<PurchaseReader>();
        services.AddScoped<RecommendForBasket>();
        services.AddScoped<RecommendBestsellers>();
        services.AddSingleton<PlacementStore>();
        services.AddScoped<ServePlacement>();
        services.AddScoped<ServePage>();
        services.AddScoped<ArrangePlacement>();
        services.AddScoped<ReadPlacements>();
        services.AddScoped<PreviewPlacement>();
    }

    private static void Voice(ModuleSetup setup)
    {
        setup.Event<ProductOpinionGiven>("recommendations.opinion_given");
        setup.Event<ProductOpinionTakenBack>("recommendations.opinion_taken_back");
        setup.Services.AddScoped<GiveOpinion>();
        setup.Services.AddScoped<ReadOpinions>();
        setup.Services.AddScoped<IPersonalData, RecommendationsPersonalData>();
        setup.Routes(OpinionApi.Map);
        setup.Routes(OpinionRoutes.Map);
    }

    private static void Suggestions(ModuleSetup setup)
    {
        setup.Event<SuggestionsMade>("recommendations.suggestions_made");
        setup.Services.AddScoped<MakeSuggestions>();
        setup.Services.AddScoped<ReadSuggestions>();
        setup.Routes(SuggestionApi.Map);
        setup.Routes(SuggestionRoutes.Map);
    }

    private static void Pages(ModuleSetup setup)
    {
        setup.Services.AddScoped<FindSubject>();
        setup.Services.AddScoped<ShowRecommendations>();
        setup.Routes(PlacementRoutes.Map);
        setup.Routes(PageRoutes.Map);
        setup.Routes(PlacementPages.Map);
        setup.Routes(StudioRoutes.Map);
        setup.Menu(new MenuEntry("Grow", "Recommendations", StudioRoutes.Path, "sparkles", RecommendationsPermissions.Read, 40));
        setup.Panel(new Panel("product.main", typeof(ProductPanel), RecommendationsPermissions.Read, 20));
        setup.Panel(new Panel("customer.side", typeof(CustomerPanel), RecommendationsPermissions.Read, 40));
        setup.Panel(new Panel("key.main", typeof(WidgetSnippet), AccessPermissions.ManageKeys, 20));
    }
}
