using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Wellmet.Platform.Storage;

/// <summary>Where a page of a list ended: the value it is sorted by, and the id that breaks ties.</summary>
public sealed record Cursor(string Text, Guid Id)
{
    private const int IdLength = 32, Longest = 4000;

    /// <exception cref="ProblemException"><c>cursor_unknown</c>: the text is no number.</exception>
    public long Number => long.TryParse(Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw Unknown();

    /// <summary>The number as a time, in microseconds as <see cref="Clock"/> writes it.</summary>
    /// <exception cref="ProblemException"><c>cursor_unknown</c>: there is no such time.</exception>
    public DateTimeOffset Time => Number >= Clock.ToMicroseconds(DateTimeOffset.MinValue) && Number <= Clock.ToMicroseconds(DateTimeOffset.MaxValue) ? Clock.FromMicroseconds(Number) : throw Unknown();

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

    private static ProblemException Unknown() => new("cursor_unknown", "This place in the list does not exist. Start again from the first page.");
}
