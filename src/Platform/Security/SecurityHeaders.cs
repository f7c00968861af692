using Microsoft.AspNetCore.Http;
using Wellmet.Platform.Access.SignIns;

namespace Wellmet.Platform.Security;

/// <summary>Headers of every answer, errors included; the address of a one-time link is told to nobody. A route that sets one itself keeps its own (the frame around an e-mail).</summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    /// <summary>Scripts, styles and connections from this server only, nothing inline, no frames around us.</summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
        + "frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'";

    public const string PermissionsPolicy = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";

    private static readonly (string Name, string Value)[] Always =
    [
        ("Content-Security-Policy", ContentSecurityPolicy),
        ("X-Content-Type-Options", "nosniff"),
        ("Permissions-Policy", PermissionsPolicy),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ];

    public Task InvokeAsync(HttpContext http)
    {
        http.Response.OnStarting(static state =>
        {
            var context = (HttpContext)state;
            var headers = context.Response.Headers;
            foreach (var (name, value) in Always)
            {
                headers.TryAdd(name, value);
            }
            headers.TryAdd("Referrer-Policy", context.Request.Path.StartsWithSegments(SignInLinks.Path) ? "no-referrer" : "strict-origin-when-cross-origin");
            if (headers.CacheControl.Count == 0)
            {
                headers.CacheControl = "no-store";
            }
            return Task.CompletedTask;
        }, http);
        return next(http);
    }
}
