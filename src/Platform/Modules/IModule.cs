namespace Wellmet.Platform.Modules;

/// <summary>The door of a module: everything it gives to the program is declared here, and reads as a table of contents.</summary>
public interface IModule
{
    /// <summary>Lower-case name; prefixes the module's tables, e.g. <c>commerce</c> for <c>commerce_orders</c>.</summary>
    string Name { get; }

    /// <summary>Declares services, routes, receivers, permissions, menu entries and panels.</summary>
    void Configure(ModuleSetup setup);
}
