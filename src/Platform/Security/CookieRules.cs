using Microsoft.AspNetCore.Http;

namespace Wellmet.Platform.Security;

/// <summary>Names and security of our cookies. <c>__Host-</c> binds a cookie to this host, this path and a secure connection (RFC 6265bis).</summary>
public static class CookieRules
{
    public static string Name(WebOptions web, string name) => (web.HasSecureCookies ? "__Host-" : "") + "wm-" + name;

    /// <summary>
    /// A builder for the framework's own cookies. On http://localhost they are <c>Secure</c>, too, which the framework's policies cannot say:
    /// its antiforgery refuses to work with <c>Always</c> where the request is not https.
    /// </summary>
    internal static CookieBuilder Builder(WebOptions web, string name)
    {
        var builder = web.HasSecureCookies && !web.IsHttps ? new LocalhostCookie() : new CookieBuilder();
        builder.Name = Name(web, name);
        builder.HttpOnly = true;
        builder.SameSite = SameSiteMode.Strict;
        builder.Path = "/";
        builder.SecurePolicy = web.IsHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        return builder;
    }

    private sealed class LocalhostCookie : CookieBuilder
    {
        public override CookieOptions Build(HttpContext context, DateTimeOffset expiresFrom)
        {
            var options = base.Build(context, expiresFrom);
            options.Secure = true;
            return options;
        }
    }
}
