using System.Buffers.Text;
using System.Security.Cryptography;
using Wellmet.Platform.Experiments;
using Wellmet.Platform.Vault;

namespace Wellmet.Recommendations.Experiments;

/// <summary>
/// Which variant gave a product of a mixed list, in a form that a page tells back and cannot make up: the variant's name, a dot, and a keyed code (HMAC-SHA256, 16 bytes, base64url) of experiment, person, product, variant and day. Nothing is
/// kept of what was shown.
/// </summary>
public sealed class GivenCodes(KeyStore store, TimeProvider time)
{
    private const int CodeLength = 16;

    /// <summary>For the list of one person.</summary>
    internal async Task<Key> OpenAsync(AssignedVariant assigned, CancellationToken ct) =>
        new(await store.DeriveAsync("mixed lists", ct), assigned, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).DayNumber);

    internal sealed class Key(byte[] secret, AssignedVariant assigned, int today)
    {
        /// <param name="variant">Index among those that were mixed.</param>
        public string Of(Guid product, int variant) => Of(product, variant, today);

        /// <summary>The variant that gave the product to this person, today or yesterday; null for what was not served so.</summary>
        public int? Read(Guid product, string? told)
        {
            var at = told is null ? -1 : assigned.Mixed!.ToList().FindIndex(v => told.StartsWith(v.Name + ".", StringComparison.Ordinal));
            return at >= 0 && (IsSame(told!, Of(product, at)) || IsSame(told!, Of(product, at, today - 1))) ? at : null;
        }

        private string Of(Guid product, int variant, int day)
        {
            byte[] said = [.. assigned.ExperimentId.ToByteArray(), .. assigned.UnitId.ToByteArray(), .. product.ToByteArray(), .. BitConverter.GetBytes(variant), .. BitConverter.GetBytes(day)];
            return $"{assigned.Mixed![variant].Name}.{Base64Url.EncodeToString(HMACSHA256.HashData(secret, said).AsSpan(0, CodeLength))}";
        }

        private static bool IsSame(string told, string made) => CryptographicOperations.FixedTimeEquals(System.Text.Encoding.UTF8.GetBytes(told), System.Text.Encoding.UTF8.GetBytes(made));
    }
}
