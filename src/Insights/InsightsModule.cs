using Wellmet.Platform.Modules;

namespace Wellmet.Insights;

/// <summary>The door of Insights.</summary>
public sealed class InsightsModule : IModule
{
    public string Name => "insights";

    public void Configure(ModuleSetup setup)
    {
    }
}
