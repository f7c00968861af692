using Wellmet.Commerce.Connectors;
using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Ui;

namespace Wellmet.Commerce.Mappings;

/// <summary>Kinds, fields and formats of mappings in words.</summary>
internal static class MappingWords
{
    /// <summary>Names of those who made versions, by how the audit log names them; who has none is left out.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> MakersAsync(StaffDirectory staff, IEnumerable<string> by) =>
        (await staff.NamesAsync([.. by.Distinct().Select(b => Guid.TryParse(b, out var id) ? id : Guid.Empty)], default)).Where(n => n.Value is not null).ToDictionary(n => n.Key.ToString(), n => n.Value!);

    public static string Of(Words words, MappingKind kind) => kind switch
    {
        MappingKind.Order => words["Order"],
        MappingKind.Refund => words["Refund"],
        MappingKind.Parcel => words["Parcel"],
        MappingKind.Customer => words["Customer"],
        MappingKind.Product => words["Product"],
        _ => words["Event"],
    };

    /// <summary>Properties of events are called what the shop calls them.</summary>
    public static string Of(Words words, string field) => field switch
    {
        "number" => words["Order number"],
        "order_id" => words["Order ID of the shop"],
        "placed_at" => words["Ordered at"],
        "changed_at" => words["Changed at"],
        "currency" => words["Currency"],
        "goods" => words["Amount of the products"],
        "discount" => words["Discount"],
        "shipping" => words["Shipping and fees"],
        "cancelled_at" => words["Cancelled at"],
        "cancelled" => words["Is cancelled"],
        "refund_id" => words["Refund ID"],
        "at" => words["Time"],
        "amount" => words["Amount"],
        "parcel_id" => words["Parcel ID"],
        "sent_at" => words["Sent at"],
        "carrier" => words["Carrier"],
        "tracking" => words["Tracking number"],
        "delivered_at" => words["Delivered at"],
        "called_back" => words["Was called back"],
        "sku" or "line_sku" => words["Product code"],
        "line_name" => words["Product name"],
        "line_quantity" => words["Quantity"],
        "line_price" => words["Unit price"],
        "line_total" => words["Amount of the line"],
        "product_id" => words["Product ID of the shop"],
        "brand" => words["Brand"],
        "category" => words["Category"],
        "price" => words["Price"],
        "stock" => words["Stock"],
        "active" => words["Is sold"],
        "image_url" => words["Address of the picture"],
        "page_url" => words["Address of the page"],
        _ => OfPerson(words, field),
    };

    private static string OfPerson(Words words, string field) => field switch
    {
        "customer_id" => words["Customer ID"],
        "email" => words["E-mail"],
        "phone" => words["Phone"],
        "name" => words["Name"],
        "first_name" => words["First name"],
        "last_name" => words["Last name"],
        "country" => words["Country"],
        "language" => words["Language"],
        "accepts_marketing" => words["Wants advertising"],
        "consent" => words["Consent to e-mail given"],
        "consent_at" => words["Consent given at"],
        "consent_wording" => words["Words of the consent"],
        "consent_evidence" => words["Where the evidence lies"],
        "consent_ip" => words["IP address of the consent"],
        "event" => words["Name of the event"],
        "message_id" => words["ID of the message"],
        "anonymous_id" => words["ID of the visitor"],
        "properties" => words["All properties of an object"],
        "when" => words["Only if"],
        "each" => words["For each"],
        "lines" => words["Its lines"],
        "delivery_id" => words["ID of the message"],
        _ => field.StartsWith(MappingFields.Property, StringComparison.Ordinal) ? field[MappingFields.Property.Length..] : field,
    };

    public static string OfFormat(Words words, string format) => format switch
    {
        MappingFormats.Point => "1234.56",
        MappingFormats.Comma => "1.234,56",
        MappingFormats.Minor => words["in minor units (123456)"],
        MappingFormats.Iso => words["ISO 8601, or Unix time"],
        MappingFormats.Unix => words["Unix seconds"],
        MappingFormats.UnixMilliseconds => words["Unix milliseconds"],
        MappingFormats.DayFirst => words["day first (31/12/2026)"],
        MappingFormats.MonthFirst => words["month first (12/31/2026)"],
        _ => format,
    };

    public static string Of(Words words, HookProof proof) => proof switch
    {
        HookProof.Hmac => words["Signature of the body (HMAC-SHA256)"],
        HookProof.StandardWebhooks => "Standard Webhooks",
        HookProof.Token => words["The secret itself in a header"],
        _ => words["The secret as a password (basic authentication)"],
    };
}
