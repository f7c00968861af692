using Microsoft.Extensions.DependencyInjection;
using Wellmet.Demo.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Vault;
using Wellmet.Platform.Webhooks;
using Wellmet.Privacy.Confirmations;
using Wellmet.Privacy.Consents;
using Wellmet.Privacy.Contract;
using Wellmet.Privacy.Purposes;
using Wellmet.Privacy.Rules;

namespace Wellmet.Privacy;

/// <summary>The door of Privacy.</summary>
public sealed class PrivacyModule : IModule
{
    public string Name => "privacy";

    public void Configure(ModuleSetup setup)
    {
        setup.Permission(PrivacyPermissions.Read, Role.Marketer, Role.Agent, Role.Analyst, Role.Auditor);
        setup.Permission(PrivacyPermissions.Write, Role.Agent);
        setup.Permission(PrivacyPermissions.EditRules);
        setup.Scope(PrivacyPermissions.Read, "Read what customers consented to, with the proof");
        setup.Scope(PrivacyPermissions.Write, "Record consents and withdrawals");
        setup.Event<ObjectionRaised>("privacy.objection_raised");
        setup.Event<ObjectionWithdrawn>("privacy.objection_withdrawn");
        setup.Event<ConsentRecorded>("privacy.consent_recorded");
        setup.Services.AddSingleton<CurrentRules>();
        setup.Services.AddSingleton<IWebhookEvents, ConsentWebhooks>();
        setup.Services.AddScoped<IPurposeRules, ConsentRules>();
        setup.Services.AddScoped<AddressTokens>();
        setup.Services.AddScoped<ConsentLedger>();
        setup.Services.AddScoped<KeepRefusals>();
        setup.Services.AddSingleton<ConsentHistory>();
        setup.Services.AddScoped<RecordConsents>();
        setup.Services.AddScoped<RecordConsentByStaff>();
        setup.Services.AddScoped<ReadConsents>();
        setup.Services.AddScoped<IConsents, ConsentDirectory>();
        setup.Services.AddScoped<IDemoPart, SampleConsents>();
        setup.Event<ConsentConfirmationAsked>("privacy.consent_confirmation_asked");
        setup.Services.AddSingleton<ConfirmationTokens>();
        setup.Services.AddScoped<ConfirmConsent>();
        setup.Receiver<SignalReceiver>("privacy.signals");
        setup.Receiver<ErasedReceiver>("privacy.erased");
        setup.Services.AddScoped<ReadRules>();
        setup.Services.AddScoped<SaveRule>();
        setup.Menu(new MenuEntry("Settings", "Consent rules", RuleRoutes.Path, "shield-check", PrivacyPermissions.EditRules, 18));
        setup.Services.AddScoped<IPersonalData, PrivacyPersonalData>();
        setup.Services.AddScoped<ObjectToPurpose>();
        setup.Services.AddScoped<WithdrawObjection>();
        setup.Services.AddScoped<ChooseOnPage>();
        setup.Services.AddScoped<ReadPurposes>();
        setup.Panel(new Panel("customer.side", typeof(PurposesPanel), PrivacyPermissions.Read, 90));
        setup.Routes(routes =>
        {
            routes.MapPurposes();
            ChoiceApi.Map(routes);
            routes.MapConsents();
            routes.MapConsentApi();
            routes.MapConfirmations();
            routes.MapRules();
        });
    }
}
