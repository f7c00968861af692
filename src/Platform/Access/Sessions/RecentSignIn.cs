using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Wellmet.Platform.Access.Sessions;

/// <summary>
/// Routes that ask for a recent proof of identity: staff, exports of personal data, erasure, keys, the second factor. The page asks for one of the last ten minutes, what its
/// forms send for one of the last thirty, so whoever just opened the page can always send it.
/// </summary>
public static class RecentSignIn
{
    public static RouteHandlerBuilder RequireRecentSignIn(this RouteHandlerBuilder builder) => builder.WithMetadata(new RequiredRecentSignIn()).AddEndpointFilter(async (context, next) =>
    {
        var http = context.HttpContext;
        var opens = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
        var session = http.RequestServices.GetRequiredService<CurrentSession>();
        var age = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow() - session.VerifiedAt;
        if (age <= (opens ? SessionLimits.RecentToOpen : SessionLimits.RecentToAct))
        {
            return await next(context);
        }
        return opens
            ? Results.LocalRedirect($"/sign-in/confirm?returnUrl={Uri.EscapeDataString(http.Request.Path + http.Request.QueryString)}")
            : throw new ProblemException("identity_unconfirmed", "You have been away for a while. Open the page again and confirm who you are.", StatusCodes.Status403Forbidden);
    });
}

/// <summary>Metadata of a route that asks for a recent proof of identity.</summary>
public sealed record RequiredRecentSignIn;
