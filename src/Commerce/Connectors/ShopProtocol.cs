using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Wellmet.Commerce.Connectors;

/// <summary>What the headers of a delivery say.</summary>
/// <param name="Signature">Base64 of the HMAC-SHA256 of the body as it came.</param>
/// <param name="Key">The shop's id of the delivery, the same when it is sent again.</param>
/// <param name="TriggeredAt">When it happened, to the fraction of a second, where the shop says so.</param>
internal sealed record DeliveryHeaders(string? Signature, string? Topic, string? Key, DateTimeOffset? TriggeredAt)
{
    /// <summary>When it was sent, in Unix seconds, by Standard Webhooks.</summary>
    public long? SentAt { get; init; }
}

/// <summary>How each shop system signs and names what it sends.</summary>
internal static class ShopProtocol
{
    public const int LongestHeader = 200;

    /// <summary>Shopify's newer events leave out the <c>X-</c>.</summary>
    public static DeliveryHeaders Read(ShopSystem system, IHeaderDictionary headers)
    {
        return system == ShopSystem.Shopify
            ? new(Of("Shopify-Hmac-Sha256"), Of("Shopify-Topic")?.ToLowerInvariant(), Of("Shopify-Webhook-Id"), TimeOf(Of("Shopify-Triggered-At")))
            : new(Of("WC-Webhook-Signature"), Of("WC-Webhook-Topic")?.ToLowerInvariant(), Of("WC-Webhook-Delivery-ID"), null);

        string? Of(string name) => Clean(headers["X-" + name]) ?? Clean(headers[name]);
    }

    /// <summary>Before the first delivery WooCommerce tries the address with a form that bears neither a topic nor a signature.</summary>
    public static bool IsPing(ShopSystem system, DeliveryHeaders headers, HttpRequest request) =>
        system == ShopSystem.WooCommerce && headers is { Topic: null, Signature: null } && request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Compares in constant time, with every secret that holds.</summary>
    public static bool IsSigned(IEnumerable<string> secrets, string? signature, ReadOnlySpan<byte> body)
    {
        var given = new byte[HMACSHA256.HashSizeInBytes];
        var signed = Convert.TryFromBase64String(signature ?? "", given, out var length) && length == given.Length;
        var fits = false;
        foreach (var secret in secrets)
        {
            fits |= CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body), given);
        }
        return signed && fits;
    }

    private static DateTimeOffset? TimeOf(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null;

    internal static string? Clean(string? text) => text?.Trim() is { Length: > 0 and <= LongestHeader } clean && !clean.Any(char.IsControl) ? clean : null;
}
