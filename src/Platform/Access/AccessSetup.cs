using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Wellmet.Platform.Access.Keys;
using Wellmet.Platform.Access.Passkeys;
using Wellmet.Platform.Access.Passwords;
using Wellmet.Platform.Access.SecondFactors;
using Wellmet.Platform.Access.Sessions;
using Wellmet.Platform.Access.SignIns;
using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Api;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Log;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Security;

namespace Wellmet.Platform.Access;

/// <summary>Sign-in, staff, sessions and keys: what the server adds and maps, and what the command line adds.</summary>
public static class AccessSetup
{
    public const int PasswordIterations = 210_000;

    /// <summary>For the server: who asks, and what their role allows. A route that says nothing is closed.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services, WebOptions web)
    {
        services.AddStaff(web);
        services.AddAuthentication(CallerScheme.Name)
            .AddPolicyScheme(CallerScheme.Name, null, o => o.ForwardDefaultSelector = CallerScheme.Of)
            .AddScheme<AuthenticationSchemeOptions, SessionHandler>(SessionHandler.SchemeName, null)
            .AddScheme<AuthenticationSchemeOptions, AccessKeyHandler>(AccessKeyHandler.SchemeName, null);
        // Not being signed in is nothing to report.
        services.AddLogging(l => l.AddFilter(typeof(SessionHandler).FullName, LogLevel.Warning).AddFilter(typeof(AccessKeyHandler).FullName, LogLevel.Warning));
        services.AddCors();
        services.AddAuthorization(o => o.FallbackPolicy = new AuthorizationPolicyBuilder().AddRequirements(new ListedRequirement()).Build());
        services.AddScoped<SignInBrowser>();
        services.AddScoped<IAuthorizationHandler, PermissionRequirementHandler>();
        services.AddSingleton<IAuthorizationHandler, ListedRequirementHandler>();
        services.AddHostedService<Housekeeping>();
        services.AddHostedService<AuditSealing>();
        return services;
    }

    /// <summary>For the command line: the use cases that manage staff.</summary>
    public static IServiceCollection AddStaff(this IServiceCollection services, WebOptions web)
    {
        services.TryAddSingleton(web);
        services.Configure<IdentityOptions>(o =>
        {
            o.Password.RequiredLength = 12;
            o.Password.RequireDigit = o.Password.RequireLowercase = o.Password.RequireUppercase = o.Password.RequireNonAlphanumeric = false;
            o.Lockout.MaxFailedAccessAttempts = 5;
            o.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(15);
        });
        services.Configure<PasswordHasherOptions>(o => o.IterationCount = PasswordIterations);
        services.AddSingleton<IPasswordHasher<StaffMember>, PasswordHasher<StaffMember>>();
        services.AddSingleton<PasswordRules>().AddSingleton<PasswordCheck>();
        services.AddSingleton<StaffDirectory>().AddSingleton<StaffAccounts>().AddScoped<OwnAccount>();
        services.AddSingleton<SessionStore>().AddSingleton<SessionCookie>();
        services.AddSingleton<SignInAttempts>().AddSingleton<SignInLinks>().AddSingleton<TotpCheck>().AddScoped<SignInCompletion>();
        services.AddSingleton<SecondFactorRule>();
        AddPasskeys(services, web);
        services.AddSingleton<AccessKeyDirectory>().AddSingleton<AccessKeyNames>().AddSingleton<AccessKeyStore>().AddScoped<AccessKeyRules>().AddScoped<CurrentKey>();
        foreach (var useCase in UseCases)
        {
            services.AddScoped(useCase);
        }
        return services;
    }

    /// <summary>The framework's handler does the protocol; the user manager under it only reads.</summary>
    private static void AddPasskeys(IServiceCollection services, WebOptions web)
    {
        services.Configure<IdentityPasskeyOptions>(o =>
        {
            o.ServerDomain = web.BaseUrl.Host;
            o.UserVerificationRequirement = "required";
            o.ResidentKeyRequirement = "required";
            o.ValidateOrigin = context => ValueTask.FromResult(!context.CrossOrigin && context.Origin == web.BaseUrl.GetLeftPart(UriPartial.Authority));
        });
        services.AddHttpContextAccessor();
        services.AddSingleton<ILookupNormalizer, UpperInvariantLookupNormalizer>().AddSingleton<IdentityErrorDescriber>();
        services.AddScoped<IUserStore<StaffMember>, PasskeyUsers>().AddScoped<UserManager<StaffMember>>();
        services.AddScoped<IPasskeyHandler<StaffMember>, PasskeyHandler<StaffMember>>().AddScoped<PasskeyCeremonies>();
    }

