using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Wellmet.Platform.Idempotency;

/// <summary>Metadata of a route that asks for an <c>Idempotency-Key</c>.</summary>
public sealed record RequiredIdempotencyKey;

/// <summary>How a route says that a request may come twice.</summary>
public static class IdempotentRoutes
{
    /// <summary>The route takes an <c>Idempotency-Key</c> header; its use case runs its effect by <see cref="IdempotentRequest.OnceAsync{T}"/>.</summary>
    public static TBuilder RequireIdempotencyKey<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new RequiredIdempotencyKey());
}

/// <summary>
/// Reads the key of a request before its route runs: a key belongs to one caller, one address and one content. In this process a second request
/// with the key of a running one is refused; between nodes the database does it.
/// </summary>
internal sealed class IdempotencyKeys(RequestDelegate next)
{
    public const string Header = "Idempotency-Key", ReplayedHeader = "Idempotent-Replayed";
    private const int MaxLength = 255;

    private readonly ConcurrentDictionary<string, byte> running = new(StringComparer.Ordinal);

    public async Task InvokeAsync(HttpContext http, IdempotentRequest idempotent)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<RequiredIdempotencyKey>() is null)
        {
            await next(http);
            return;
        }
        var key = KeyOf(http);
        var name = Convert.ToHexString(key);
        if (!running.TryAdd(name, 0))
        {
            throw IdempotentRequest.InProgress();
        }
        try
        {
            idempotent.Begin(key, await ContentOfAsync(http.Request, http.RequestAborted));
            http.Response.OnStarting(() =>
            {
                DemandUsed(http, idempotent);
                if (idempotent.Replayed)
                {
                    http.Response.Headers[ReplayedHeader] = "true";
                }
                return Task.CompletedTask;
            });
            await next(http);
        }
        finally
        {
            running.TryRemove(name, out _);
        }
    }

    private static byte[] KeyOf(HttpContext http)
    {
        var key = http.Request.Headers[Header].ToString();
        if (key.Length is 0 or > MaxLength || key.Any(c => c is < '!' or > '~'))
        {
            throw new ProblemException("idempotency_key_missing",
                "Send a header Idempotency-Key of 1 to {0} visible characters: a new one for each request, the same when you repeat it.", 400, MaxLength);
        }
        var caller = http.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? "anonymous";
        return SHA256.HashData(Encoding.UTF8.GetBytes($"{caller}\n{key}"));
    }

    private static async Task<byte[]> ContentOfAsync(HttpRequest request, CancellationToken ct)
    {
        request.EnableBuffering();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n"));
        hash.AppendData(await SHA256.HashDataAsync(request.Body, ct));
        request.Body.Position = 0;
        return hash.GetHashAndReset();
    }

    /// <summary>A route that asks for a key and then writes past it would repeat its effect: found at the first call, not by a customer.</summary>
    private static void DemandUsed(HttpContext http, IdempotentRequest idempotent)
    {
        if (!idempotent.Used && http.Response.StatusCode < 400)
        {
            throw new InvalidOperationException("The route asks for an Idempotency-Key, but its use case did not call OnceAsync.");
        }
    }
}
