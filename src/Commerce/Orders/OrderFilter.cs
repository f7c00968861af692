using Microsoft.AspNetCore.Mvc;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Orders;

/// <summary>What the address of a list of orders or cancellations asks for.</summary>
/// <param name="Q">A number.</param>
/// <param name="Kind"><c>adjustment</c>, or null for sales.</param>
/// <param name="Buyers"><c>known</c>, <c>anonymous</c>, or null for all.</param>
public sealed record OrderFilter(
    [FromQuery] string? Q, [FromQuery] string? State, [FromQuery] string? Country, [FromQuery] string? From, [FromQuery] string? To, [FromQuery] string? Kind,
    [FromQuery] string? Buyers, [FromQuery] string? Product, [FromQuery] string? Storefront, [FromQuery] string? Currency, [FromQuery] string? After, [FromQuery] string? Before)
{
    public bool IsEmpty => string.IsNullOrEmpty(Q + State + Country + From + To + Kind + Buyers + Product + Storefront + Currency);

    /// <summary>A file holds the whole list, whichever page it is asked from.</summary>
    internal OrderFilter FromTheBeginning => this with { After = null, Before = null };

    internal ListOrders.Request Orders(int limit, string? after) => new(
        Sales(limit, after), EnumText.TryRead<OrderState>(State, out var state) ? state : null, Kind == "adjustment", IdOf(Product));

    /// <param name="after">Null for the page that the address asks for.</param>
    internal SalesQuery Sales(int limit, string? after) => new(Q, Country, Day(From), Day(To))
    {
        Anonymous = Buyers switch { "known" => false, "anonymous" => true, _ => null },
        Storefront = IdOf(Storefront), Currency = Currency, After = after ?? After, Before = after is null ? Before : null, Limit = limit,
    };

    private static Guid? IdOf(string? text) => Guid.TryParse(text, out var id) ? id : null;

    /// <summary>An emptied field of a form is an empty text.</summary>
    private static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out var day) && day.Year is >= 1900 and < 2200 ? day : null;
}
