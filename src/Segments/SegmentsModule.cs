using Microsoft.Extensions.DependencyInjection;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Vault;
using Wellmet.Segments.ComputedTraits;
using Wellmet.Segments.Console;
using Wellmet.Segments.Contract;
using Wellmet.Segments.Definitions;
using Wellmet.Segments.Histories;
using Wellmet.Segments.Lifecycles;
using Wellmet.Segments.Lists;
using Wellmet.Segments.Lookalikes;
using Wellmet.Segments.Members;
using Wellmet.Segments.Rules;

namespace Wellmet.Segments;

/// <summary>The door of Segments.</summary>
public sealed class SegmentsModule : IModule
{
    public string Name => "segments";

    public void Configure(ModuleSetup setup)
    {
        setup.Permission(SegmentsPermissions.Read, Role.Marketer, Role.Analyst, Role.Agent);
        setup.Scope(SegmentsPermissions.Read, "Read segments, who belongs to them, and why");
        setup.Permission(SegmentsPermissions.Edit, Role.Marketer);
        setup.Scope(SegmentsPermissions.Edit, "Put customers on lists, and take them off");
        setup.Event<SegmentEntered>("segments.entered");
        setup.Event<SegmentLeft>("segments.left");
        setup.Services.AddScoped<ISegments, SegmentMembers>();
        setup.Services.AddScoped<IPersonalData, SegmentsPersonalData>();
        Histories(setup);
        Members(setup);
        Definitions(setup);
        Traits(setup);
        Lists(setup);
        Pages(setup);
    }

    private static void Histories(ModuleSetup setup)
    {
        setup.Services.AddSingleton<Vocabulary>().AddSingleton<OutlineReader>();
        setup.Services.AddScoped<HistoryStore>();
        setup.Services.AddScoped<NoteTraits>();
        setup.Services.AddScoped<EachCustomer>();
        setup.Services.AddScoped<TakePredictions>();
        setup.Receiver<FollowFacts>("segments.facts");
    }

    private static void Members(ModuleSetup setup)
    {
        setup.Services.AddSingleton<RuleCompiler>().AddSingleton<SegmentBook>().AddSingleton<FillProgress>();
        setup.Services.AddScoped<JudgeCustomers>();
        setup.Services.AddScoped<WakeCustomers>();
        setup.Services.AddScoped<FillSegment>();
        setup.Services.AddScoped<ForgetImports>();
        setup.Services.AddScoped<CountSizes>();
        setup.Worker<ClockWorker>();
        setup.Worker<FillWorker>();
        setup.Worker<TidyWorker>();
    }

    private static void Definitions(ModuleSetup setup)
    {
        setup.Services.AddScoped<SaveSegment>();
        setup.Services.AddScoped<ArchiveSegment>();
        setup.Services.AddScoped<ListSegments>();
        setup.Services.AddScoped<ExplainMembership>();
        setup.Services.AddScoped<PreviewRule>();
        setup.Services.AddScoped<ListMembers>();
        setup.Services.AddScoped<CombineSegments>();
    }

    private static void Lists(ModuleSetup setup)
    {
        setup.Services.AddScoped<TellList>();
        setup.Services.AddScoped<ChangeList>();
        setup.Services.AddScoped<CopySegment>();
        setup.Services.AddScoped<FillLists>();
        setup.Services.AddScoped<IImportTarget, ListFile>();
        setup.Services.AddScoped<AskForLookalikes>();
        setup.Services.AddScoped<BuildLookalikes>();
        setup.Worker<ListWorker>();
        setup.Worker<LookalikeWorker>();
    }

    private static void Traits(ModuleSetup setup)
    {
        setup.Services.AddScoped<SaveComputedTrait>();
        setup.Services.AddScoped<ArchiveComputedTrait>();
        setup.Services.AddScoped<ListComputedTraits>();
        setup.Services.AddScoped<ComputeTraits>();
        setup.Services.AddScoped<PreviewTrait>();
        setup.Services.AddScoped<ScoreCustomers>();
        setup.Services.AddScoped<ReadScores>();
        setup.Services.AddScoped<AskForScores>();
        setup.Worker<ScoreWorker>();
        setup.Routes(ComputedTraitRoutes.Map);
        setup.Routes(ComputedTraitApi.Map);
        setup.Routes(LifecycleRoutes.Map);
        setup.Menu(new MenuEntry("Grow", "RFM and lifecycle", LifecycleRoutes.Path, "chart-column", SegmentsPermissions.Read, 10));
        setup.Menu(new MenuEntry("Grow", "Computed traits", ComputedTraitRoutes.Path, "sliders-horizontal", SegmentsPermissions.Read, 20));
        setup.Panel(new Panel("customer.side", typeof(CustomerLifecycle), SegmentsPermissions.Read, Order: 6));
        setup.Panel(new Panel("customer.side", typeof(CustomerComputedTraits), SegmentsPermissions.Read, Order: 7));
    }

    private static void Pages(ModuleSetup setup)
    {
        setup.Services.AddScoped<SegmentView>();
        setup.Routes(SegmentRoutes.Map);
        setup.Routes(EditorRoutes.Map);
        setup.Routes(ListRoutes.Map);
        setup.Routes(SegmentApi.Map);
        setup.Menu(new MenuEntry("Grow", "Segments", SegmentRoutes.Path, "target", SegmentsPermissions.Read));
        setup.Panel(new Panel("customer.side", typeof(CustomerSegments), SegmentsPermissions.Read, Order: 5));
    }
}
