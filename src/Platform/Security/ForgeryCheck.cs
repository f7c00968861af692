using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;

namespace Wellmet.Platform.Security;

/// <summary>
/// Refuses what another site sends with our cookies: every request that changes something needs the token of one of our pages, as a header or a
/// form field. Also for DELETE and for routes that read no form, which the framework's own middleware leaves out.
/// </summary>
internal sealed class ForgeryCheck(RequestDelegate next, IAntiforgery antiforgery)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (IsSafe(http.Request.Method) || http.GetEndpoint()?.Metadata.GetMetadata<WithoutCookies>() is not null)
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

    /// <summary>Browsers say where a request comes from; programs say nothing.</summary>
    private static bool IsFromElsewhere(HttpRequest request) => request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin" or "none");

    private async Task<bool> IsValidAsync(HttpContext http) =>
        http.Features.Get<IAntiforgeryValidationFeature>()?.IsValid ?? await antiforgery.IsRequestValidAsync(http);
}

/// <summary>
/// Metadata of a route that knows its caller by a key in the request and never by a cookie, so that no other site can act through a browser.
/// </summary>
public sealed record WithoutCookies;
