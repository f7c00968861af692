using System.Text.Json;
using System.Text.Json.Serialization;

namespace Wellmet.Commerce.Contract;

/// <summary>A product of an order; charges and adjustments are not among them.</summary>
/// <param name="AmountMinor">Quantity × unit price, in minor units of the order's currency.</param>
[JsonConverter(typeof(OrderedProductJson))]
public sealed record OrderedProduct(Guid ProductId, long Quantity, long AmountMinor);

/// <summary>Writes a product as <c>["id",quantity,amount]</c>: orders fill most of the log, and property names would be half of them.</summary>
public sealed class OrderedProductJson : JsonConverter<OrderedProduct>
{
    public override OrderedProduct Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        reader.Read();
        var id = reader.GetGuid();
        reader.Read();
        var quantity = reader.GetInt64();
        reader.Read();
        var amount = reader.GetInt64();
        reader.Read();
        return new OrderedProduct(id, quantity, amount);
    }

    public override void Write(Utf8JsonWriter writer, OrderedProduct value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteStringValue(value.ProductId);
        writer.WriteNumberValue(value.Quantity);
        writer.WriteNumberValue(value.AmountMinor);
        writer.WriteEndArray();
    }
}