    public static IEndpointRouteBuilder MapAccess(this IEndpointRouteBuilder app)
    {
        app.MapSignIns();
        app.MapStaff();
        app.MapSessions();
        app.MapAccessKeys();
        app.MapApiDocument();
        app.MapOwnAccount();
        app.MapPasskeys();
        app.MapAudit();
        app.MapDeadLetters();
        return app;
    }

    internal static void Declare(ModuleCatalog catalog)
    {
        catalog.AddPermission(AccessPermissions.ReadStaff, [Role.Auditor]);
        catalog.AddPermission(AccessPermissions.ManageStaff, []);
        catalog.AddPermission(AccessPermissions.ReadAudit, [Role.Auditor]);
        catalog.AddPermission(AccessPermissions.RepairLog, []);
        catalog.AddPermission(AccessPermissions.ReadKeys, [Role.Auditor]);
        catalog.AddPermission(AccessPermissions.ManageKeys, []);
        catalog.AddPermission(AccessPermissions.ReadApi, [Role.Marketer, Role.Analyst, Role.Auditor]);
        catalog.AddScope(AccessPermissions.ReadApi, "Read the description of this API");
        catalog.AddPermission(AccessPermissions.ReadMetrics, []);
        catalog.AddScope(AccessPermissions.ReadMetrics, "Read the figures of the running program");
        catalog.AddPermission(AccessPermissions.WriteEvents, []);
        catalog.AddScope(AccessPermissions.WriteEvents, "Send events: visits, orders, anything that happens in the shop");
        catalog.AddMenu(new MenuEntry("Settings", "Staff", StaffRoutes.Path, "users", AccessPermissions.ReadStaff, 10));
        catalog.AddMenu(new MenuEntry("Settings", "Keys", AccessKeyRoutes.Path, "key-round", AccessPermissions.ReadKeys, 15));
        catalog.AddMenu(new MenuEntry("Settings", "API", ApiDocumentRoutes.PagePath, "book-open", AccessPermissions.ReadApi, 17));
        catalog.AddMenu(new MenuEntry("Settings", "Audit log", AuditRoutes.Path, "shield-check", AccessPermissions.ReadAudit, 20));
        catalog.AddMenu(new MenuEntry("Settings", "Dead letters", DeadLetterRoutes.Path, "triangle-alert", AccessPermissions.RepairLog, 30));
    }

    private static readonly Type[] UseCases =
    [
        typeof(InviteFirstOwner), typeof(CreateSignInLink), typeof(RedeemSignInLink), typeof(SignIn), typeof(SignInWithTotp), typeof(SignInWithRecoveryCode),
        typeof(SignOut), typeof(ListSessions), typeof(EndSession), typeof(ConfirmIdentity), typeof(ConfirmWithPasskey), typeof(ChangePassword),
        typeof(SignInWithPasskey), typeof(AskForPasskey), typeof(OfferPasskey), typeof(AddPasskey), typeof(ListPasskeys), typeof(RenamePasskey), typeof(RemovePasskey),
        typeof(OfferTotp), typeof(SetUpTotp), typeof(TurnOffTotp), typeof(RenewRecoveryCodes),
        typeof(InviteStaff), typeof(ListStaff), typeof(ChangeRole), typeof(DeactivateStaff), typeof(ActivateStaff), typeof(ShowOwnAccount),
        typeof(EndOtherSessions), typeof(EndSessionsOf), typeof(ReleaseSignIn), typeof(DemandSecondFactor),
        typeof(CreateAccessKey), typeof(RotateAccessKey), typeof(RevokeAccessKey), typeof(ListAccessKeys), typeof(ListDeadLetters),
    ];
}
