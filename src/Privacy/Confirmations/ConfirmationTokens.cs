using System.Buffers.Text;
using System.Security.Cryptography;
using Wellmet.Platform.Vault;

namespace Wellmet.Privacy.Confirmations;

/// <summary>
/// Links of double opt-ins: the id of the question with a keyed code (HMAC-SHA256, 16 bytes). Nothing secret is stored, and whoever sends the message can
/// make the link again.
/// </summary>
public sealed class ConfirmationTokens(KeyStore store)
{
    private const int IdLength = 16, CodeLength = 16, TextLength = 43;

    /// <summary>The key, for as long as one request works with it.</summary>
    public sealed class Key
    {
        private readonly byte[] bytes;

        internal Key(byte[] bytes) => this.bytes = bytes;

        /// <summary>43 characters, base64url.</summary>
        public string Of(Guid confirmationId)
        {
            var id = confirmationId.ToByteArray(bigEndian: true);
            return Base64Url.EncodeToString([.. id, .. Code(id)]);
        }

        /// <summary>The id in a token; null where the token was never ours.</summary>
        public Guid? Read(string? token)
        {
            Span<byte> whole = stackalloc byte[IdLength + CodeLength];
            return token?.Length == TextLength && Base64Url.TryDecodeFromChars(token, whole, out var length) && length == whole.Length
                && CryptographicOperations.FixedTimeEquals(whole[IdLength..], Code(whole[..IdLength]))
                ? new Guid(whole[..IdLength], bigEndian: true) : null;
        }

        private byte[] Code(ReadOnlySpan<byte> id) => HMACSHA256.HashData(bytes, id)[..CodeLength];
    }

    public async Task<Key> OpenAsync(CancellationToken ct) => new(await store.DeriveAsync("consent confirmations", ct));
}
