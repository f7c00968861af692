using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Wellmet.Platform.Access;

namespace Wellmet.Platform.Security;

/// <summary>
/// How many requests a client may send to one node, so that a single one cannot take it all. Refused with 429 and the seconds to wait. What
/// must hold for all nodes together (sign-in, quotas) is counted in the database.
/// </summary>
internal static class RequestLimits
{
    public const int BurstSignedIn = 1000, PerSecondSignedIn = 100, BurstAnonymous = 600, PerSecondAnonymous = 60, BurstWithKey = 5000, PerSecondWithKey = 500,
        AtOnce = 2000;

    public static void AddRequestLimits(this IServiceCollection services) => services.AddRateLimiter(options =>
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.GlobalLimiter = PartitionedRateLimiter.CreateChained(
            PartitionedRateLimiter.Create<HttpContext, string>(_ => RateLimitPartition.GetConcurrencyLimiter("all", _ => new ConcurrencyLimiterOptions { PermitLimit = AtOnce })),
            PartitionedRateLimiter.Create<HttpContext, string>(PerClient));
        options.OnRejected = (context, _) =>
        {
            var wait = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
            context.HttpContext.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            return ValueTask.CompletedTask;
        };
    });

    /// <summary>
    /// By network and by what the request carries: the limit stands before it is looked at who asks, so it costs nothing. The collection of events
    /// has a queue of its own that refuses when it is full: a whole shop may send from one network.
    /// </summary>
    private static RateLimitPartition<string> PerClient(HttpContext http)
    {
        var (kind, burst, perSecond) = KnownCallers.Of(http) switch
        {
            _ when http.GetEndpoint()?.Metadata.GetMetadata<LimitsItself>() is not null => ("e", 0, 0),
            Callers.KeyOrKeyInBody => ("p", BurstAnonymous, PerSecondAnonymous),
            // A shop system sends for all its shops from a few networks, as much as happens in them.
            Callers.Signature => ("h", BurstWithKey, PerSecondWithKey),
            Callers.Key or Callers.SessionOrKey when http.Request.Headers.Authorization.Count > 0 => ("k", BurstWithKey, PerSecondWithKey),
            _ when http.Request.Cookies.Keys.Any(name => name.EndsWith("wm-session", StringComparison.Ordinal)) => ("s", BurstSignedIn, PerSecondSignedIn),
            _ => ("a", BurstAnonymous, PerSecondAnonymous),
        };
        return burst == 0 ? RateLimitPartition.GetNoLimiter(kind) : RateLimitPartition.GetTokenBucketLimiter($"{kind} {ClientNetwork.Of(http.Connection.RemoteIpAddress)}", _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = burst,
            TokensPerPeriod = perSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            AutoReplenishment = true,
        });
    }
}
