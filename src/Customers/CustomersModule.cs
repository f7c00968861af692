using Microsoft.Extensions.DependencyInjection;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Customers.Imports;
using Wellmet.Customers.Profiles;
using Wellmet.Customers.Traits;
using Wellmet.Platform.Access;
using Wellmet.Platform.Modules;

namespace Wellmet.Customers;

/// <summary>The door of Customers.</summary>
public sealed class CustomersModule : IModule
{
    public string Name => "customers";

    public void Configure(ModuleSetup setup)
    {
        Permissions(setup);
        Identities(setup);
        Profiles(setup);
        Traits(setup);
        setup.AddImports();
    }

    private static void Permissions(ModuleSetup setup)
    {
        setup.Permission(CustomersPermissions.Read, Role.Marketer, Role.Agent, Role.Analyst);
        setup.Permission(CustomersPermissions.ReadPersonal, Role.Marketer, Role.Agent);
        setup.Permission(CustomersPermissions.Edit, Role.Agent);
        setup.Permission(CustomersPermissions.Import, Role.Marketer);
    }

    private static void Identities(ModuleSetup setup)
    {
        setup.Event<CustomerAppeared>("customers.appeared");
        setup.Event<CustomerMerged>("customers.merged");
        setup.Event<CustomerUnmerged>("customers.unmerged");
        setup.Event<ImportUndone>("customers.import_undone");
        setup.Services.AddSingleton<SealStatements>();
        setup.Services.AddSingleton<ResolvePeople>();
        setup.Services.AddSingleton<RegisterPeople>();
        setup.Services.AddSingleton<VaultFollowUp>();
        setup.Services.AddSingleton<UndoImportedPeople>();
        setup.Services.AddScoped<ICustomers, CustomerDirectory>();
        setup.Services.AddScoped<MergeCustomers>();
        setup.Services.AddScoped<UnmergeCustomer>();
    }

    private static void Profiles(ModuleSetup setup)
    {
        setup.Services.AddScoped<ProfileReader>();
    }

    private static void Traits(ModuleSetup setup) => setup.Receiver<FiguresReceiver>("customers.figures");
}
