using System.Text.Json;
using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Contract;

namespace Wellmet.Segments.Histories;

/// <summary>What an event of the log says that segments can ask about. Only what stands there in clear: nothing is opened.</summary>
internal static class FactsOf
{
    /// <summary>Most properties of a fact; what an event says beyond is left out.</summary>
    private const int MostProperties = 20;

    /// <summary>Properties whose texts name things of the shop: they get numbers. What a visitor may have typed does not.</summary>
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "product", "product_id", "sku", "item_id", "name", "item_name", "category", "item_category", "brand", "item_brand", "variant", "item_variant", "currency", "coupon", "coupon_id", "list", "list_id", "list_name",
        "item_list_id", "item_list_name", "path", "country", "locale", "reason", "payment_method", "shipping_method", "type", "size", "color", "storefront", FactKinds.Value,
    };

    private static readonly HashSet<string> LeftOut = new(StringComparer.Ordinal) { "url", "image_url", "images", "referrer", "title", "query" };

    public static readonly IReadOnlyList<Type> Events =
    [
        typeof(CustomerAppeared), typeof(TraitsTold), typeof(ShopTraitsTold), typeof(EventCollected), typeof(ShopEventCollected), typeof(OrderPlaced), typeof(OrderExtended), typeof(OrderCancelled), typeof(ItemsReturned), typeof(ShipmentSent), typeof(ShipmentDelivered),
        typeof(ConsentRecorded),
    ];

    /// <summary>Whether the texts of a property get numbers.</summary>
    public static bool IsName(string property) => Names.Contains(property);

    /// <param name="knownAt">When it is heard of.</param>
    public static IEnumerable<Fact> Of(Delivery delivery, DateTimeOffset knownAt)
    {
        var happened = delivery.Event;
        Fact Make(string kind, List<FactProperty> properties) => new(kind, Fact.Milliseconds(happened.OccurredAt), Fact.Milliseconds(knownAt), delivery.Seq, delivery.ImportId, properties);
        switch (happened)
        {
            case CustomerAppeared e:
                yield return Make(FactKinds.Appeared, [P("anonymous", e.Anonymous)]);
                foreach (var (name, value) in e.Traits ?? NoTraits)
                {
                    yield return Make(FactKinds.Trait + name, TraitOf(value, 1));
                }
                break;
            case TraitsTold e:
                foreach (var (name, value) in e.Traits)
                {
                    yield return name == "anonymous" ? Make(FactKinds.Appeared, [P("anonymous", value == "true")]) : Make(FactKinds.Trait + name, TraitOf(value, e.Weight));
                }
                break;
            case ShopTraitsTold e:
                foreach (var trait in e.Traits)
                {
                    yield return Make(FactKinds.Trait + trait.Name, [.. ValueOf(trait), P(FactKinds.Weight, trait.Weight)]);
                }
                break;
            case EventCollected e:
                yield return Make(KindOf(e), PropertiesOf(e.Source.Properties.Root, e.Kind is CollectedKind.Page or CollectedKind.Screen or CollectedKind.Group ? e.Name : null));
                break;
            case ShopEventCollected e:
                yield return Make(e.Name, PropertiesOf(e.Source.Properties.Root, null));
                break;
            case OrderPlaced e:
                yield return Make(FactKinds.OrderPlaced,
                    [P("total", Major(e.RevenueMinor, e.Currency)), P("net", Major(e.RevenueMinor, e.Currency)), P("items", e.Items), P("currency", e.Currency), P("storefront", e.StorefrontId), .. Optional("country", e.Country)]);
                foreach (var product in e.Products)
                {
                    yield return Make(FactKinds.ProductOrdered, ProductOf(product, e.Currency));
                }
                break;
            case OrderExtended e:
                yield return Make(FactKinds.OrderExtended, [P("total", Major(e.RevenueMinor, e.Currency)), P("net", Major(e.RevenueMinor, e.Currency)), P("items", e.Items), P("currency", e.Currency), P("storefront", e.StorefrontId)]);
                foreach (var product in e.Products)
                {
                    yield return Make(FactKinds.ProductOrdered, ProductOf(product, e.Currency));
                }
                break;
            case OrderCancelled e:
                yield return Make(FactKinds.OrderCancelled, [P("amount", Major(e.AmountMinor, e.Currency)), P("net", -Major(e.AmountMinor, e.Currency)), P("items", e.Items), P("currency", e.Currency)]);
                break;
            case ItemsReturned e:
                yield return Make(FactKinds.ItemsReturned, [P("refund", Major(e.RefundMinor, e.Currency)), P("net", -Major(e.RefundMinor, e.Currency)), P("currency", e.Currency), P("reason", e.Reason)]);
                break;
            case ShipmentSent:
                yield return Make(FactKinds.ParcelSent, []);
                break;
            case ShipmentDelivered e:
                yield return Make(FactKinds.ParcelDelivered, [P("late_days", e.LateDays)]);
                break;
            case ConsentRecorded { Decision: not ConsentDecision.Asked } e:
                yield return Make(ConsentTrait(e), [P(FactKinds.Value, EnumText.Of(e.Decision)), P(FactKinds.Weight, 1)]);
                break;
        }
    }

    private static readonly Dictionary<string, string?> NoTraits = [];

    private static List<FactProperty> TraitOf(string? value, int weight) => value is null ? [P(FactKinds.Weight, weight)] : [P(FactKinds.Value, value), P(FactKinds.Weight, weight)];

    private static IEnumerable<FactProperty> ValueOf(ToldTrait trait) => trait.Value is not { } value ? [] : value.ValueKind switch
    {
        JsonValueKind.Number => [P(FactKinds.Value, value.GetDecimal())],
        JsonValueKind.True or JsonValueKind.False => [P(FactKinds.Value, value.GetBoolean())],
        _ => [P(FactKinds.Value, value.GetString() ?? "")],
    };

    /// <summary>The kind of the facts that say what somebody decided, e.g. <c>trait:consent_marketing_email</c>.</summary>
    private static string ConsentTrait(ConsentRecorded e) => $"{FactKinds.Trait}consent_{EnumText.Of(e.Purpose)}_{EnumText.Of(e.Channel)}";

    private static string KindOf(EventCollected e) => e.Kind switch
    {
        CollectedKind.Page => FactKinds.PageViewed,
        CollectedKind.Screen => FactKinds.ScreenViewed,
        CollectedKind.Group => FactKinds.GroupJoined,
        _ => e.Name.Length <= FactValue.LongestText ? e.Name : e.Name[..FactValue.LongestText],
    };

    private static List<FactProperty> ProductOf(OrderedProduct product, string currency) =>
        [P("product", product.ProductId), P("quantity", product.Quantity), P("amount", Major(product.AmountMinor, currency)), P("currency", currency)];

    /// <summary>Texts, numbers and truth values; not what is within.</summary>
    private static List<FactProperty> PropertiesOf(JsonElement properties, string? name)
    {
        var kept = new List<FactProperty>();
        if (!string.IsNullOrEmpty(name))
        {
            kept.Add(P("name", name));
        }
        foreach (var property in properties.EnumerateObject())
        {
            if (kept.Count == MostProperties)
            {
                break;
            }
            if (property.Name.Length > 60 || LeftOut.Contains(property.Name) || (name is not null && property.Name == "name"))
            {
                continue;
            }
            switch (property.Value.ValueKind)
            {
                case JsonValueKind.String when property.Value.GetString() is { Length: > 0 } text:
                    kept.Add(P(property.Name, text));
                    break;
                case JsonValueKind.Number when property.Value.TryGetDecimal(out var number) && PackedProperties.Fits(number):
                    kept.Add(P(property.Name, number));
                    break;
                case JsonValueKind.True or JsonValueKind.False:
                    kept.Add(P(property.Name, property.Value.GetBoolean()));
                    break;
            }
        }
        return kept;
    }

    private static IEnumerable<FactProperty> Optional(string name, string? text) => string.IsNullOrEmpty(text) ? [] : [P(name, text)];

    private static FactProperty P(string name, string text) => new(name, FactValue.Of(text));
    private static FactProperty P(string name, Guid id) => new(name, FactValue.Of(id.ToString()));
    private static FactProperty P(string name, decimal number) => new(name, FactValue.Of(number));
    private static FactProperty P(string name, bool truth) => new(name, FactValue.Of(truth));

    private static decimal Major(long minor, string currency) => Math.Clamp(new Platform.Money(minor, currency).Amount, -999_999_999, 999_999_999);
}
