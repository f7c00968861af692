using Microsoft.AspNetCore.Http;
using Wellmet.Platform.Access.Keys;
using Wellmet.Platform.Access.Sessions;

namespace Wellmet.Platform.Access;

/// <summary>Chooses by the route, and not by the request alone, whether a session or a key says who asks: never one in the place of the other.</summary>
internal static class CallerScheme
{
    public const string Name = "caller";

    public static string Of(HttpContext http) => KnownCallers.Of(http) switch
    {
        Callers.Session => SessionHandler.SchemeName,
        Callers.SessionOrKey when http.Request.Headers.Authorization.Count == 0 => SessionHandler.SchemeName,
        _ => AccessKeyHandler.SchemeName,
    };
}
