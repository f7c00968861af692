using System.Security.Cryptography;
using System.Text;

namespace Wellmet.Platform.Vault;

/// <summary>AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce; the context is authenticated, so a value cannot be moved elsewhere.</summary>
internal static class Envelope
{
    private const byte Version = 1;
    private const int NonceLength = 12, TagLength = 16;

    public static byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plain, string context)
    {
        var envelope = new byte[1 + NonceLength + plain.Length + TagLength];
        envelope[0] = Version;
        var nonce = envelope.AsSpan(1, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(nonce, plain, envelope.AsSpan(1 + NonceLength, plain.Length), envelope.AsSpan(envelope.Length - TagLength), Encoding.UTF8.GetBytes(context));
        return envelope;
    }

    /// <exception cref="CryptographicException">Another key, another context, or a changed byte.</exception>
    public static byte[] Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> envelope, string context)
    {
        if (envelope.Length < 1 + NonceLength + TagLength || envelope[0] != Version)
        {
            throw new CryptographicException("Not an envelope of a known version.");
        }
        var plain = new byte[envelope.Length - 1 - NonceLength - TagLength];
        using var aes = new AesGcm(key, TagLength);
        aes.Decrypt(envelope.Slice(1, NonceLength), envelope.Slice(1 + NonceLength, plain.Length), envelope[^TagLength..], plain, Encoding.UTF8.GetBytes(context));
        return plain;
    }
}
