using Microsoft.AspNetCore.Http;
using Wellmet.Platform.Security;

namespace Wellmet.Platform.Access.Sessions;

/// <summary>The cookie that holds a session's reference; it ends with the browser.</summary>
public sealed class SessionCookie(WebOptions web)
{
    public string Name => CookieRules.Name(web, "session");

    public string? Read(HttpRequest request) => request.Cookies[Name];

    public void Set(HttpResponse response, SecretToken token) => response.Cookies.Append(Name, token.Text, Options);

    public void Delete(HttpResponse response) => response.Cookies.Delete(Name, Options);

    /// <summary>Lax, not Strict: a link from an e-mail to a case should find the person signed in. Unsafe requests carry a token of their own.</summary>
    private CookieOptions Options => new() { HttpOnly = true, Secure = web.HasSecureCookies, SameSite = SameSiteMode.Lax, Path = "/" };
}
