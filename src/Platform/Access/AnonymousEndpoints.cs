using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Wellmet.Platform.Access;

/// <summary>
/// Every route that works without signing in, in one place. A route is listed by its pattern; it is open for the methods it was mapped with.
/// Keep it short: whoever adds a line opens a door to the internet.
/// </summary>
public static class AnonymousEndpoints
{
    public static IReadOnlySet<string> Patterns { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "/",
        "/assets/{**name}",
        "/wellmet.js",
        "/language",
        "/theme",
        "/health/live",
        "/health/ready",
        "/sign-in",
        "/sign-in/code",
        "/sign-in/recovery-code",
        "/sign-in/passkey",
        "/sign-in/passkey/ask",
        "/sign-in/link/{token}",
        "/sign-out",
        "/consent/{token}",
        "/recommendations/how",
        "/hooks/{connection:guid}",
        "/v1/pixel.gif",
    };

    /// <summary>Routes that ask for a permission, and that an installation can open to everybody by a setting; the route then says <see cref="OpenToEverybody"/>.</summary>
    public static IReadOnlySet<string> Optional { get; } = new HashSet<string>(StringComparer.Ordinal) { "/v1/openapi.json" };

    public static bool IsOpened(RouteEndpoint route) => route.Metadata.GetMetadata<OpenToEverybody>() is not null && Optional.Contains(route.RoutePattern.RawText ?? "");

    public static bool Lists(RouteEndpoint route) => Patterns.Contains(route.RoutePattern.RawText ?? "");
}

/// <summary>Metadata of a route that the installation opened; it counts only for those of <see cref="AnonymousEndpoints.Optional"/>.</summary>
public sealed record OpenToEverybody;
