using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Wellmet.Browser;

/// <summary>What the shop's server signs for who is signed in.</summary>
internal static class SignedProof
{
    /// <param name="user">The shop's own number of the customer.</param>
    public static string Of(string secret, string user)
    {
        var until = TimeProvider.System.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds();
        var text = $"{Encode("{\"alg\":\"HS256\"}"u8.ToArray())}.{Encode(Encoding.UTF8.GetBytes($"{{\"sub\":\"{user}\",\"exp\":{until}}}"))}";
        return $"{text}.{Encode(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.ASCII.GetBytes(text)))}";
    }

    private static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
