using System.Text.Json;
using System.Text.Json.Serialization;
using Wellmet.Platform;

namespace Wellmet.Commerce.Connectors;

/// <summary>How a program proves that it knows the secret.</summary>
public enum HookProof
{
    /// <summary>HMAC-SHA256 of the body in a header.</summary>
    Hmac,

    /// <summary>Standard Webhooks 1.0.0: over id, time and body.</summary>
    StandardWebhooks,

    /// <summary>The secret itself, for senders that cannot sign: in <c>Authorization: Bearer</c> or a header of its own.</summary>
    Token,

    /// <summary>The secret as the password of HTTP's basic authentication.</summary>
    Basic,
}

/// <summary>How a signature is written.</summary>
public enum HookEncoding
{
    Hex,
    Base64,
}

/// <summary>What is special about a connection with a program of any kind.</summary>
/// <param name="Header">Of the signature or the token.</param>
/// <param name="TopicHeader">Says what a delivery is about; null where none does.</param>
/// <param name="KeyHeader">Holds the sender's id of the delivery; null where none does.</param>
public sealed record HookSettings(HookProof Proof, string Header, HookEncoding Encoding = HookEncoding.Hex, string? TopicHeader = null, string? KeyHeader = null)
{
    public const string Authorization = "Authorization", DefaultHeader = "X-Signature";
    public const int LongestHeader = 100;

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) } };

    /// <exception cref="ProblemException"><c>header_invalid</c> (422).</exception>
    public static HookSettings Of(HookProof proof, string? header, HookEncoding encoding, string? topicHeader, string? keyHeader) => new(proof,
        proof switch { HookProof.Hmac => NameOf(header) ?? DefaultHeader, HookProof.Token => NameOf(header) ?? Authorization, _ => Authorization }, encoding, NameOf(topicHeader), NameOf(keyHeader));

    internal string ToJson() => JsonSerializer.Serialize(this, Format);

    internal static HookSettings? Read(string? json) => json is null ? null : JsonSerializer.Deserialize<HookSettings>(json, Format);

    /// <summary>Names as RFC 9110 lets them be.</summary>
    private static string? NameOf(string? entered) => entered?.Trim() is not { Length: > 0 } name ? null
        : name.Length <= LongestHeader && name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c)) ? name
        : throw new ProblemException("header_invalid", "The name of a header has at most {0} letters, digits and signs such as -.", 422, LongestHeader);
}
