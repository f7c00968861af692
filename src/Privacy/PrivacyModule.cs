using Wellmet.Platform.Modules;

namespace Wellmet.Privacy;

/// <summary>The door of Privacy.</summary>
public sealed class PrivacyModule : IModule
{
    public string Name => "privacy";

    public void Configure(ModuleSetup setup)
    {
    }
}
