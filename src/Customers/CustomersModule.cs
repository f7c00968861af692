using Wellmet.Platform.Modules;

namespace Wellmet.Customers;

/// <summary>The door of Customers.</summary>
public sealed class CustomersModule : IModule
{
    public string Name => "customers";

    public void Configure(ModuleSetup setup)
    {
    }
}
