using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Wellmet.Platform.Access;

/// <summary>
/// Who may use a route. A route that says nothing and is not in <see cref="AnonymousEndpoints"/> is closed to everybody.
/// <list type="bullet">
/// <item>People only, by their session: <c>RequirePermission(p)</c>, or <c>RequireSignIn()</c> for one's own account.</item>
/// <item>People and programs, such as the read API: <c>RequirePermission(p).AcceptKeys()</c>.</item>
/// <item>Programs only: <c>RequireKey(p)</c>.</item>
/// <item>Pages of the shop, with a write key: <c>RequireKey(AccessPermissions.WriteEvents).AcceptWriteKeyInBody()</c>.</item>
/// <item>Other systems, which sign what they send: <c>AcceptSignature()</c>, in <see cref="AnonymousEndpoints"/>; the route checks the signature before anything else.</item>
/// </list>
/// A key comes as <c>Authorization: Bearer KEY</c> or <c>Basic base64(KEY:)</c> and must have the permission as a scope, which its module offers by
/// <c>setup.Scope(p, "…")</c>. Use cases notice no difference: <see cref="CurrentActor.Demand"/> asks the key's scopes. Where a key is sent, no cookie is
/// looked at; where only keys are taken, never. So the check against forged requests is for sessions alone.
/// </summary>
public static class RouteAccess
{
    private static readonly AuthorizationPolicy SignedIn = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();

    /// <summary>Only for those whose role holds the permission.</summary>
    public static TBuilder RequirePermission<TBuilder>(this TBuilder builder, Permission permission) where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(new AuthorizationPolicyBuilder().AddRequirements(new PermissionRequirement(permission)).Build())
            .WithMetadata(new RequiredPermission(permission));

    /// <summary>For everybody who is signed in: one's own account.</summary>
    public static TBuilder RequireSignIn<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(SignedIn).WithMetadata(new RequiredSignIn());

    /// <summary>Also for programs whose key has the route's permission as a scope.</summary>
    public static TBuilder AcceptKeys<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new KnownCallers(Callers.SessionOrKey));

    /// <summary>Only for programs whose key has the permission as a scope.</summary>
    public static TBuilder RequireKey<TBuilder>(this TBuilder builder, Permission permission) where TBuilder : IEndpointConventionBuilder =>
        builder.RequirePermission(permission).WithMetadata(new KnownCallers(Callers.Key));

    /// <summary>
    /// For <see cref="RequireKey"/>: pages of other sites may call it (CORS), and the key may stand in the body, where the route reads it and calls
    /// <see cref="Keys.CurrentKey.EnterAsync"/> first. A request without a key in its header gets as far as that.
    /// </summary>
    public static TBuilder AcceptWriteKeyInBody<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new KnownCallers(Callers.KeyOrKeyInBody)).RequireCors(policy => policy
            .AllowAnyOrigin().WithMethods(HttpMethods.Post).WithHeaders("Authorization", "Content-Type").WithExposedHeaders("Retry-After").SetPreflightMaxAge(PreflightLife));

    /// <summary>For systems that know neither sessions nor keys and sign their messages: the route reads the body as it came, and checks who signed it.</summary>
    public static TBuilder AcceptSignature<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new KnownCallers(Callers.Signature));

    /// <summary>The route refuses what is too much by itself, for all callers together: no caller is limited before.</summary>
    public static TBuilder LimitItself<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new LimitsItself());

    // Chromium keeps an answer for two hours at most.
    private static readonly TimeSpan PreflightLife = TimeSpan.FromHours(2);
}

/// <summary>How a route knows its caller.</summary>
public enum Callers
{
    /// <summary>By the cookie of a session; what routes do that say nothing.</summary>
    Session,

    /// <summary>By a key where one is sent, else by the session.</summary>
    SessionOrKey,

    /// <summary>By a key in the header.</summary>
    Key,

    /// <summary>By a key in the header or, where there is none, in the body.</summary>
    KeyOrKeyInBody,

    /// <summary>By a signature over the body, which the route checks itself.</summary>
    Signature,
}

/// <summary>Metadata of a route that takes keys.</summary>
public sealed record KnownCallers(Callers By)
{
    public static Callers Of(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<KnownCallers>()?.By ?? Callers.Session;
}

/// <summary>Metadata of a route that refuses what is too much by itself.</summary>
public sealed record LimitsItself;

/// <summary>Metadata of a route, read by the access matrix test.</summary>
public sealed record RequiredPermission(Permission Permission);

/// <summary>Metadata of a route that is open to everybody who is signed in.</summary>
public sealed record RequiredSignIn;

internal sealed record PermissionRequirement(Permission Permission) : IAuthorizationRequirement;

internal sealed class PermissionRequirementHandler(CurrentActor actor) : AuthorizationHandler<PermissionRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, PermissionRequirement requirement)
    {
        if (actor.May(requirement.Permission) || MayComeInBody(context) || IsOpened(context))
        {
            context.Succeed(requirement);
        }
        return Task.CompletedTask;
    }

    private static bool IsOpened(AuthorizationHandlerContext context) => (context.Resource as HttpContext)?.GetEndpoint() is RouteEndpoint route && AnonymousEndpoints.IsOpened(route);

    /// <summary>The route finds out; until then the actor is nobody, and every use case refuses.</summary>
    private static bool MayComeInBody(AuthorizationHandlerContext context) =>
        context.Resource is HttpContext http && KnownCallers.Of(http) == Callers.KeyOrKeyInBody && http.Request.Headers.Authorization.Count == 0;
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
