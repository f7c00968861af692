using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Wellmet.Platform.Vault;

namespace Wellmet.Customers.Collection;

/// <summary>
/// What a shop's server signs about the person who is signed in there, so that the page may say it: a JSON Web Token (RFC 7519) with
/// HMAC-SHA256 (RFC 7518, <c>HS256</c>; no other algorithm is read). <c>sub</c> is the user id, <c>exp</c> must be set, at most a day ahead;
/// <c>email</c>, <c>phone</c>, <c>name</c>, <c>country</c> and <c>locale</c> become proved traits. The secret belongs to the write key.
/// </summary>
public sealed class IdentityProof(KeyStore keys)
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);
    private static readonly string[] ProvedTraits = ["email", "phone", "name", "country", "locale"];
    private const int MaxLength = 4096;

    /// <summary>The secret with which the shop's server signs; derived, so that it is kept nowhere.</summary>
    public async Task<string> SecretAsync(Guid sourceId, CancellationToken ct) => Base64Url.EncodeToString(await SecretOfAsync(sourceId, ct));

    /// <summary>Null where there is no proof, or none that holds.</summary>
    internal async Task<Proof?> ReadAsync(CollectionSource source, string? token, DateTimeOffset now, CancellationToken ct)
    {
        if (token is null or { Length: > MaxLength } || token.Split('.') is not [var header, var claims, var signature])
        {
            return null;
        }
        // The secret is handed out as text, and used as that text's bytes, as the libraries for JSON Web Tokens take it.
        var secret = Encoding.UTF8.GetBytes(await SecretAsync(source.SourceId, ct));
        var expected = HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes($"{header}.{claims}"));
        return TryDecode(signature) is { } given && CryptographicOperations.FixedTimeEquals(expected, given)
            && ObjectOf(header) is { } head && CallReader.Text(head, "alg") == "HS256" && ObjectOf(claims) is { } body
            ? ProofOf(body, now) : null;
    }

    private static Proof? ProofOf(JsonElement claims, DateTimeOffset now)
    {
        if (CallReader.Text(claims, "sub") is not { Length: > 0 and <= CollectionLimits.Identifier } user
            || !claims.TryGetProperty("exp", out var exp) || !exp.TryGetInt64(out var seconds)
            || seconds <= now.ToUnixTimeSeconds() || seconds > (now + Longest).ToUnixTimeSeconds())
        {
            return null;
        }
        var traits = ProvedTraits.Where(n => CallReader.Text(claims, n) is not null).Select(n => new Trait(n, PropertySplit.TextOf(claims.GetProperty(n))) { IsSigned = true });
        return new Proof(PropertySplit.Clean(user), [.. traits]);
    }

    private static JsonElement? ObjectOf(string part)
    {
        try
        {
            return TryDecode(part) is { } json && JsonElement.Parse(json) is { ValueKind: JsonValueKind.Object } read ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[]? TryDecode(string part) => Base64Url.IsValid(part) ? Base64Url.DecodeFromChars(part) : null;

    private Task<byte[]> SecretOfAsync(Guid sourceId, CancellationToken ct) => keys.DeriveAsync("identity-proof|" + sourceId.ToString("N"), ct);

    /// <param name="Traits">What the server says of the user.</param>
    internal sealed record Proof(string UserId, IReadOnlyList<Trait> Traits);
}
