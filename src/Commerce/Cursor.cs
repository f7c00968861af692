using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Wellmet.Platform;

namespace Wellmet.Commerce;

/// <summary>Where a page of a list ended: the value it is sorted by, and the id that breaks ties.</summary>
internal sealed record Cursor(string Text, Guid Id)
{
    private const int IdLength = 32, Longest = 4000;

    public long Number => long.TryParse(Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw Unknown();

    /// <exception cref="ProblemException"><c>cursor_unknown</c>.</exception>
    public static Cursor? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }
        try
        {
            var plain = text.Length <= Longest ? Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(text)) : "";
            return plain.Length >= IdLength && Guid.TryParseExact(plain[..IdLength], "N", out var id) ? new Cursor(plain[IdLength..], id) : throw Unknown();
        }
        catch (FormatException)
        {
            throw Unknown();
        }
    }

    public override string ToString() => WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(Id.ToString("N") + Text));

    private static ProblemException Unknown() => new("cursor_unknown", "This page of the list is not known. Begin at the first page.");
}
