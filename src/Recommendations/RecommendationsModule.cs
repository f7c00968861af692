using Wellmet.Platform.Modules;

namespace Wellmet.Recommendations;

/// <summary>The door of Recommendations.</summary>
public sealed class RecommendationsModule : IModule
{
    public string Name => "recommendations";

    public void Configure(ModuleSetup setup)
    {
    }
}
