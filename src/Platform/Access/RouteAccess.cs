using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Wellmet.Platform.Access;

/// <summary>Who may use a route. A route that says nothing and is not in <see cref="AnonymousEndpoints"/> is closed to everybody.</summary>
public static class RouteAccess
{
    private static readonly AuthorizationPolicy SignedIn = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();

    /// <summary>Only for those whose role holds the permission.</summary>
    public static TBuilder RequirePermission<TBuilder>(this TBuilder builder, Permission permission) where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(new AuthorizationPolicyBuilder()
                .RequireAuthenticatedUser().AddRequirements(new PermissionRequirement(permission)).Build())
            .WithMetadata(new RequiredPermission(permission));

    /// <summary>For everybody who is signed in: one's own account.</summary>
    public static TBuilder RequireSignIn<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(SignedIn).WithMetadata(new RequiredSignIn());
}

/// <summary>Metadata of a route, read by the access matrix test.</summary>
public sealed record RequiredPermission(Permission Permission);

/// <summary>Metadata of a route that is open to everybody who is signed in.</summary>
public sealed record RequiredSignIn;

internal sealed record PermissionRequirement(Permission Permission) : IAuthorizationRequirement;

internal sealed class PermissionRequirementHandler(CurrentActor actor) : AuthorizationHandler<PermissionRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, PermissionRequirement requirement)
    {
        if (actor.May(requirement.Permission))
        {
            context.Succeed(requirement);
        }
        return Task.CompletedTask;
    }
}

/// <summary>The rule for routes that say nothing themselves: the allow-list, and nothing else.</summary>
internal sealed record ListedRequirement : IAuthorizationRequirement;

internal sealed class ListedRequirementHandler : AuthorizationHandler<ListedRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ListedRequirement requirement)
    {
        // No such route, or not by this method: whoever is signed in may learn that.
        var open = (context.Resource as HttpContext)?.GetEndpoint() is RouteEndpoint route
            ? AnonymousEndpoints.Lists(route)
            : context.User.Identity?.IsAuthenticated == true;
        if (open)
        {
            context.Succeed(requirement);
        }
        return Task.CompletedTask;
    }
}
