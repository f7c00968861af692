using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Platform.Health;

/// <summary>
/// What a supervisor and a load balancer ask. <c>/health/live</c>: the process answers; if not, start it anew. <c>/health/ready</c>: it can serve;
/// if not, send requests elsewhere for now. Neither says more than one word: everybody can ask.
/// </summary>
public static class HealthRoutes
{
    /// <summary>A database that does not answer by then is as good as away.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => Results.Json(new Health("live")));
        app.MapGet("/health/ready", async (Database database, KeyStore keys, StorageHealth storage, IHostApplicationLifetime lifetime, TimeProvider time, CancellationToken ct) =>
            await ReasonAsync(database, keys, storage, lifetime, time, ct) is { } reason
                ? Results.Json(new Health("not_ready", reason), statusCode: StatusCodes.Status503ServiceUnavailable)
                : Results.Json(new Health("ready")));
    }

    private static async Task<string?> ReasonAsync(Database database, KeyStore keys, StorageHealth storage, IHostApplicationLifetime lifetime, TimeProvider time, CancellationToken ct)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return "stopping";
        }
        if (storage.Failure is not null)
        {
            return "storage_failed";
        }
        try
        {
            await Task.WhenAll(AnswersAsync(database, ct), AnswersAsync(keys.Database, ct)).WaitAsync(Patience, time, ct);
            return null;
        }
        catch (Exception e) when (e is TimeoutException or ProblemException)
        {
            return "database_unreachable";
        }
    }

    private static Task AnswersAsync(Database database, CancellationToken ct) => database.ReadAsync(s => s.CountAsync("select 1", null, ct), ct);

    /// <param name="Reason">A code; null where all is well.</param>
    private sealed record Health(string Status, string? Reason = null);
}
