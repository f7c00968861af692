using System.Collections.Frozen;

namespace Wellmet.Commerce.Imports;

/// <summary>Stock codes that stand for money (postage, discounts, fees, vouchers) and not for a product.</summary>
public static class StockCodes
{
    private const string VoucherPrefix = "gift_";

    private static readonly FrozenSet<string> Charges = new[]
    {
        "POST", "DOT", "C2", "C3", "M", "D", "S", "B", "BANK CHARGES", "AMAZONFEE", "CRUK", "PADS", "ADJUST", "ADJUST2", "SHIPPING", "POSTAGE", "DELIVERY", "DISCOUNT", "FEE", "TAX",
        "GIFT WRAP", "GIFTWRAP", "TIP", "运费", "折扣",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool IsCharge(string code) => Charges.Contains(code) || code.StartsWith(VoucherPrefix, StringComparison.OrdinalIgnoreCase);
}
