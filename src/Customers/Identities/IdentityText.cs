using System.Globalization;
using System.Text;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Customers.Identities;

/// <summary>How identifiers and details are written before they are compared or kept.</summary>
internal static class IdentityText
{
    private static readonly IdnMapping Idn = new();

    /// <summary>The identifier that a claim names; null for somebody unknown.</summary>
    public static Identifier? IdentifierOf(PersonClaim claim) => IdentifierOf(claim.Kind, claim.Value);

    public static Identifier? IdentifierOf(IdentityKind kind, string? value) =>
        Normalise(kind, value) is { } normal ? new Identifier(EnumText.Of(kind), normal) : null;

    /// <summary>
    /// E-mail: lower case, the domain in its ASCII form (RFC 5891). Phone: digits after an optional plus, where it is made of digits and
    /// separators. Anything else as it stands.
    /// </summary>
    /// <returns>Null where nothing is left.</returns>
    public static string? Normalise(IdentityKind kind, string? value)
    {
        var trimmed = Trim(value);
        return kind switch
        {
            _ when trimmed is null => null,
            IdentityKind.Email => Email(trimmed),
            IdentityKind.Phone => Phone(trimmed),
            _ => trimmed,
        };
    }

    /// <summary>Without spaces around; null where nothing is left.</summary>
    /// <exception cref="ProblemException"><c>personal_data_too_long</c>.</exception>
    public static string? Trim(string? value)
    {
        var trimmed = value?.Trim();
        if (trimmed is { Length: > PersonClaim.MaxLength })
        {
            throw new ProblemException("personal_data_too_long", "A name, address or identifier has {0} characters; at most {1} are kept.", 400,
                trimmed.Length, PersonClaim.MaxLength);
        }
        return string.IsNullOrEmpty(trimmed) ? null : trimmed;
    }

    /// <summary>A short word kept in clear: no control characters (PostgreSQL keeps no U+0000), at most 60 characters.</summary>
    public static string? Clear(string? value)
    {
        var text = string.Concat((value ?? "").EnumerateRunes().Where(r => !Rune.IsControl(r)).Take(60)).Trim();
        return text.Length == 0 ? null : text;
    }

    private static string Email(string value)
    {
        var lower = value.ToLowerInvariant();
        var at = lower.LastIndexOf('@');
        if (at < 0 || at == lower.Length - 1)
        {
            return lower;
        }
        try
        {
            return lower[..(at + 1)] + Idn.GetAscii(lower, at + 1);
        }
        catch (ArgumentException)
        {
            return lower;
        }
    }

    private static string Phone(string value)
    {
        var digits = new StringBuilder(value.Length);
        foreach (var c in value)
        {
            if (char.IsAsciiDigit(c) || (c == '+' && digits.Length == 0))
            {
                digits.Append(c);
            }
            else if (c is not (' ' or '-' or '(' or ')' or '.' or '/' or '\u00a0'))
            {
                return value;
            }
        }
        return digits.Length > 3 ? digits.ToString() : value;
    }
}
