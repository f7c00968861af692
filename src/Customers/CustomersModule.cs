using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Wellmet.Customers.Collection;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Erasure;
using Wellmet.Customers.Events;
using Wellmet.Customers.Graph;
using Wellmet.Customers.Identities;
using Wellmet.Customers.Imports;
using Wellmet.Customers.Joining;
using Wellmet.Customers.Profiles;
using Wellmet.Customers.Schema;
using Wellmet.Customers.Proposals;
using Wellmet.Customers.Timeline;
using Wellmet.Customers.Traits;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Keys;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Ui.Commands;
using Wellmet.Platform.Vault;
using Wellmet.Platform.Webhooks;

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
        Proposals(setup);
        Joining(setup);
        Traits(setup);
        Collection(setup);
        Erasure(setup);
        setup.AddImports();
    }

    private static void Permissions(ModuleSetup setup)
    {
        setup.Permission(CustomersPermissions.Read, Role.Marketer, Role.Agent, Role.Analyst);
        setup.Scope(CustomersPermissions.Read, "Read customers: figures, consents and timeline, without names and addresses");
        setup.Permission(CustomersPermissions.ReadPersonal, Role.Marketer, Role.Agent);
        setup.Scope(CustomersPermissions.ReadPersonal, "See names, addresses and other personal data of those customers, too");
        setup.Permission(CustomersPermissions.ReadEvents, Role.Marketer, Role.Agent, Role.Analyst);
        setup.Scope(CustomersPermissions.ReadEvents, "Read the events that were sent, without what is personal in them");
        setup.Permission(CustomersPermissions.Edit, Role.Agent);
        setup.Permission(CustomersPermissions.MergeAutomatically);
        setup.Permission(CustomersPermissions.DefineTraits);
        setup.Scope(CustomersPermissions.DefineTraits, "Define the shop's own traits, and say which of them are not personal");
        setup.Permission(CustomersPermissions.Erase);
        setup.Permission(CustomersPermissions.Export, Role.Agent, Role.Marketer);
        setup.Permission(CustomersPermissions.Import, Role.Marketer);
    }

    private static void Identities(ModuleSetup setup)
    {
        setup.Event<CustomerAppeared>("customers.appeared");
        setup.Event<TraitsTold>("customers.traits_told");
        setup.Event<CustomerMerged>("customers.merged");
        setup.Event<CustomerUnmerged>("customers.unmerged");
        setup.Event<ImportUndone>("customers.import_undone");
        setup.Services.AddSingleton<SealStatements>();
        setup.Services.AddSingleton<ResolvePeople>().AddSingleton<FindPeople>();
        setup.Services.AddSingleton<RegisterPeople>();
        setup.Services.AddSingleton<SubjectVault>();
        setup.Worker<SubjectVaultService>();
        setup.Services.AddSingleton<UndoImportedPeople>();
        setup.Services.AddScoped<ICustomers, CustomerDirectory>();
        setup.Services.AddScoped<MergeCustomers>();
        setup.Services.AddScoped<UnmergeCustomer>();
    }

    private static void Joining(ModuleSetup setup)
    {
        setup.Services.AddSingleton<CurrentJoinRules>();
        setup.Services.AddScoped<SaveJoinRules>();
        setup.Services.AddScoped<ListHeld>();
        setup.Services.AddScoped<ReleaseHeld>();
        setup.Routes(routes => routes.MapJoining());
    }

    private static void Profiles(ModuleSetup setup)
    {
        setup.Event<ProfileEdited>("customers.profile_edited");
        setup.Services.AddScoped<ProfileReader>();
        setup.Services.AddScoped<FindByIdentifier>();
        setup.Services.AddScoped<ListCustomers>();
        setup.Services.AddScoped<ReadCustomer>();
        setup.Services.AddScoped<EditProfile>();
        setup.Services.AddScoped<ReadIdentityGraph>();
        setup.Services.AddScoped<ReadTimeline>();
        setup.Services.AddScoped<ExportCustomers>();
        setup.Services.AddScoped<ICommandSource, CustomerCommands>();
        setup.Services.AddSingleton<IWebhookEvents, CustomerWebhooks>();
        setup.Menu(new MenuEntry("Customers", "Customers", CustomerRoutes.Path, "users", CustomersPermissions.Read));
        setup.Routes(routes => routes.MapCustomers());
        setup.Routes(routes => routes.MapCustomerApi());
    }

    private static void Proposals(ModuleSetup setup)
    {
        setup.Services.AddSingleton<ProposalStore>();
        setup.Services.AddSingleton<ProposalStatus>();
        setup.Services.AddScoped<PeopleReader>();
        setup.Services.AddScoped<FindProposals>();
        setup.Services.AddScoped<RequestProposals>();
        setup.Services.AddScoped<ListProposals>();
        setup.Services.AddScoped<MergeProposed>();
        setup.Services.AddScoped<DecideProposal>();
        setup.Services.AddScoped<SaveAutomaticMerging>();
        setup.Worker<ProposalWorker>();
        setup.Routes(routes => routes.MapProposals());
    }

    private static void Traits(ModuleSetup setup)
    {
        setup.Receiver<FiguresReceiver>("customers.figures");
        setup.Event<ShopTraitsTold>("customers.shop_traits_told");
        setup.Event<ShopTraitsForgotten>("customers.shop_traits_forgotten");
        setup.Services.AddSingleton<TraitBook>();
        setup.Services.AddSingleton<JudgeTraits>();
        setup.Services.AddSingleton<WriteTraits>();
        setup.Services.AddScoped<RetellTraits>();
        setup.Services.AddSingleton<IShopTraits, ShopTraits>();
        setup.Services.AddSingleton<TraitCounts>();
        setup.Services.AddScoped<DefineTrait>();
        setup.Services.AddScoped<ListTraits>();
        setup.Services.TryAddSingleton<AccessKeyNames>(); // the command line has no web server that brings it
        setup.Services.AddScoped<ReadTraits>();
        setup.Services.AddScoped<EditTrait>();
        setup.Menu(new MenuEntry("Settings", "Traits", TraitRoutes.Path, "tag", CustomersPermissions.Read, 13));
        setup.Panel(new Panel("customer.side", typeof(CustomerTraits), CustomersPermissions.Read, Order: 3));
        setup.Routes(routes => routes.MapTraits());
        setup.Routes(routes => routes.MapCustomerTraits());
        setup.Routes(routes => routes.MapTraitApi());
        setup.Worker<RetellWorker>();
        setup.Services.AddSingleton<ICustomerStatements, CustomerStatements>();
    }

    private static void Collection(ModuleSetup setup)
    {
        setup.Event<EventCollected>("customers.event_collected");
        setup.Event<ShopEventCollected>("customers.shop_event_collected");
        setup.Event<PrivacySignalled>("customers.privacy_signalled");
        setup.Event<OrderEventCollected>("customers.order_event_collected");
        setup.Services.AddSingleton<IdentityProof>();
        setup.Services.AddSingleton<IProvenVisitors, ProvenVisitors>();
        setup.Services.AddSingleton<CallReader>();
        setup.Services.AddSingleton<SealCollected>();
        setup.Services.AddSingleton<PrepareCollected>();
        setup.Services.AddSingleton<KeepMeasurable>();
        setup.Services.AddSingleton<WriteCollected>();
        setup.Services.AddSingleton<CollectionMeasures>();
        setup.Worker<CollectionQueue>();
        setup.Services.AddSingleton<ICollectedEvents, ProgramEvents>();
        setup.Services.AddScoped<CollectEvents>();
        setup.Services.AddSingleton<EventWatch>();
        setup.Worker<EventWatchNotifications>();
        setup.Worker<EventProblems>();
        setup.Services.AddSingleton<IExpiry>(p => p.GetRequiredService<EventProblems>());
        setup.Services.AddSingleton<IExpiry, MessageExpiry>();
        setup.Services.AddScoped<ListEvents>();
        setup.Services.AddScoped<WatchEvents>();
        setup.Services.AddScoped<ListEventProblems>();
        setup.Menu(new MenuEntry("Settings", "Events", EventRoutes.Path, "activity", CustomersPermissions.ReadEvents, 16));
        setup.Panel(new Panel("key.main", typeof(KeySnippets), AccessPermissions.ManageKeys));
        setup.Routes(routes => routes.MapEvents());
        setup.Routes(routes => routes.MapCollection());
        setup.Routes(routes => routes.MapEventApi());
    }

    private static void Erasure(ModuleSetup setup)
    {
        setup.Event<CustomerErased>("customers.erased");
        setup.Services.AddScoped<IPersonalData, CustomersPersonalData>();
        setup.Services.AddScoped<ExportCustomer>();
        setup.Services.AddScoped<EraseCustomer>();
        setup.Routes(routes => routes.MapErasure());
    }
}
