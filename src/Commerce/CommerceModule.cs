using Wellmet.Platform.Modules;

namespace Wellmet.Commerce;

/// <summary>The door of Commerce.</summary>
public sealed class CommerceModule : IModule
{
    public string Name => "commerce";

    public void Configure(ModuleSetup setup)
    {
    }
}
