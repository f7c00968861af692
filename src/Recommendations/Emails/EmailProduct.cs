using System.Globalization;
using System.Text;

namespace Wellmet.Recommendations.Emails;

/// <summary>A product as an e-mail shows it.</summary>
/// <param name="Price">As people of the e-mail's language write it; null where none is known.</param>
/// <param name="Page">Null where its address is not known.</param>
/// <param name="Picture">Null where there is none.</param>
public sealed record EmailProduct(string Name, string? Price, string Reason, string? Page, string? Picture)
{
    /// <summary>Products one below the other as plain text; lines end as mail wants it (RFC 5322).</summary>
    public static string TextOf(IEnumerable<EmailProduct> products)
    {
        var text = new StringBuilder();
        foreach (var product in products)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Line(product.Name)}{(product.Price is null ? "" : " · " + product.Price)}\r\n{Line(product.Reason)}\r\n");
            if (product.Page is { } page)
            {
                text.Append(page).Append("\r\n");
            }
            text.Append("\r\n");
        }
        return text.ToString();
    }

    /// <summary>A name must neither make lines of its own nor turn the direction of what follows.</summary>
    private static string Line(string text) => string.Join(' ', string.Concat(text.Select(c => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? ' ' : c)).Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
