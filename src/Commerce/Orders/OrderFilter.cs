using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Orders;

/// <summary>What the address of the list asks for.</summary>
/// <param name="Q">An order number.</param>
/// <param name="Kind"><c>adjustment</c>, or null for sales.</param>
public sealed record OrderFilter(string? Q, string? State, string? Country, string? From, string? To, string? Kind, string? After,
    string? Buyers = null, string? Product = null, string? Storefront = null)
{
    public bool IsEmpty => string.IsNullOrEmpty(Q + State + Country + From + To + Kind + Buyers + Product + Storefront);

    internal ListOrders.Request Request(int limit) => new(
        Q, EnumText.TryRead<OrderState>(State, out var state) ? state : null, Country, Day(From), Day(To), Kind == "adjustment", After, limit)
    {
        Anonymous = Buyers switch { "known" => false, "anonymous" => true, _ => null },
        Product = Guid.TryParse(Product, out var product) ? product : null,
        Storefront = Guid.TryParse(Storefront, out var storefront) ? storefront : null,
    };

    /// <summary>An emptied field of a form is an empty text.</summary>
    private static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out var day) && day.Year is >= 1900 and < 2200 ? day : null;
}
