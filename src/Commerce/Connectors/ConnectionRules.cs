using System.Security.Cryptography;
using Wellmet.Platform;

namespace Wellmet.Commerce.Connectors;

/// <summary>What may be entered for a connection.</summary>
internal static class ConnectionRules
{
    public const int LongestSecret = 200, ShortestSecret = 16, LongestPrefix = 20;

    public const int LongestName = 100;

    /// <summary>Shopify shows its own secret, and it is entered here; for others one is made here, and entered there.</summary>
    /// <exception cref="ProblemException"><c>secret_invalid</c> (422).</exception>
    public static string SecretOf(ShopSystem system, string? entered, HookSettings? settings = null)
    {
        var secret = entered?.Trim() ?? "";
        if (system != ShopSystem.Shopify && secret.Length == 0)
        {
            var random = RandomNumberGenerator.GetBytes(32);
            return settings?.Proof == HookProof.StandardWebhooks ? "whsec_" + Convert.ToBase64String(random) : Convert.ToHexStringLower(random);
        }
        return secret.Length is >= ShortestSecret and <= LongestSecret && !secret.Any(char.IsControl) ? secret
            : throw new ProblemException("secret_invalid", "The secret has {0} to {1} characters. Copy it whole.", 422, ShortestSecret, LongestSecret);
    }

    /// <exception cref="ProblemException"><c>prefix_invalid</c> (422).</exception>
    public static string PrefixOf(string? entered) => (entered?.Trim() ?? "") is { Length: <= LongestPrefix } prefix && prefix.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or ':') ? prefix
        : throw new ProblemException("prefix_invalid", "The prefix has at most {0} letters, digits, - or _.", 422, LongestPrefix);

    /// <exception cref="ProblemException"><c>name_missing</c> (422).</exception>
    public static string NameOf(string? entered) => entered?.Trim() is { Length: > 0 and <= LongestName } name && !name.Any(char.IsControl) ? name
        : throw new ProblemException("name_missing", "Give it a name of at most {0} characters.", 422, LongestName);
}
