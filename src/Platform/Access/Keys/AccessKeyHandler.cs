using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Wellmet.Platform.Access.Sessions;
using Wellmet.Platform.Security;

namespace Wellmet.Platform.Access.Keys;

/// <summary>Finds out which program asks, by the key in its <c>Authorization</c> header. Sets <see cref="CurrentActor"/>; no cookie is looked at.</summary>
internal sealed class AccessKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, AccessKeyDirectory directory)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "key";

    private ProblemException refusal = CurrentKey.Missing();

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        Service<CurrentSession>().Origin = Origin.Of(Context);
        if (Request.Headers.Authorization.Count == 0)
        {
            return AuthenticateResult.NoResult();
        }
        var key = await directory.FindAsync(AccessKeyText.InHeader(Request.Headers.Authorization), Context.RequestAborted);
        if (key is null)
        {
            return Refuse(CurrentKey.Refused());
        }
        if (key.Kind == AccessKeyKind.Secret && ForgeryCheck.IsFromElsewhere(Request))
        {
            return Refuse(new ProblemException("key_in_page", "This is a secret key, and it came from a page that everybody can read. Revoke it; in a page use a write key.", 401));
        }
        Service<CurrentKey>().Enter(key);
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, key.Actor.Name)], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => ProblemAnswers.WriteAsync(Context, refusal);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        ProblemAnswers.WriteAsync(Context, ProblemAnswers.ForbiddenTo(Context, Context.GetEndpoint()!.Metadata.GetRequiredMetadata<RequiredPermission>().Permission));

    private AuthenticateResult Refuse(ProblemException problem)
    {
        refusal = problem;
        return AuthenticateResult.Fail(problem.Code);
    }

    private T Service<T>() where T : notnull => (T)Context.RequestServices.GetService(typeof(T))!;
}
