using Microsoft.AspNetCore.Http;

namespace Wellmet.Platform.Access.Sessions;

/// <summary>
/// Metadata of a route that pages call by themselves, such as the live stream: it does not keep a session alive that nobody uses any more. Parts that
/// load themselves again say so by <see cref="Header"/>.
/// </summary>
public sealed record Unattended
{
    public const string Header = "X-Unattended";

    internal static bool Is(HttpContext http) =>
        http.GetEndpoint()?.Metadata.GetMetadata<Unattended>() is not null || http.Request.Headers.ContainsKey(Header);
}
