using Wellmet.Commerce.Contract;
using Wellmet.Platform;

namespace Wellmet.Recommendations.Emails;

/// <summary>Where the products of an e-mail lead.</summary>
public sealed record EmailLinks
{
    public const int LongestTemplate = 500;

    /// <summary>In a template, in place of the product's code.</summary>
    public const string Code = "{sku}";

    private readonly string? template;
    private readonly IReadOnlyList<KeyValuePair<string, string>> marks;

    /// <param name="template">Address of a product's page with <see cref="Code"/> in it, for products of which the catalogue knows none; null for no link then.</param>
    /// <param name="marks">Parameters that each link gets, by which the shop knows the campaign again: <c>utm_campaign</c>.</param>
    /// <exception cref="ProblemException"><c>link_malformed</c>.</exception>
    public EmailLinks(string? template, IReadOnlyList<KeyValuePair<string, string>> marks)
    {
        if (template is not null && (template.Length > LongestTemplate || !template.Contains(Code, StringComparison.Ordinal) || WebAddress(template.Replace(Code, "x", StringComparison.Ordinal)) is null))
        {
            throw new ProblemException("link_malformed", "The address of a product begins with https:// or http:// and holds {0} in place of its code.", 400, Code);
        }
        (this.template, this.marks) = (template, marks);
    }

    /// <summary>The product's page and its picture; null for what is not known.</summary>
    /// <param name="known">What the catalogue knows of them; null for nothing.</param>
    internal (string? Page, string? Picture) Of(ProductLabel product, ProductLinks? known = null)
    {
        var page = WebAddress(known?.PageUrl) ?? WebAddress(template?.Replace(Code, Uri.EscapeDataString(product.Sku), StringComparison.Ordinal));
        return (page is null ? null : Marked(page), WebAddress(known?.ImageUrl)?.AbsoluteUri);
    }

    private string Marked(Uri page)
    {
        var query = marks.Select(m => $"{Uri.EscapeDataString(m.Key)}={Uri.EscapeDataString(m.Value)}");
        return new UriBuilder(page) { Query = string.Join('&', new[] { page.Query.TrimStart('?') }.Where(q => q.Length > 0).Concat(query)) }.Uri.AbsoluteUri;
    }

    /// <summary>Null for what a mail program must not follow: another scheme, somebody's name and password, half an address.</summary>
    private static Uri? WebAddress(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp) && uri.UserInfo.Length == 0 ? uri : null;
}
