using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Storefronts;

/// <summary>A shop window of the organisation: a brand with a currency, a language and a time zone of its own.</summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Locale">BCP 47, e.g. <c>en-GB</c>.</param>
/// <param name="TimeZone">IANA name; times of files and days of reports are meant in it.</param>
/// <param name="Demo">It is the demo shop.</param>
public sealed record Storefront(Guid StorefrontId, string Name, string? Domain, string Currency, string Locale, string TimeZone, bool Demo = false)
{
    internal const string Columns = "storefront_id, name, domain, currency, locale, time_zone, demo";

    internal static Storefront Of(Row r) => new(r.Guid(0), r.Text(1), r.TextOrNull(2), r.Text(3), r.Text(4), r.Text(5), r.Bool(6));
}
