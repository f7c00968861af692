using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Wellmet.Customers.Collection;

namespace Wellmet.Tests.Customers.Collection;

/// <summary>A proof of who somebody is, as a shop's server signs it with the secret of a write key.</summary>
internal static class SignedProof
{
    public static string Of(string secret, object claims, string algorithm = "HS256")
    {
        var text = $"{Encode(JsonSerializer.SerializeToUtf8Bytes(new { alg = algorithm, typ = "JWT" }))}.{Encode(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        return $"{text}.{Encode(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.ASCII.GetBytes(text)))}";
    }

    /// <summary>For a user of the shop, for some minutes.</summary>
    public static async Task<string> OfUserAsync(WebShop shop, Guid keyId, string user, int minutes = 5) =>
        Of(await shop.Get<IdentityProof>().SecretAsync(keyId, default), new { sub = user, exp = TimeProvider.System.GetUtcNow().AddMinutes(minutes).ToUnixTimeSeconds() });

    private static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
