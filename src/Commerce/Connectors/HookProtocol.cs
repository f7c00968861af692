using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Wellmet.Commerce.Connectors;

/// <summary>Whether a delivery of a program of any kind comes from whoever knows the secret. All comparisons take the same time, whatever is wrong.</summary>
internal static class HookProtocol
{
    /// <summary>What a delivery is called whose sender says no topic.</summary>
    public const string NoTopic = "webhook";

    private const string StandardId = "webhook-id", StandardTime = "webhook-timestamp", StandardSignature = "webhook-signature", StandardPrefix = "whsec_", Bearer = "Bearer ", Basic = "Basic ", HmacPrefix = "sha256=";
    private const int LongestCredentials = 2000, MostSignatures = 10;

    /// <summary>Standard Webhooks: what is older was overheard and is sent again.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    public static DeliveryHeaders Read(HookSettings settings, IHeaderDictionary headers)
    {
        var standard = settings.Proof == HookProof.StandardWebhooks;
        var signature = headers[standard ? StandardSignature : settings.Header].ToString();
        var key = ShopProtocol.Clean(headers[standard ? StandardId : settings.KeyHeader ?? ""]);
        return new DeliveryHeaders(signature.Length <= LongestCredentials ? signature : null, (settings.TopicHeader is { } topic ? ShopProtocol.Clean(headers[topic]) : null) ?? NoTopic, key, null)
        {
            SentAt = standard && long.TryParse(headers[StandardTime], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < 1e11 ? seconds : null,
        };
    }

    public static bool IsAuthentic(HookSettings settings, IEnumerable<string> secrets, DeliveryHeaders headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var fits = false;
        foreach (var secret in secrets)
        {
            fits |= settings.Proof switch
            {
                HookProof.Hmac => IsHmac(settings.Encoding, secret, headers.Signature ?? "", body),
                HookProof.StandardWebhooks => IsStandard(secret, headers, body, now),
                HookProof.Token => IsToken(settings, secret, headers.Signature ?? ""),
                _ => IsPassword(secret, headers.Signature ?? ""),
            };
        }
        return fits;
    }

    private static bool IsHmac(HookEncoding encoding, string secret, string signature, ReadOnlySpan<byte> body)
    {
        var text = signature.Trim();
        text = text.StartsWith(HmacPrefix, StringComparison.OrdinalIgnoreCase) ? text[HmacPrefix.Length..] : text;
        return IsMac(encoding == HookEncoding.Base64 ? Base64(text) : Hex(text), Encoding.UTF8.GetBytes(secret), body);
    }

    private static bool IsStandard(string secret, DeliveryHeaders headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (headers.Key is null || headers.SentAt is not { } seconds || Math.Abs(now.ToUnixTimeSeconds() - seconds) > Tolerance.TotalSeconds)
        {
            return false;
        }
        var key = secret.StartsWith(StandardPrefix, StringComparison.Ordinal) && Base64(secret[StandardPrefix.Length..]) is { Length: > 0 } bytes ? bytes : Encoding.UTF8.GetBytes(secret);
        var signed = (byte[])[.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{headers.Key}.{seconds}.")), .. body];
        var fits = false;
        foreach (var one in (headers.Signature ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(MostSignatures).Where(s => s.StartsWith("v1,", StringComparison.Ordinal)))
        {
            fits |= IsMac(Base64(one[3..]), key, signed);
        }
        return fits;
    }

    private static bool IsToken(HookSettings settings, string secret, string given) =>
        AreSame(secret, settings.Header.Equals(HookSettings.Authorization, StringComparison.OrdinalIgnoreCase) ? given.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? given[Bearer.Length..].Trim() : "" : given.Trim());

    /// <summary>Any user's name: the password is the secret.</summary>
    private static bool IsPassword(string secret, string given)
    {
        var text = given.StartsWith(Basic, StringComparison.OrdinalIgnoreCase) ? Encoding.UTF8.GetString(Base64(given[Basic.Length..].Trim())) : "";
        return AreSame(secret, text.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon ? text[(colon + 1)..] : "");
    }

    private static bool IsMac(byte[] given, byte[] key, ReadOnlySpan<byte> body) => CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(key, body), given);

    /// <summary>Hashes are compared, so that not even the length shows.</summary>
    private static bool AreSame(string secret, string given) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(secret)), SHA256.HashData(Encoding.UTF8.GetBytes(given)));

    private static byte[] Base64(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : [];
    }

    private static byte[] Hex(string text) => text.Length == 2 * HMACSHA256.HashSizeInBytes && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text) : [];
}
