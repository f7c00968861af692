using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Wellmet.Platform.Ui;

/// <summary>The viewer's choice of language and theme, kept in cookies for a year.</summary>
internal static class Preferences
{
    public static IResult SetLanguage(HttpContext http, [FromForm] string language, [FromForm] string? returnUrl)
    {
        if (!Viewer.Languages.Contains(language))
        {
            throw new ProblemException("language_unknown", "This language is not available.");
        }
        return Keep(http, Viewer.LanguageCookie, language, returnUrl);
    }

    /// <summary>An unknown theme, e.g. <c>system</c>, forgets the choice.</summary>
    public static IResult SetTheme(HttpContext http, [FromForm] string theme, [FromForm] string? returnUrl) =>
        Keep(http, Viewer.ThemeCookie, Viewer.Themes.Contains(theme) ? theme : "", returnUrl);

    private static IResult Keep(HttpContext http, string cookie, string value, string? returnUrl)
    {
        var options = new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, Path = "/", MaxAge = TimeSpan.FromDays(365) };
        http.Response.Cookies.Append(cookie, value, options);
        return Results.LocalRedirect(LocalUrl.Or(returnUrl, "/"));
    }
}
