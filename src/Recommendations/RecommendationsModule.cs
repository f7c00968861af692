using Microsoft.Extensions.DependencyInjection;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Vault;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Effects;
using Wellmet.Recommendations.Emails;
using Wellmet.Recommendations.Experiments;
using Wellmet.Recommendations.Intent;
using Wellmet.Recommendations.Models;
using Wellmet.Recommendations.Models.Live;
using Wellmet.Recommendations.Placements;
using Wellmet.Recommendations.Predictions;
using Wellmet.Recommendations.Prospects;
using Wellmet.Recommendations.Quality;
using Wellmet.Recommendations.Search;
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
        setup.Permission(RecommendationsPermissions.Letters, Role.Marketer, Role.Agent);
        setup.Scope(RecommendationsPermissions.Letters, "Take letters of what was picked out for customers, and learn whether they may be written to");
        Models(setup);
        Voice(setup);
        Serving(setup.Services);
        Suggestions(setup);
        Search(setup);
        Emails(setup);
        Effects(setup);
        Experiments(setup);
        Predictions(setup);
        Pages(setup);
    }

    private static void Models(ModuleSetup setup)
    {
        setup.Services.AddSingleton<ModelVersions>();
        setup.Services.AddSingleton<ModelStore>();
        setup.Services.AddSingleton<KeptModels>();
        setup.Services.AddScoped<ServedModel>();
        setup.Services.AddScoped<PinModels>();
        setup.Services.AddSingleton<HeldModel>();
        setup.Services.AddScoped<HoldModel>();
        setup.Services.AddSingleton<DemoModel>();
        setup.Services.AddSingleton<TrainingStatus>();
        setup.Services.AddSingleton<TrainingSchedule>();
        setup.Services.AddSingleton(new TrainingOptions());
        setup.Services.AddScoped<PurchaseHistory>();
        setup.Services.AddScoped<ViewHistory>();
        setup.Services.AddScoped<SignalHistory>();
        setup.Services.AddScoped<TrainModel>();
        setup.Services.AddScoped<RequestTraining>();
        setup.Worker<TrainingWorker>();
        setup.Services.AddScoped<FollowOrders>();
        setup.Worker<LiveWorker>();
        setup.Services.AddSingleton<QualityStore>();
        setup.Services.AddSingleton<QualityRequest>();
        setup.Services.AddSingleton(new QualityOptions());
        setup.Services.AddScoped<CheckModel>();
        setup.Services.AddScoped<RequestCheck>();
        setup.Worker<QualityWorker>();
        setup.Routes(QualityRoutes.Map);
    }

    private static void Serving(IServiceCollection services)
    {
        services.AddScoped<CustomerPermission>();
        services.AddScoped<RecommendForProduct>();
        services.AddScoped<RecommendForCustomer>();
        services.AddScoped<RecommendAgain>();
        services.AddScoped<RecommendViewed>();
        services.AddScoped<NearbyReader>();
        services.AddScoped<RecommendNearby>();
        services.AddScoped<PurchaseReader>();
        services.AddScoped<RecommendForBasket>();
        services.AddScoped<RecommendUpsell>();
        services.AddScoped<RecommendForVisit>();
        services.AddScoped<RecommendBestsellers>();
        services.AddSingleton<PlacementStore>();
        services.AddScoped<ServePlacement>();
        services.AddScoped<ChooseRules>();
        services.AddScoped<ArrangeForSegments>();
        services.AddScoped<ServeBatch>();
        services.AddScoped<PageVisitor>();
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
        setup.Services.AddScoped<SpeakOnPage>();
        setup.Services.AddScoped<ReadTaste>();
        setup.Routes(OpinionApi.Map);
        setup.Routes(TasteApi.Map);
        setup.Routes(HowRoutes.Map);
        setup.Routes(OpinionRoutes.Map);
    }

    private static void Suggestions(ModuleSetup setup)
    {
        setup.Event<SuggestionsMade>("recommendations.suggestions_made");
        setup.Event<SuggestionsSent>("recommendations.suggestions_sent");
        setup.Services.AddScoped<MakeSuggestions>();
        setup.Services.AddScoped<SuggestionRecipient>();
        setup.Services.AddScoped<SuggestionLetter>();
        setup.Services.AddScoped<MarkSuggestionsSent>();
        setup.Services.AddScoped<ReadSuggestions>();
        setup.Routes(SuggestionApi.Map);
        setup.Routes(SuggestionRoutes.Map);
    }

    private static void Search(ModuleSetup setup)
    {
        setup.Services.AddScoped<RerankSearch>();
        setup.Services.AddScoped<RerankOnPage>();
        setup.Routes(RerankRoutes.Map);
    }

    private static void Emails(ModuleSetup setup)
    {
        setup.Services.AddScoped<EmailCount>();
        setup.Services.AddScoped<EmailBlock>();
        setup.Routes(EmailRoutes.Map);
    }

    private static void Effects(ModuleSetup setup)
    {
        setup.Worker<ShownCounter>();
        setup.Services.AddScoped<TellShown>();
        setup.Services.AddScoped<ReadEffects>();
        setup.Services.AddSingleton<IExpiry, EffectsExpiry>();
        setup.Routes(ShownApi.Map);
    }

    private static void Experiments(ModuleSetup setup)
    {
        setup.Services.AddScoped<PlacementVariants>();
        setup.Services.AddScoped<GivenCodes>();
        setup.Services.AddScoped<Participants>();
        setup.Services.AddScoped<CountVariant>();
        setup.Services.AddScoped<PlanExperiment>();
        setup.Services.AddScoped<ListPlacementExperiments>();
        setup.Services.AddScoped<MixedOrders>();
        setup.Services.AddScoped<ReadPlacementExperiment>();
        setup.Receiver<VariantOrders>("recommendations.variants");
        setup.Routes(ExperimentPages.Map);
    }

    private static void Predictions(ModuleSetup setup)
    {
        setup.Permission(RecommendationsPermissions.Predictions, Role.Marketer, Role.Agent, Role.Analyst);
        setup.Scope(RecommendationsPermissions.Predictions, "See what customers are likely to do next");
        setup.Services.AddSingleton(new PredictionOptions());
        setup.Services.AddSingleton<PredictionStatus>();
        setup.Services.AddSingleton<PredictionRequest>();
        setup.Services.AddSingleton<PredictionStore>();
        setup.Services.AddScoped<SampleBuyers>();
        setup.Services.AddScoped<BuyerReader>();
        setup.Services.AddScoped<LearnPredictions>();
        setup.Services.AddSingleton(new IntentOptions());
        setup.Services.AddSingleton<IntentStore>();
        setup.Services.AddScoped<LearnIntent>();
        setup.Services.AddScoped<RenewIntent>();
        setup.Services.AddScoped<ReadIntent>();
        setup.Routes(IntentApi.Map);
        setup.Services.AddScoped<MakePredictions>();
        setup.Services.AddScoped<RequestPredictions>();
        setup.Services.AddScoped<PredictionBook>();
        setup.Services.AddScoped<IPredictions>(s => s.GetRequiredService<PredictionBook>());
        setup.Services.AddScoped<ReadPrediction>();
        setup.Services.AddScoped<ListProspects>();
        setup.Services.AddScoped<ExportProspects>();
        setup.Worker<PredictionWorker>();
        setup.Receiver<ForgetMerged>("recommendations.predictions");
        setup.Routes(ProspectRoutes.Map);
        setup.Routes(PredictionApi.Map);
        setup.Panel(new Panel("customer.side", typeof(PredictionPanel), RecommendationsPermissions.Predictions, 35));
    }

    private static void Pages(ModuleSetup setup)
    {
        setup.Services.AddScoped<FindSubject>();
        setup.Services.AddScoped<ShowRecommendations>();
        setup.Routes(PlacementRoutes.Map);
        setup.Routes(BatchRoutes.Map);
        setup.Routes(PageRoutes.Map);
        setup.Routes(PlacementPages.Map);
        setup.Routes(StudioRoutes.Map);
        setup.Menu(new MenuEntry("Grow", "Recommendations", StudioRoutes.Path, "sparkles", RecommendationsPermissions.Read, 40));
        setup.Panel(new Panel("product.main", typeof(ProductPanel), RecommendationsPermissions.Read, 20));
        setup.Panel(new Panel("customer.side", typeof(CustomerPanel), RecommendationsPermissions.Read, 40));
        setup.Panel(new Panel("key.main", typeof(WidgetSnippet), AccessPermissions.ManageKeys, 20));
    }
}
