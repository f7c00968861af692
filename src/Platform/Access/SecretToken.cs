using System.Buffers.Text;
using System.Security.Cryptography;

namespace Wellmet.Platform.Access;

/// <summary>256 random bits that only the holder knows (base64url, 43 characters); the database keeps their SHA-256.</summary>
public readonly record struct SecretToken(string Text)
{
    private const int Length = 32;

    public static SecretToken New() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Length)));

    /// <summary>What to look up, or null where the text was never one of ours: empty, cut short or made up.</summary>
    public static byte[]? HashOf(string? text)
    {
        Span<byte> bytes = stackalloc byte[Length];
        return text is { Length: 43 } && Base64Url.TryDecodeFromChars(text, bytes, out var written) && written == Length ? SHA256.HashData(bytes) : null;
    }

    public byte[] Hash => HashOf(Text) ?? throw new InvalidOperationException("Not a token.");

    public override string ToString() => "(secret)";
}
