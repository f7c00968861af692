using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Keys;

namespace Wellmet.Platform.Security;

/// <summary>
/// Refuses what another site sends with our cookies: every request that changes something needs the token of one of our pages, as a header or a
/// form field. Also for DELETE and for routes that read no form, which the framework's own middleware leaves out.
/// </summary>
internal sealed class ForgeryCheck(RequestDelegate next, IAntiforgery antiforgery)
{
    public async Task InvokeAsync(HttpContext http, CurrentKey key)
    {
        if (IsSafe(http.Request.Method) || IsWithoutSession(http, key))
        {
            await next(http);
            return;
        }
        if (IsFromElsewhere(http.Request) || !await IsValidAsync(http))
        {
            throw new ProblemException("request_forged", "This page is out of date. Reload it and try again.", StatusCodes.Status400BadRequest);
        }
        await next(http);
    }

    private static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method);

    /// <summary>A browser adds cookies by itself, but never a key: where a key says who asks, nobody can borrow somebody's session.</summary>
    private static bool IsWithoutSession(HttpContext http, CurrentKey key) => KnownCallers.Of(http) switch
    {
        Callers.Session => false,
        Callers.SessionOrKey => key.Id is not null,
        _ => true,
    };

    /// <summary>Browsers say where a request comes from; programs say nothing.</summary>
    internal static bool IsFromElsewhere(HttpRequest request) => request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin" or "none");

    private async Task<bool> IsValidAsync(HttpContext http) =>
        http.Features.Get<IAntiforgeryValidationFeature>()?.IsValid ?? await antiforgery.IsRequestValidAsync(http);
}
