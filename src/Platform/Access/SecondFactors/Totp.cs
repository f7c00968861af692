using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Wellmet.Platform.Access.SecondFactors;

/// <summary>Time-based one-time passwords (RFC 6238): six digits, 30 seconds, HMAC-SHA1, which is what every authenticator app can do.</summary>
public static class Totp
{
    private const int SecretLength = 20, Digits = 6, StepSeconds = 30;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>A new secret in base32 (RFC 4648), as apps take it: 32 characters.</summary>
    public static string NewSecret() => Base32(RandomNumberGenerator.GetBytes(SecretLength));

    /// <summary>
    /// The time step that the code belongs to, or null where it fits none: the current step, the one before and the one after, for clocks that are
    /// a little off.
    /// </summary>
    public static long? FindStep(string secret, string? code, DateTimeOffset now)
    {
        var typed = new string([.. (code ?? "").Where(c => !char.IsWhiteSpace(c))]);
        if (typed.Length != Digits || !typed.All(char.IsAsciiDigit))
        {
            return null;
        }
        var key = FromBase32(secret);
        var current = now.ToUnixTimeSeconds() / StepSeconds;
        long? found = null;
        foreach (var step in new[] { current - 1, current, current + 1 })
        {
            if (CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(typed), Encoding.ASCII.GetBytes(CodeAt(key, step))))
            {
                found = step;
            }
        }
        return found;
    }

    /// <summary>The code that an app shows at this moment.</summary>
    public static string Code(string secret, DateTimeOffset at) => CodeAt(FromBase32(secret), at.ToUnixTimeSeconds() / StepSeconds);

    /// <summary>What the QR code says (the key URI format of authenticator apps).</summary>
    public static string Uri(string secret, string issuer, string account) =>
        $"otpauth://totp/{System.Uri.EscapeDataString(issuer)}:{System.Uri.EscapeDataString(account)}?secret={secret}&issuer={System.Uri.EscapeDataString(issuer)}&digits={Digits}&period={StepSeconds}";

    /// <summary>RFC 4226 section 5.3: dynamic truncation.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "RFC 6238 with SHA-1 is what authenticator apps understand; HMAC does not need collision resistance.")]
    private static string CodeAt(byte[] key, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
        HMACSHA1.HashData(key, counter, hash);
        var number = BinaryPrimitives.ReadUInt32BigEndian(hash[(hash[^1] & 0x0f)..]) & 0x7fffffff;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    internal static string Base32(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        int buffer = 0, bits = 0;
        foreach (var b in bytes)
        {
            buffer = (buffer << 8) | b;
            for (bits += 8; bits >= 5; bits -= 5)
            {
                text.Append(Alphabet[(buffer >> (bits - 5)) & 31]);
            }
            buffer &= (1 << bits) - 1;
        }
        return bits == 0 ? text.ToString() : text.Append(Alphabet[(buffer << (5 - bits)) & 31]).ToString();
    }

    internal static byte[] FromBase32(string text)
    {
        var bytes = new List<byte>(text.Length * 5 / 8);
        int buffer = 0, bits = 0;
        foreach (var c in text)
        {
            buffer = ((buffer << 5) | Alphabet.IndexOf(c, StringComparison.Ordinal)) & 0xfff;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                bytes.Add((byte)(buffer >> bits));
            }
        }
        return [.. bytes];
    }
}
