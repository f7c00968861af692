using Wellmet.Commerce;
using Wellmet.Customers;
using Wellmet.Demo;
using Wellmet.Insights;
using Wellmet.Platform.Modules;
using Wellmet.Privacy;
using Wellmet.Recommendations;
using Wellmet.Segments;

namespace Wellmet.Server;

/// <summary>The modules, in the order in which they are set up and their migrations run.</summary>
public static class ModuleList
{
    public static IReadOnlyList<IModule> All { get; } =
        [new PrivacyModule(), new CustomersModule(), new CommerceModule(), new RecommendationsModule(), new InsightsModule(), new SegmentsModule(), new DemoModule()];
}
