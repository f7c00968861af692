using System.Net.Http.Headers;
using System.Text;

namespace Wellmet.Platform.Access.Keys;

/// <summary>What a key may do.</summary>
public enum AccessKeyKind
{
    /// <summary>For a server: acts with its scopes. Whoever has it can do the same, so it never goes into a page or an app.</summary>
    Secret,

    /// <summary>For a page or an app, where everybody can read it: sends events of one site, reads nothing.</summary>
    Write,
}

/// <summary>
/// The text of a key: a prefix that people and secret scanners recognise (<c>wm_live_sk_</c> or <c>wm_write_</c>), then 43 characters, the base64url of
/// 256 random bits. As a pattern: <c>wm_(live_sk|write)_[A-Za-z0-9_-]{43}</c>.
/// </summary>
/// <param name="Hash">
/// SHA-256 of the random bits, which is all that the database keeps. A slow, salted hash protects what people can guess; nobody guesses 256 random
/// bits, so it would add nothing but its cost, at every request.
/// </param>
public sealed record AccessKeyText(AccessKeyKind Kind, byte[] Hash)
{
    private const int HintLength = 4, MaxHeader = 512;

    private static readonly (string Prefix, AccessKeyKind Kind)[] Prefixes = [("wm_live_sk_", AccessKeyKind.Secret), ("wm_write_", AccessKeyKind.Write)];

    /// <summary>The whole key, as its owner is shown it once.</summary>
    public static string Of(AccessKeyKind kind, SecretToken secret) => PrefixOf(kind) + secret.Text;

    /// <summary>By what people recognise it in a list: prefix and last characters. 232 bits stay unknown.</summary>
    public static string HintOf(AccessKeyKind kind, SecretToken secret) => $"{PrefixOf(kind)}…{secret.Text[^HintLength..]}";

    /// <summary>Null where the text was never a key of ours.</summary>
    public static AccessKeyText? Parse(string? text)
    {
        var (prefix, kind) = Array.Find(Prefixes, p => text?.StartsWith(p.Prefix, StringComparison.Ordinal) == true);
        return prefix is not null && SecretToken.HashOf(text![prefix.Length..]) is { } hash ? new AccessKeyText(kind, hash) : null;
    }

    /// <summary>
    /// The text in an <c>Authorization</c> header: <c>Bearer KEY</c>, or <c>Basic base64(KEY:)</c> as Segment's libraries send it; null where there is none.
    /// </summary>
    public static string? InHeader(string? header)
    {
        if (header is not { Length: > 0 and <= MaxHeader } || !AuthenticationHeaderValue.TryParse(header, out var value) || value.Parameter is not { } parameter)
        {
            return null;
        }
        if (value.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
        {
            return parameter;
        }
        Span<byte> user = stackalloc byte[MaxHeader];
        return value.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) && Convert.TryFromBase64String(parameter, user, out var length)
            ? Encoding.UTF8.GetString(user[..length]).Split(':', 2)[0]
            : null;
    }

    private static string PrefixOf(AccessKeyKind kind) => Array.Find(Prefixes, p => p.Kind == kind).Prefix;
}
