namespace Wellmet.Commerce.Mappings;

/// <summary>What kind of value a field takes.</summary>
public enum MappedType
{
    Text,

    /// <summary>Several that a path finds are added up.</summary>
    Number,

    /// <summary>Likewise; as a decimal number, or in minor units.</summary>
    Money,
    Time,
    Truth,

    /// <summary>A JSON object, whose members become properties.</summary>
    Object,
}

/// <summary>Something that a rule of a kind can say.</summary>
/// <param name="OfLine">It is read from each line.</param>
public sealed record MappingField(string Name, MappedType Type, bool Required = false, bool OfLine = false);

/// <summary>How values may be written, by the type of field; the first is meant where none is named.</summary>
public static class MappingFormats
{
    public const string Point = "point", Comma = "comma", Minor = "minor", Iso = "iso", Unix = "unix", UnixMilliseconds = "unix_ms", DayFirst = "day_first", MonthFirst = "month_first";

    public static IReadOnlyList<string> Of(MappedType type) => type switch
    {
        MappedType.Number => [Point, Comma],
        MappedType.Money => [Point, Comma, Minor],
        MappedType.Time => [Iso, Unix, UnixMilliseconds, DayFirst, MonthFirst],
        _ => [],
    };
}

/// <summary>The fields of each kind of rule.</summary>
public static class MappingFields
{
    /// <summary>Before the name of a property of an event: such fields are named freely.</summary>
    public const string Property = "property.";

    private static readonly MappingField[] Person =
    [
        new("customer_id", MappedType.Text), new("email", MappedType.Text), new("phone", MappedType.Text), new("name", MappedType.Text),
        new("first_name", MappedType.Text), new("last_name", MappedType.Text), new("country", MappedType.Text), new("language", MappedType.Text),
    ];

    private static readonly MappingField[] Items = [new("line_sku", MappedType.Text, true, true), new("line_quantity", MappedType.Number, false, true)];

    private static readonly MappingField[] Order =
    [
        new("number", MappedType.Text, true), new("order_id", MappedType.Text), new("placed_at", MappedType.Time), new("changed_at", MappedType.Time),
        new("currency", MappedType.Text), new("goods", MappedType.Money), new("discount", MappedType.Money), new("shipping", MappedType.Money),
        new("cancelled_at", MappedType.Time), new("cancelled", MappedType.Truth), .. Person,
        Items[0], new("line_name", MappedType.Text, false, true), Items[1], new("line_price", MappedType.Money, false, true), new("line_total", MappedType.Money, false, true),
    ];

    private static readonly MappingField[] Refund =
    [
        new("refund_id", MappedType.Text, true), new("order_id", MappedType.Text, true), new("at", MappedType.Time),
        new("amount", MappedType.Money, true), new("currency", MappedType.Text), .. Items,
    ];

    private static readonly MappingField[] Parcel =
    [
        new("parcel_id", MappedType.Text, true), new("order_id", MappedType.Text, true), new("sent_at", MappedType.Time), new("changed_at", MappedType.Time),
        new("carrier", MappedType.Text), new("tracking", MappedType.Text), new("delivered_at", MappedType.Time), new("called_back", MappedType.Truth), .. Items,
    ];

    private static readonly MappingField[] Customer =
    [
        .. Person, new("changed_at", MappedType.Time), new("accepts_marketing", MappedType.Truth), new("consent", MappedType.Truth),
        new("consent_at", MappedType.Time), new("consent_wording", MappedType.Text), new("consent_evidence", MappedType.Text),
        new("consent_ip", MappedType.Text),
    ];

    private static readonly MappingField[] Product =
    [
        new("sku", MappedType.Text, true), new("product_id", MappedType.Text), new("name", MappedType.Text), new("brand", MappedType.Text),
        new("category", MappedType.Text), new("price", MappedType.Money), new("currency", MappedType.Text), new("stock", MappedType.Number), new("active", MappedType.Truth),
        new("image_url", MappedType.Text), new("page_url", MappedType.Text), new("changed_at", MappedType.Time),
    ];

    private static readonly MappingField[] Event =
    [
        new("event", MappedType.Text, true), new("message_id", MappedType.Text), new("at", MappedType.Time), new("customer_id", MappedType.Text),
        new("email", MappedType.Text), new("phone", MappedType.Text), new("anonymous_id", MappedType.Text), new("properties", MappedType.Object),
    ];

    public static IReadOnlyList<MappingField> Of(MappingKind kind) => kind switch
    {
        MappingKind.Order => Order,
        MappingKind.Refund => Refund,
        MappingKind.Parcel => Parcel,
        MappingKind.Customer => Customer,
        MappingKind.Product => Product,
        _ => Event,
    };

    /// <summary>Null for a name that the kind does not have.</summary>
    public static MappingField? Find(MappingKind kind, string name) => kind == MappingKind.Event && name.StartsWith(Property, StringComparison.Ordinal) && name.Length > Property.Length
        ? new MappingField(name, MappedType.Text) : Of(kind).FirstOrDefault(f => f.Name == name);
}
