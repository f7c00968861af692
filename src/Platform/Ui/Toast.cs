using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Wellmet.Platform.Ui;

/// <summary>A short message after an act, with Undo where it can be undone. Texts are translated by the caller.</summary>
/// <param name="UndoPath">A route that takes a POST and undoes the act.</param>
public sealed record Toast(string Text, string? UndoLabel = null, string? UndoPath = null)
{
    private const string Cookie = "wm_toast";
    private const int MaximumLength = 300;

    /// <summary>Shows it with this answer (a part) or, after a redirect, with the next page.</summary>
    public void Send(HttpContext http)
    {
        if (http.Request.Headers.ContainsKey("HX-Request"))
        {
            // The default encoder writes ASCII only, as a header must.
            http.Response.Headers["HX-Trigger"] = JsonSerializer.Serialize(new { toast = new { text = Text, undo = UndoPath is null ? null : new { label = UndoLabel, path = UndoPath } } });
            return;
        }
        var value = JsonSerializer.Serialize(this with { Text = Text.Length > MaximumLength ? Text[..MaximumLength] : Text });
        http.Response.Cookies.Append(Cookie, value, Options(http));
    }

    /// <summary>The message that waits for this page, once.</summary>
    internal static Toast? Take(HttpContext http)
    {
        if (!http.Request.Cookies.TryGetValue(Cookie, out var value))
        {
            return null;
        }
        http.Response.Cookies.Delete(Cookie, Options(http));
        try
        {
            var toast = JsonSerializer.Deserialize<Toast>(value);
            return toast is { Text: not null } ? toast with { UndoPath = LocalUrl.Or(toast.UndoPath, null) } : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static CookieOptions Options(HttpContext http) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, Path = "/", MaxAge = TimeSpan.FromMinutes(1) };
}
