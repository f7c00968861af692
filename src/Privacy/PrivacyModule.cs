using Microsoft.Extensions.DependencyInjection;
using Wellmet.Platform.Access;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Vault;
using Wellmet.Privacy.Contract;
using Wellmet.Privacy.Purposes;

namespace Wellmet.Privacy;

/// <summary>The door of Privacy.</summary>
public sealed class PrivacyModule : IModule
{
    public string Name => "privacy";

    public void Configure(ModuleSetup setup)
    {
        setup.Permission(PrivacyPermissions.Read, Role.Marketer, Role.Agent, Role.Analyst, Role.Auditor);
        setup.Permission(PrivacyPermissions.Edit, Role.Agent);
        setup.Event<ObjectionRaised>("privacy.objection_raised");
        setup.Event<ObjectionWithdrawn>("privacy.objection_withdrawn");
        setup.Services.AddScoped<IPurposeGate, PurposeGate>();
        setup.Services.AddScoped<IPersonalData, PrivacyPersonalData>();
        setup.Services.AddScoped<ObjectToPurpose>();
        setup.Services.AddScoped<WithdrawObjection>();
        setup.Services.AddScoped<ReadPurposes>();
        setup.Panel(new Panel("customer.side", typeof(PurposesPanel), PrivacyPermissions.Read, 90));
        setup.Routes(routes => routes.MapPurposes());
    }
}
