using System.Text;
using System.Text.Json;
using Wellmet.Commerce.Contract;
using Wellmet.Platform.Storage;

namespace Wellmet.Insights.Sales;

/// <summary>What was bought in a sale, in one column: <c>[["product id", quantity, amount], …]</c>, each product once.</summary>
internal static class PackedProducts
{
    public static Json Pack(IEnumerable<OrderedProduct> products)
    {
        var packed = new StringBuilder("[");
        foreach (var product in products.GroupBy(p => p.ProductId))
        {
            packed.Append(packed.Length == 1 ? "" : ",")
                .Append($"[\"{product.Key}\",{product.Sum(p => p.Quantity)},{product.Sum(p => p.AmountMinor)}]");
        }
        return new Json(packed.Append(']').ToString());
    }

    public static IReadOnlyList<OrderedProduct> Unpack(string packed)
    {
        using var document = JsonDocument.Parse(packed);
        return [.. document.RootElement.EnumerateArray().Select(p => new OrderedProduct(p[0].GetGuid(), p[1].GetInt64(), p[2].GetInt64()))];
    }
}
