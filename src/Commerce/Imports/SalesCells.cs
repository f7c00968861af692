using Wellmet.Commerce.Orders;
using Wellmet.Customers.Contract;
using Wellmet.Platform;

namespace Wellmet.Commerce.Imports;

/// <summary>What a line comes to.</summary>
/// <param name="Price">As the file says it.</param>
/// <param name="UnitPrice">In 1/10000.</param>
/// <param name="Minor">Quantity × price, rounded to minor units.</param>
internal readonly record struct LineAmounts(long Quantity, decimal Price, long UnitPrice, long Minor);

/// <summary>Reading of cells that all sales layouts share.</summary>
internal static class SalesCells
{
    /// <summary>Null where the line was rejected.</summary>
    public static LineAmounts? Amounts(ImportLine line, string quantityCell, string priceCell, string currency, SalesFile file)
    {
        if (file.Number(quantityCell) is not { } quantity)
        {
            return Rejected("quantity_not_a_number", quantityCell);
        }
        if (quantity != decimal.Truncate(quantity))
        {
            return Rejected("quantity_not_whole", quantityCell);
        }
        if (file.Number(priceCell) is not { } price)
        {
            return Rejected("price_not_a_number", priceCell);
        }
        if (Math.Abs(quantity) > int.MaxValue || LineAmount.Price(price) is not { } unitPrice
            || LineAmount.Minor((long)quantity, price, Money.Decimals(currency)) is not { } minor)
        {
            return Rejected("amount_too_large", $"{quantityCell} × {priceCell}");
        }
        if (unitPrice != price * LineAmount.PriceScale)
        {
            file.Note(line.Number, RemarkKind.Repaired, "price_rounded", priceCell);
        }
        return new LineAmounts((long)quantity, price, unitPrice, minor);

        LineAmounts? Rejected(string reason, string detail)
        {
            file.Reject(line.Number, reason, detail);
            return null;
        }
    }

    /// <summary>At most so many characters; a pair of surrogates is not cut apart.</summary>
    public static string Cut(string text, int longest) =>
        text.Length <= longest ? text : text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)];
}
