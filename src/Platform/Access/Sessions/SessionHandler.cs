using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Wellmet.Platform.Access.SecondFactors;
using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Security;

namespace Wellmet.Platform.Access.Sessions;

/// <summary>
/// Finds out who asks: the cookie's reference leads to a session, the session to its holder as they are now. Sets <see cref="CurrentActor"/>.
/// The framework's cookie handler is not used: it keeps the old reference at a new sign-in, and its tickets can be forged by whoever has its keys.
/// </summary>
internal sealed class SessionHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "session";
    private const string SignInPath = "/sign-in";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var services = Context.RequestServices;
        var current = services.GetRequiredService<CurrentSession>();
        current.Origin = Origin.Of(Context);
        var cookie = services.GetRequiredService<SessionCookie>();
        if (cookie.Read(Request) is not { } reference)
        {
            return AuthenticateResult.NoResult();
        }
        if (await services.GetRequiredService<SessionStore>().FindAsync(reference, !Unattended.Is(Context), Context.RequestAborted) is not { } session)
        {
            return AuthenticateResult.NoResult();
        }
        current.Id = session.Id;
        current.VerifiedAt = session.VerifiedAt;
        current.SecondFactorDueAt = await services.GetRequiredService<SecondFactorRule>().DueAtAsync(session.Member, Context.RequestAborted);
        services.GetRequiredService<CurrentActor>().Value = ActorOf(session.Member, services.GetRequiredService<ModuleCatalog>(), mayAct: !Waits);
        return AuthenticateResult.Success(new AuthenticationTicket(await PrincipalAsync(session.Member, services), SchemeName));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        switch (Audiences.Of(Request))
        {
            case Audience.Page:
                var back = HttpMethods.IsGet(Request.Method) ? Request.PathBase + Request.Path + Request.QueryString : "/console";
                Response.Redirect($"{SignInPath}?returnUrl={Uri.EscapeDataString(back)}");
                break;
            case Audience.Part:
                Response.StatusCode = StatusCodes.Status401Unauthorized;
                Response.Headers["HX-Redirect"] = SignInPath;
                break;
            default:
                await ProblemAnswers.WriteAsync(Context, new ProblemException("not_signed_in", "Sign in first.", StatusCodes.Status401Unauthorized));
                break;
        }
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        if (!Waits)
        {
            return ProblemAnswers.WriteAsync(Context, ProblemAnswers.Forbidden);
        }
        if (Audiences.Of(Request) == Audience.Page)
        {
            Response.Redirect(OwnAccountRoutes.Path);
            return Task.CompletedTask;
        }
        return ProblemAnswers.WriteAsync(Context, new ProblemException("second_factor_needed", "Set up a second factor first, in your account.", StatusCodes.Status403Forbidden));
    }

    /// <summary>An owner whose week is over may do nothing but set up a second factor.</summary>
    private bool Waits => Context.RequestServices.GetRequiredService<CurrentSession>().SecondFactorDueAt <= TimeProvider.GetUtcNow();

    private static Actor ActorOf(StaffMember member, ModuleCatalog catalog, bool mayAct) => new(member.Id, member.Id.ToString(), member.Role,
        permission => mayAct && catalog.Permissions.TryGetValue(permission, out var roles) && roles.Contains(member.Role));

    private static async Task<ClaimsPrincipal> PrincipalAsync(StaffMember member, IServiceProvider services)
    {
        var names = await services.GetRequiredService<StaffDirectory>().NamesAsync([member], CancellationToken.None);
        return new ClaimsPrincipal(new ClaimsIdentity(
            [new Claim(ClaimTypes.NameIdentifier, member.Id.ToString()), new Claim(ClaimTypes.Name, names[member.Id] ?? "")], SchemeName));
    }
}
