using Wellmet.Platform.Ui;
using Wellmet.Platform.Ui.Parts;

namespace Wellmet.Commerce.Connectors;

/// <summary>States and reasons of deliveries in words.</summary>
internal static class ConnectionWords
{
    /// <summary>Names of programs are not translated.</summary>
    public static string NameOf(ShopSystem system) => system switch { ShopSystem.Shopify => "Shopify", ShopSystem.WooCommerce => "WooCommerce", _ => "Webhook" };

    public static string Of(Words words, DeliveryState state) => state switch
    {
        DeliveryState.Waiting => words["Waiting"],
        DeliveryState.Held => words["Waits for its order"],
        DeliveryState.Done => words["Taken"],
        DeliveryState.Ignored => words["Nothing to do"],
        _ => words["Failed"],
    };

    public static string? Of(Words words, DeliveryItem delivery) => delivery.Reason is "mapping_missing" or null || delivery.Detail is null ? Of(words, delivery.Reason) : $"{Of(words, delivery.Reason)} {delivery.Detail}";

    public static string Held(Words words, string? reason) => reason == "mapping_missing" ? words["Waits for a mapping"] : words["Waits for its order"];

    public static string? Of(Words words, string? reason) => reason switch
    {
        null => null,
        "mapping_missing" => words["Nobody has said yet what it means."],
        "mapping_none" => words["No rule of the mapping applies."],
        "field_missing" => words["Nothing was found for a field that is needed."],
        "field_too_long" => words["A text is too long."],
        "field_not_a_text" => words["An object or a list stands where a text should."],
        "field_not_a_number" => words["A number cannot be read."],
        "field_not_a_time" => words["A time cannot be read."],
        "field_not_truth" => words["Something is neither true nor false."],
        "field_not_an_object" => words["Something is not an object."],
        "currency_unknown" => words["The currency is not a code of three letters"],
        "person_missing" => words["Nobody is named by whom it could be kept."],
        "topic_unknown" => words["This topic is not worked on."],
        "test_order" => words["A test order of the shop."],
        "order_not_placed" => words["Not an order yet: it was not placed."],
        "older" => words["Something newer was told before."],
        "product_of_variants" => words["A product of variants: each variant comes by itself."],
        "order_unknown" => words["The shop has not told this order yet."],
        "order_gone" => words["The order is not in the books any more."],
        "nobody_known" => words["Nobody is known by this number or address."],
        "payload_invalid" => words["The content is not one JSON object."],
        "payload_incomplete" => words["The content lacks something that nobody can guess, such as a number or a time."],
        "payload_large" => words["The content has too many lines."],
        "content_gone" => words["The content of this delivery is not kept any more."],
        "price_currency" => words["The price is in another currency than that in which the product was sold."],
        "not_now" => words["It could not be written. It is tried again later."],
        "connection_removed" => words["The connection was removed."],
        _ => reason,
    };

    public static Kind KindOf(DeliveryState state) => state switch
    {
        DeliveryState.Done => Kind.Good,
        DeliveryState.Held => Kind.Attention,
        DeliveryState.Failed => Kind.Bad,
        _ => Kind.Info,
    };

    public static string Of(Words words, ShopRequestKind kind) => kind switch
    {
        ShopRequestKind.Data => words["A customer asks what is kept of them"],
        ShopRequestKind.EraseCustomer => words["A customer asks to be forgotten"],
        _ => words["The shop has left, and asks to forget its customers"],
    };
}
